"""What is awarded, and what may be."""

from django.db.models import Exists, OuterRef, QuerySet, Sum

from interlock.web.delivery.models import Award, Delivery, Lot
from interlock.web.institutions.models import Institution


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


def suppliers(award: Award) -> list[Institution]:
    """To whom it was awarded, the lead first."""
    found = award.suppliers.select_related("institution")
    return [one.institution for one in found]
