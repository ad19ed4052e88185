"""What may be done with a process, and when; an answer is a reason, or None when it may."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from i18nfield.strings import LazyI18nString

from interlock.methods.counting.names import SUPPORTED, VOTE_TYPES, why_not_supported
from interlock.web.budgets.models import Area, Phase, Pot, Process, Rulebook
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.look.amounts import money
from interlock.web.people.models import Person

RULES = {
    "equalshares/add1": gettext_lazy("Equal shares, raised until the money is used"),
    "equalshares": gettext_lazy("Equal shares, without raising"),
    "greedy": gettext_lazy("Greedy: most votes first, skipping what does not fit"),
    "greedy-no-skip": gettext_lazy(
        "Greedy: most votes first, ending at the first that does not fit"
    ),
    "greedy/per-cost": gettext_lazy("Greedy: most votes for the money first"),
    "phragmen": gettext_lazy("Phragmén: money flows to all voters until supporters can pay"),
}
assert set(RULES) == set(SUPPORTED)
# Rules that are not offered, and that imported votes were often counted by.
IMPORTED_RULES = {
    "greedy-threshold": gettext_lazy("Greedy: most votes first, of projects with enough of them"),
    "equalshares/add1-comparison": gettext_lazy(
        "Equal shares, raised; greedy where more voters prefer its outcome"
    ),
}
# What those that count votes are called where ballots give points.
POINTS_RULES = {
    "greedy": gettext_lazy("Greedy: most points first, skipping what does not fit"),
    "greedy-no-skip": gettext_lazy(
        "Greedy: most points first, ending at the first that does not fit"
    ),
    "greedy/per-cost": gettext_lazy("Greedy: most points for the money first"),
    "greedy-threshold": gettext_lazy("Greedy: most points first, of projects with enough of them"),
}
# Types of ballots that give a project more than one vote or none.
BY_POINTS = frozenset(VOTE_TYPES) - {"approval", "choose-1"}


def rule_in_words(name: str, ballot: str = "approval") -> str | Promise:
    """What a rule is called here; one that an import brought may only have its name."""
    words = RULES | IMPORTED_RULES | (POINTS_RULES if ballot in BY_POINTS else {})
    return words.get(name, name)


def rules_for(ballot: str, own: str) -> list[str]:
    """The names of rules that can count ballots of this type, the vote's `own` always among them."""
    offered = [name for name in RULES if why_not_supported(name, ballot) is None]
    return offered if own in offered else [own, *offered]


# With fewer ballots than this a published ballot could be guessed to be somebody's.
FEWEST_PUBLISHED_BALLOTS = 30
# With fewer than this nothing can be told at all: the funded projects would be somebody's ballot. The sum
# of what so few people did, worked or own is as good as each one's, too.
FEWEST_TOLD = 3
# And with fewer voters than this even their number stays untold.
SMALLEST_TURNOUT_TOLD = 10

# So many questions may wait for the worker at once; each takes it a fraction of a second.
MOST_WAITING = 40

Choices = Mapping[str, Sequence[str]]  # the projects chosen, by area


def why_not_organise(process: Process, person: Person | AnonymousUser) -> str | Promise | None:
    return why_not_look_after(process.institution, person)


def why_not_change(process: Process) -> str | Promise | None:
    if process.phase is not Phase.DRAFT:
        return gettext_lazy(
            "The rulebook was frozen when voting opened, so nothing in it can change any more."
        )
    return None


def why_not_publish(process: Process, ballots: int) -> str | Promise | None:
    if process.phase is Phase.PUBLISHED:
        return gettext_lazy("This result is published already.")
    if process.phase is not Phase.COUNTED:
        return gettext_lazy("Only a finished count can be published.")
    return why_not_tell(process, ballots)


