"""Questions about studies and those who answer them."""

from functools import lru_cache

from django.db.models import QuerySet

from interlock.methods.questionnaires import Form, read
from interlock.web.surveys.codes import hash_of
from interlock.web.surveys.models import Coupon, FormVersion, OpenLink, Respondent, Study

FORMS = 32  # questionnaires kept as they were read: it takes a fiftieth of a second each time


def form_of(version: FormVersion) -> Form:
    """The questions of a version, ready to be asked."""
    return _form(version.content_hash, tuple(sorted(version.document.items())))


@lru_cache(FORMS)
def _form(_content_hash: str, sheets: tuple[tuple[str, str], ...]) -> Form:
    return read({f"{name}.csv": text.encode() for name, text in sheets}).must()


def current_version(study: Study) -> FormVersion | None:
    """The questions that are asked now: the latest that were published."""
    return study.versions.filter(published_at__isnull=False).order_by("-number").first()


def open_studies() -> QuerySet[Study]:
    """Those that can be answered, the oldest first."""
    found = Study.objects.filter(opened_at__isnull=False, closed_at=None)
    return found.select_related("institution").order_by("opened_at", "pk")


def at_the_doors() -> Study | None:
    """The study that the two public pages lead to: the one that has been open longest."""
    return open_studies().filter(doors=True).first()


def respondent_of(code: str) -> Respondent | None:
    """Whose code this is, with all that is needed to go on."""
    found = Respondent.objects.select_related("study__institution", "version", "consent", "answer")
    return found.filter(code_hash=hash_of(code, "respondent")).first()


def coupon_of(code: str) -> Coupon | None:
    found = Coupon.objects.select_related("study__institution", "parent", "seed")
    return found.filter(code_hash=hash_of(code, "coupon")).first()


def link_of(code: str) -> OpenLink | None:
    found = OpenLink.objects.select_related("study__institution")
    return found.filter(code_hash=hash_of(code, "link")).first()
