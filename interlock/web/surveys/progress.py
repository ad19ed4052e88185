"""How a survey fares, for whoever runs it: numbers of all, and never what one person did.

What happened today is told tomorrow, so that nobody who hands out a card sees it being used. Who was
given which card is the owner's to know, and whether it was used is not shown of any one card.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from interlock.methods.referral.reasons import LEAST_RESPONDENTS, limits_missed, sentence
from interlock.methods.referral.suppression import published
from interlock.web.look import amounts
from interlock.web.surveys.models import (
    CameBy,
    Coupon,
    CouponState,
    FormVersion,
    Respondent,
    Role,
    Study,
)
from interlock.web.surveys.queries import form_of
from interlock.web.surveys.rules import FARTHEST_WEST, about

#: Coupons that expire so soon are told of.
SOON = timedelta(days=7)
#: So many seeds are worth planning: most never grow (`reference`: chains without money).
SEEDS_PLANNED = 20
FINISHED = Q(finished_on__isnull=False, withdrawn_on=None)
#: Who is counted by wave, as the columns of a table.
ROLES = (Role.COOP, Role.PB, Role.BOTH)


@dataclass(frozen=True)
class Day:
    """One day: who began and who submitted the core, on it and up to it."""

    day: date
    started: int
    finished: int
    started_so_far: int
    finished_so_far: int


@dataclass(frozen=True)
class Wave:
    """One wave of the chains: answers by role, and in all; None is withheld."""

    number: int
    roles: tuple[int | None, ...]
    answers: int | None


@dataclass(frozen=True)
class Help:
    """Something that would help now, and where it is done: the name of an address, or none."""

    text: str
    view: str = ""
    deed: str = ""


@dataclass(frozen=True)
class Progress:
    """How a survey fared until yesterday."""

    started: int
    finished: int
    completed: int
    in_chains: int
    by_links: int
    withdrawn: int
    seeds: int
    seeds_used: int
    handed_on: int
    handed_used: int
    unused: int
    expiring: int
    links: int
    trees: int
    dead: int
    waves: Sequence[Wave]
    days: Sequence[Day]
    missing: Sequence[str]
    still: int
    helps: Sequence[Help]

    @property
    def most(self) -> int:
        """The height of the chart."""
        return max((one.started_so_far for one in self.days), default=0)

    @property
    def lines(self) -> Mapping[str, str]:
        """Two lines of a chart whose sides are 100: who began, and who submitted the core."""
        if not self.most:
            return {}
        last = max(len(self.days) - 1, 1)
        return {
            name: " ".join(
                f"{100 * at / last:.2f},{100 - 100 * getattr(one, f'{name}_so_far') / self.most:.2f}"
                for at, one in enumerate(self.days)
            )
            for name in ("started", "finished")
        }


def progress_of(study: Study, version: FormVersion | None, at: datetime) -> Progress:
    """How it fares, in four queries, whatever the number of answers."""
    today = at.date()
    told = study.respondents.filter(started_on__lt=today)
    done = FINISHED & Q(finished_on__lt=today)
    trees = list(
        told.values("tree").annotate(
            started=Count("pk"),
            finished=Count("pk", filter=done),
            completed=Count("pk", filter=done & Q(completed_on__isnull=False)),
            withdrawn=Count("pk", filter=Q(withdrawn_on__isnull=False)),
            seeds=Count("pk", filter=Q(wave=0)),
            depth=Max("wave", filter=done),
        )
    )
    chains = [one for one in trees if one["tree"] is not None]
    coupons = list(_coupons(study, today, (at - FARTHEST_WEST).date()))
    handed = [one for one in coupons if one["parent__tree"] is not None]
    seeds = [one for one in coupons if one["parent__tree"] is None]
    alive = {one["parent__tree"] for one in handed if one["unused"]}
    in_chains = sum(one["finished"] for one in chains)
    largest = max((one["finished"] for one in chains), default=0)
    depth = max((one["depth"] or 0 for one in chains), default=0)
    reasons = limits_missed(respondents=in_chains, largest_tree=largest, waves=depth)
    totals = {name: sum(one[name] for one in trees) for name in ("started", "finished")}
    seeds_used = sum(one["seeds"] for one in chains)
    grown = [one for one in chains if one["finished"]]
    made = Progress(
        **totals,
        completed=sum(one["completed"] for one in trees),
        in_chains=in_chains,
        by_links=totals["finished"] - in_chains,
        withdrawn=sum(one["withdrawn"] for one in trees),
        seeds=sum(one["issued"] for one in seeds),
        seeds_used=seeds_used,
        handed_on=sum(one["issued"] for one in handed),
        handed_used=sum(one["started"] for one in chains) - seeds_used,
        unused=sum(one["unused"] for one in coupons),
        expiring=sum(one["expiring"] for one in coupons),
        links=study.open_links.filter(issued_on__lt=today).count(),
        trees=len(grown),
        dead=sum(one["tree"] not in alive for one in grown),
        waves=_waves(told.filter(done)),
        days=_days(study, told, today),
        missing=[sentence(one, number=amounts.number, gettext=_) for one in reasons],
        still=max(LEAST_RESPONDENTS - in_chains, 0),
        helps=(),
    )
    helps = list(_helps(study, made, version)) if study.is_open else []
    return Progress(**{**made.__dict__, "helps": helps})


def _coupons(study: Study, today: date, last: date) -> "Sequence[dict[str, int]]":
    """Coupons by the tree of whoever hands them on, as they were yesterday; those of seeds have none."""
    unused = Q(expires_on__gte=last) & (
        Q(state=CouponState.UNUSED) | Q(state=CouponState.USED, respondent__started_on__gte=today)
    )
    known = Q(parent=None) | Q(issued_on__lt=today)
    found = Coupon.objects.filter(known, study=study).values("parent__tree")
    return found.annotate(  # type: ignore[return-value]
        issued=Count("pk"),
        unused=Count("pk", filter=unused),
        expiring=Count("pk", filter=unused & Q(expires_on__lt=today + SOON)),
    )


def _waves(finished: "object") -> list[Wave]:
    """Answers by wave and role; what few gave is withheld, and what would give it away."""
    found = (
        finished.filter(came_by=CameBy.COUPON, role__in=ROLES)  # type: ignore[attr-defined]
        .values_list("wave", "role")
        .annotate(number=Count("pk"))
        .order_by()
    )
    counts = {(wave, role): number for wave, role, number in found}
    if not counts:
        return []
    last = max(wave for wave, _role in counts)
    rows = [[counts.get((wave, role), 0) for role in ROLES] for wave in range(last + 1)]
    shown = published(rows)
    return [
        Wave(number, tuple(map(_told, shown.cells[number])), _told(shown.rows[number]))
        for number in range(last + 1)
    ]


def _told(count: int | None) -> int | None:
    """As results tell it: an exact number would say each day what those of yesterday are."""
    return None if count is None else about(count)


def _days(study: Study, told: "object", today: date) -> list[Day]:
    """Each day from the opening on, those on which nothing happened among them."""
    started: Counter[date] = Counter()
    finished: Counter[date] = Counter()
    rows = told.values_list("started_on", "finished_on").annotate(number=Count("pk")).order_by()  # type: ignore[attr-defined]
    for began, done, number in rows:
        started[began] += number
        if done and done < today:
            finished[done] += number
    if not started or study.opened_at is None:
        return []
    first = min(study.opened_at.date(), *started)
    end = min(today - timedelta(days=1), max(study.closes_on, *started, *finished))
    found, so_far = [], Counter[str]()
    for ahead in range((end - first).days + 1):
        day = first + timedelta(days=ahead)
        so_far["started"] += started[day]
        so_far["finished"] += finished[day]
        found.append(Day(day, started[day], finished[day], so_far["started"], so_far["finished"]))
    return found


def _helps(study: Study, made: Progress, version: FormVersion | None) -> "Sequence[Help]":
    """What would help an open survey now, the most useful first."""
    found = []
    if study.is_chain:
        if made.seeds < SEEDS_PLANNED:
            text = ngettext(
                "More seeds: %(number)s card is made, and %(planned)s to 30 are worth planning, for "
                "people who know many others and are unlike each other.",
                "More seeds: %(number)s cards are made, and %(planned)s to 30 are worth planning, "
                "for people who know many others and are unlike each other.",
                made.seeds,
            )
            if not made.seeds:
                text = _(
                    "The first cards: %(planned)s to 30 are worth planning, for people who know many "
                    "others and are unlike each other."
                )
            said = text % {"number": amounts.number(made.seeds), "planned": SEEDS_PLANNED}
            found.append(Help(said, "surveys:seeds", _("Make cards for seeds")))
        elif not made.started:
            found.append(
                Help(
                    _("Hand out the cards that you made: until yesterday nobody has used one."),
                    "surveys:leaflet",
                    _("Leaflet to hang up"),
                )
            )
        if made.expiring:
            found.append(
                Help(
                    ngettext(
                        "%(number)s coupon that was not used expires within a week. Remind the "
                        "people you gave cards to, all of them alike.",
                        "%(number)s coupons that were not used expire within a week. Remind the "
                        "people you gave cards to, all of them alike.",
                        made.expiring,
                    )
                    % {"number": amounts.number(made.expiring)}
                )
            )
        if made.dead:
            found.append(
                Help(
                    ngettext(
                        "%(number)s chain has come to its end: no coupon of it is left to be used. "
                        "Begin another where it was.",
                        "%(number)s chains have come to their ends: no coupon of theirs is left to "
                        "be used. Begin others where they were.",
                        made.dead,
                    )
                    % {"number": amounts.number(made.dead)},
                    "surveys:seeds",
                    _("Make cards for seeds"),
                )
            )
    asked = form_of(version).languages if version else ()
    missing = [code for code, _name in settings.LANGUAGES if code not in asked]
    if version and missing:
        names = ", ".join(get_language_info(code)["name_translated"] for code in missing)
        text = _("The questions are not there in %(languages)s. A translation reaches more people.")
        found.append(Help(text % {"languages": names}, "surveys:questions", _("Add a version")))
    if made.started and made.finished < made.started / 2:
        text = _(
            "More than half of those who began have not submitted the core yet. The preview shows "
            "how long it is."
        )
        found.append(Help(text, "surveys:questions", _("Look at the questions")))
    return found


@dataclass(frozen=True)
class Doubt:
    """A reason to look closer at some answers: how many, what it means, and what to do."""

    flag: str
    title: str
    meaning: str
    number: int


def doubts_of(study: Study, at: datetime) -> tuple[list[Doubt], int, int]:
    """The doubts at answers until yesterday, by kind; how many answers have any; chains full of them."""
    found: Counter[str] = Counter()
    trees: Counter[object] = Counter()
    rows = Respondent.objects.filter(FINISHED, study=study, finished_on__lt=at.date()).values_list(
        "flags", "tree"
    )
    doubtful, all_of = 0, Counter[object]()
    for flags, tree in rows:
        all_of[tree] += tree is not None
        if flags:
            doubtful += 1
            trees[tree] += tree is not None
            found.update(flags)
    full = sum(trees[tree] >= 5 and 2 * trees[tree] > all_of[tree] for tree in trees)
    told = {
        "fast": (
            _("Faster than one can read"),
            _(
                "The core was submitted sooner than the questions can be read. Some people are fast; "
                "many of them at once may be one person."
            ),
        ),
        "trap": (
            _("Filled in what nobody sees"),
            _(
                "A field that only programs see was filled in. Some password managers do so too; "
                "most often it was a program."
            ),
        ),
        "alike": (
            _("The same as another"),
            _(
                "Every answer is the same as somebody else’s. With few questions that happens; "
                "several in one chain may be one person."
            ),
        ),
    }
    doubts = [
        Doubt(flag, *told.get(flag, (flag, "")), number) for flag, number in found.most_common()
    ]
    return doubts, doubtful, full