def why_not_tell(process: Process, ballots: int) -> str | Promise | None:
    """Why nobody learns the result of a count, not even who organises it."""
    if 0 < ballots < FEWEST_TOLD and not process.imported_from:
        return gettext_lazy(
            "Fewer than three people voted. Whatever was published would show what they chose, so "
            "the vote has to be held again."
        )
    return None


@dataclass(frozen=True)
class BallotArea:
    """What the frozen rulebook says of one area's ballot; `places` is the order of its projects."""

    ref: str
    name: LazyI18nString
    budget: int
    max_choices: int
    places: Mapping[str, int]


@lru_cache(maxsize=32)
def ballot_areas(rulebook_sha256: str) -> Sequence[BallotArea]:
    """The areas of a rulebook, read once: its hash says that it is still the same."""
    bodies = Rulebook.objects.filter(sha256=rulebook_sha256).values_list("body", flat=True)
    return [
        BallotArea(
            ref=area["ref"],
            name=LazyI18nString(area["name"]),
            budget=area["budget"],
            max_choices=area["max_choices"],
            places={one["ref"]: place for place, one in enumerate(area["projects"])},
        )
        for area in bodies[0]["areas"]
    ]


def choices_among(rulebook: Rulebook, ticked: Collection[str]) -> Choices:
    """What was ticked, by area, in the order of the rulebook; what it does not know is left out."""
    chosen = {
        area.ref: sorted((ref for ref in ticked if ref in area.places), key=area.places.__getitem__)
        for area in ballot_areas(rulebook.sha256)
    }
    return {ref: refs for ref, refs in chosen.items() if refs}


def why_not_ballot(rulebook: Rulebook, choices: Choices) -> str | None:
    """Whether these choices make a ballot: known projects, not too many in any area, not none.

    The frozen rulebook decides, not the tables it was made from.
    """
    areas = {area.ref: area for area in ballot_areas(rulebook.sha256)}
    for ref, refs in choices.items():
        area = areas.get(ref)
        if area is None or not area.places.keys() >= set(refs):
            return _("A project on this ballot is not part of this vote. Open the ballot again.")
        if len(refs) > area.max_choices:
            return _(
                "You ticked %(chosen)s projects in %(area)s; at most %(most)s can be on a ballot. "
                "Untick some."
            ) % {
                "chosen": len(refs),
                "area": area.name,
                "most": area.max_choices,
            }
    if not any(choices.values()):
        return _("Nothing is ticked yet. Tick at least one project.")
    return None


def are_ballots_public(process: Process, ballots: Collection[int]) -> bool:
    """Whether ballots, vote numbers and reasons may be told, given the ballots of each area.

    One bundle holds all areas, so one area with few ballots keeps all of them back.
    """
    fewest = min((number for number in ballots if number), default=0)
    return bool(process.imported_from) or fewest >= FEWEST_PUBLISHED_BALLOTS


@dataclass(frozen=True)
class Requirement:
    """One line of the readiness list. An advice does not keep the vote from opening."""

    done: bool
    title: str
    text: str
    url: str
    advice: bool = False


def readiness(process: Process, at: datetime) -> list[Requirement]:
    """What is missing before voting can open, in sentences, the missing first."""
    pots = list(process.pots.all())
    areas = list(process.areas.prefetch_related("projects", "allocations"))
    lines = [
        _deadline(process, at),
        _money(process, pots, areas),
        *(_area(process, area) for area in areas),
        _roll(process),
        _languages(process, areas),
    ]
    return sorted(lines, key=lambda line: (line.done, line.advice))


def is_ready(lines: Sequence[Requirement]) -> bool:
    return all(line.done or line.advice for line in lines)


def _deadline(process: Process, at: datetime) -> Requirement:
    url = reverse("budgets:edit", args=[process.slug])
    if process.closes_at is None:
        return Requirement(
            False, _("Voting has no end yet."), _("Say when it closes, day and hour."), url
        )
    if process.closes_at <= at:
        return Requirement(
            False, _("The end of voting has passed."), _("Choose a later day and hour."), url
        )
    return Requirement(
        True, _("Voting has an end."), _("It closes by itself at the announced time."), url
    )


