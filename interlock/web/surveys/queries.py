"""Questions about studies and those who answer them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max, Q, QuerySet

from interlock.methods.formats.register.cells import sameness
from interlock.methods.questionnaires import Form, read
from interlock.web.institutions.models import Institution
from interlock.web.record.wording import words
from interlock.web.surveys.codes import hash_of
from interlock.web.surveys.models import (
    Analysis,
    Answer,
    CameBy,
    Coupon,
    Estimate,
    FormVersion,
    OpenLink,
    Permission,
    Respondent,
    Role,
    Study,
)
from interlock.web.surveys.rules import why_not_answer

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


def not_closed() -> QuerySet[Study]:
    """Those that were opened and not closed, the oldest first."""
    found = Study.objects.filter(opened_at__isnull=False, closed_at=None)
    return found.select_related("institution").order_by("opened_at", "pk")


def open_studies(at: datetime) -> list[Study]:
    """Those of them that can be answered: where the last day has passed, nobody waits for the worker."""
    return [one for one in not_closed() if why_not_answer(one, at) is None]


def shown_studies() -> QuerySet[Study]:
    """Those that have a page of their own: open, or closed since."""
    return Study.objects.filter(opened_at__isnull=False).select_related("institution")


def with_results(studies: QuerySet[Study]) -> QuerySet[Study]:
    """The same with `results`, the number of the latest that are published, None without any."""
    published = Q(analyses__published_at__isnull=False)
    return studies.annotate(results=Max("analyses__number", filter=published))


def told_of() -> QuerySet[Study]:
    """Those that have published results, the latest first."""
    return shown_studies().filter(analyses__published_at__isnull=False).distinct()


def latest_told() -> Analysis | None:
    """The latest published results that tell of convergence, of whatever survey."""
    found = Analysis.objects.filter(
        published_at__isnull=False,
        study__opened_at__isnull=False,
        outcome__words__has_key="convergence",
    )
    return (
        found.select_related("study__institution")
        .defer("sizes")
        .order_by("-published_at", "-pk")
        .first()
    )


def at_the_doors(at: datetime) -> Study | None:
    """The study that the two public pages lead to: the one that has been open longest."""
    return next((one for one in open_studies(at) if one.doors), None)


def due_analyses() -> QuerySet[Analysis]:
    """Those that the worker has not worked out, the one that waited longest first."""
    return Analysis.objects.filter(done_at=None, failure="").order_by("requested_at", "pk")


def analyses_of(study: Study) -> QuerySet[Analysis]:
    """Those of a study and of the round before it, the latest first."""
    rounds = [one for one in (study.pk, study.follows_id) if one]
    found = Analysis.objects.filter(study__in=rounds).select_related("study__institution")
    return found.order_by("study", "-number")


def estimates_of(*analyses: Analysis | None) -> list[Estimate]:
    """What these analyses tell of each question."""
    found = Estimate.objects.filter(analysis__in=[one for one in analyses if one])
    return list(found.order_by("analysis", "position"))


def answered(study: Study, at: datetime) -> tuple[int, int]:
    """How many finished in the chains, and how many by open links, as of the end of yesterday."""
    told = study.respondents.filter(finished_on__lt=at.date(), withdrawn_on=None)
    chain = Count("pk", filter=Q(came_by=CameBy.COUPON))
    counted = told.exclude(role=Role.NEITHER).aggregate(chain=chain, all=Count("pk"))
    return counted["chain"], counted["all"] - counted["chain"]


def respondent_of(code: str) -> Respondent | None:
    """Whose code this is, with all that is needed to go on."""
    found = Respondent.objects.select_related("study__institution", "version", "consent", "answer")
    return found.filter(code_hash=hash_of(code, "respondent")).first()


def is_alike(answer: Answer) -> bool:
    """Whether somebody else of the same study submitted just the same answers."""
    others = Answer.objects.filter(respondent__study=answer.respondent.study_id)
    return others.filter(document=answer.document).exclude(pk=answer.pk).exists()


def coupon_of(code: str) -> Coupon | None:
    found = Coupon.objects.select_related("study__institution", "parent", "seed")
    return found.filter(code_hash=hash_of(code, "coupon")).first()


def link_of(code: str) -> OpenLink | None:
    found = OpenLink.objects.select_related("study__institution")
    return found.filter(code_hash=hash_of(code, "link")).first()


def coupons_of(handed: Iterable[str]) -> dict[str, Coupon]:
    """The coupons with these codes, by code."""
    by_hash = {hash_of(code, "coupon"): code for code in handed}
    found = Coupon.objects.filter(code_hash__in=by_hash)
    return {by_hash[str(one.code_hash)]: one for one in found}


def used_until(respondent: Respondent, at: datetime) -> int:
    """How many of somebody's coupons were used, as of the end of yesterday; never by whom."""
    return Respondent.objects.filter(coupon__parent=respondent, started_on__lt=at.date()).count()


def still_open(leaves: Mapping[str, str]) -> dict[str, str]:
    """Of the codes of somebody's leave, by purpose, those that were not used yet."""
    by_hash = {hash_of(code, purpose): purpose for purpose, code in leaves.items()}
    found = Permission.objects.filter(code_hash__in=by_hash).values_list("code_hash", flat=True)
    return {by_hash[one]: leaves[by_hash[one]] for one in found}


def study_of(leave: str, purpose: str) -> Study | None:
    """The study whose respondents may do this, if the code is somebody's leave that was not used."""
    return Study.objects.filter(permissions__code_hash=hash_of(leave, purpose)).first()


def called_exactly(name: str, place: str) -> list[Institution]:
    """Those of the register that somebody means by a name and a town; more than one is a doubt.

    A town that one of the two does not say rules nobody out, unless others say it.
    """
    wanted, town = sameness(name), sameness(place)
    found = [
        one
        for one in Institution.objects.filter(searched__contains=wanted).order_by("pk")
        if wanted in {sameness(known) for known in (*_names(one), *one.other_names)}
    ]
    there = [one for one in found if town and sameness(one.place) == town]
    return there or [one for one in found if not town or not one.place]


def _names(institution: Institution) -> Iterable[str]:
    said = words(institution.name)
    return said.values() if isinstance(said, dict) else [said]
