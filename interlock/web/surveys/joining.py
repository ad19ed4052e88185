"""What this room shows on other rooms' pages."""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution, Membership
from interlock.web.institutions.queries import Panel
from interlock.web.people.models import Person
from interlock.web.surveys.models import Study

#: So many surveys stand on an institution's page.
FEW = 5


def panel(institution: Institution, reader: Person | AnonymousUser) -> Panel | None:
    """Its surveys on its page; for whoever looks after it, how one begins."""
    if institution.left_at:
        return None
    found = list(institution.studies.all()[: FEW + 1])
    stewards = (
        isinstance(reader, Person)
        and Membership.objects.stewards().filter(institution=institution, person=reader).exists()
    )
    shown = found if stewards else [one for one in found if one.opened_at]
    if not shown and not stewards:
        return None
    context = {
        "institution": institution,
        "studies": shown[:FEW],
        "stewards": stewards,
        "more": stewards and len(found) > FEW,
    }
    return Panel("surveys/desk/panel.html", context)


def export(institution: Institution) -> Iterator[dict[str, object]]:
    """Its surveys with their texts and promises, for its own file; never an answer."""
    hidden = {"id", "institution"}
    fields = [one for one in Study._meta.concrete_fields if one.name not in hidden]
    for study in institution.studies.prefetch_related("versions", "consents", "retention"):
        yield {
            **{one.name: getattr(study, one.attname) for one in fields},
            "consents": [one.text for one in study.consents.all()],
            "versions": [
                {"number": one.number, "published_at": one.published_at, "sheets": one.document}
                for one in study.versions.all()
            ],
            "destroyed": [
                {"what": one.what, "on": one.done_on, "number": one.number}
                for one in study.retention.all()
            ],
        }


def bond(institution: Institution) -> str | None:
    """Why an institution cannot leave yet: people are answering it, on its word."""
    if institution.studies.filter(opened_at__isnull=False, closed_at=None).exists():
        return _("A survey of it is open. Close it first.")
    return None