def _money(process: Process, pots: Sequence[Pot], areas: Sequence[Area]) -> Requirement:
    left = sum(pot.unallocated for pot in pots)
    if not pots:
        return Requirement(
            False,
            _("There is no money yet."),
            _("Add the pot that residents decide on, and where it comes from."),
            reverse("budgets:new_pot", args=[process.slug]),
        )
    if not areas:
        return Requirement(
            False,
            _("There is no area yet."),
            _("An area is a part of the vote with its own money. One, city-wide, is enough."),
            reverse("budgets:new_area", args=[process.slug]),
        )
    if left:
        return Requirement(
            False,
            _("%(left)s is in no area yet.") % {"left": money(left, process.currency)},
            _("Give all of it to areas, so that every part of the pot can be decided."),
            reverse("budgets:edit_area", args=[process.slug, areas[0].ref]),
        )
    return Requirement(
        True,
        _("The pot adds up."),
        _("%(total)s, all of it in areas.")
        % {"total": money(sum(pot.amount for pot in pots), process.currency)},
        reverse("budgets:organise", args=[process.slug]) + "#money",
    )


def _area(process: Process, area: Area) -> Requirement:
    projects = list(area.projects.all())
    dear = [project for project in projects if project.cost > area.budget]
    new = reverse("budgets:new_project", args=[process.slug])
    if not projects:
        return Requirement(
            False,
            _("%(area)s has no project yet.") % {"area": area.name},
            _("Add what residents can choose there, each with its cost."),
            new,
        )
    if not area.budget:
        return Requirement(
            False,
            _("%(area)s has no money yet.") % {"area": area.name},
            _("Give it a part of the pot."),
            reverse("budgets:edit_area", args=[process.slug, area.ref]),
        )
    if dear:
        return Requirement(
            False,
            _("%(project)s costs more than %(area)s has.")
            % {"project": dear[0].title, "area": area.name},
            _("It could never be funded. Lower its cost, or take it off the ballot."),
            reverse("budgets:edit_project", args=[process.slug, dear[0].ref]),
        )
    return Requirement(
        True,
        ngettext(
            "%(area)s has %(count)s project, with its cost.",
            "%(area)s has %(count)s projects, each with its cost.",
            len(projects),
        )
        % {"area": area.name, "count": len(projects)},
        _("A voter may tick %(most)s of them.") % {"most": min(area.max_choices, len(projects))},
        new,
    )


def _roll(process: Process) -> Requirement:
    url = reverse("budgets:codes", args=[process.slug])
    entries = process.box.roll.count()
    if not entries:
        return Requirement(
            False,
            _("The voter roll is empty."),
            _("Make a voting code for each resident who may vote."),
            url,
        )
    return Requirement(
        True,
        ngettext(
            "The voter roll holds %(count)s code.", "The voter roll holds %(count)s codes.", entries
        )
        % {"count": entries},
        _("Each can be used by one voter."),
        url,
    )


def _languages(process: Process, areas: Sequence[Area]) -> Requirement:
    texts = [process.title, *(p.title for area in areas for p in area.projects.all())]
    missing = sum(1 for text in texts if not _in_spanish(text))
    url = reverse("budgets:organise", args=[process.slug]) + "#projects"
    if missing:
        return Requirement(
            False,
            ngettext(
                "%(count)s title has no Spanish yet.",
                "%(count)s titles have no Spanish yet.",
                missing,
            )
            % {"count": missing},
            _("Residents who read Spanish would see it in English. You can open all the same."),
            url,
            advice=True,
        )
    return Requirement(
        True, _("Titles are in both languages."), _("English and Spanish."), url, advice=True
    )


def _in_spanish(text: object) -> bool:
    data = getattr(text, "data", None)
    return isinstance(data, dict) and bool(data.get("es"))
