"""What is awarded, and what may be."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from interlock.web.delivery.models import Award, Delivery, Lot, Supplier
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


def standing(delivery: Delivery) -> QuerySet[Award]:
    """Awards that were not annulled."""
    return delivery.awards.filter(annulment=None)


def open_lots(delivery: Delivery) -> QuerySet[Lot]:
    """Lots of published calls that somebody may still get."""
    awarded = Award.objects.filter(annulment=None, offer__lot=OuterRef("pk"))
    return Lot.objects.filter(
        ~Exists(awarded),
        call__delivery=delivery,
        call__published_at__isnull=False,
        call__cancelled_at=None,
        no_award=None,
    )


def reserved(delivery: Delivery, but: Lot | None = None) -> int:
    """What open lots may cost yet, without this one: promised to bidders, so nobody else's."""
    lots = open_lots(delivery)
    if but:
        lots = lots.exclude(pk=but.pk)
    return lots.aggregate(sum=Sum("budget"))["sum"] or 0


def free(delivery: Delivery, but: Lot | None = None) -> int:
    """What is neither awarded, nor given back, nor reserved for an open lot."""
    return max(0, delivery.unawarded - reserved(delivery, but))


def sides(delivery: Delivery, person: Person | AnonymousUser) -> list[Institution]:
    """For whom a person may tell this story: the responsible body first, then who delivers."""
    if not isinstance(person, Person):
        return []
    own = Q(pk=delivery.responsible_id, pk__in=person.memberships.stewards().values("institution"))
    spoken = person.memberships.speakers().values("institution")
    parts = Supplier.objects.filter(award__delivery=delivery, award__annulment=None)
    theirs = Q(pk__in=spoken) & Q(pk__in=parts.values("institution"))
    found = Institution.objects.filter(own | theirs)
    return sorted(found, key=lambda one: (one.pk != delivery.responsible_id, one.pk))


def suppliers(award: Award) -> list[Institution]:
    """To whom it was awarded, the lead first."""
    found = award.suppliers.select_related("institution")
    return [one.institution for one in found]
