"""What a results page says: stored outcomes told in the reader's language, and drawn.

Everything that is withheld was withheld before it was stored; here nothing is, and nothing is worked
out but places on a drawing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from string import ascii_uppercase
from textwrap import wrap
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from interlock.methods.questionnaires import Form, Question
from interlock.methods.referral.reasons import Reason, sentence
from interlock.web.look.amounts import number
from interlock.web.surveys.four_words import FURTHER, SAID, WORDS, Word, concluded
from interlock.web.surveys.models import Analysis, Estimate, FormVersion
from interlock.web.surveys.queries import form_of

Outcome = Mapping[str, Any]

#: The groups that share nobody, as they are called.
GROUPS: Mapping[str, str | Promise] = {
    "coop": gettext_lazy("Only cooperators"),
    "pb": gettext_lazy("Only PBers"),
    "both": gettext_lazy("Both"),
}
REST, FEW = "*", "few-respondents"
# So many letters of an answer stand in a line of a drawing, on a phone too.
LINE, LINES = 42, 2
LINE_HEIGHT, STRIP_HEIGHT, GAP = 19, 19, 12


#: Why a measure is not told, beside the library's reasons.
OWN_REASONS: Mapping[str, str | Promise] = {
    "few-answered": gettext_lazy(
        "Fewer than %(least)s people answered what this takes, or one answer outweighs all others."
    ),
    "few-or-nearly-all": gettext_lazy(
        "Fewer than %(least)s people answered so, or all but so few did: that is not told."
    ),
    "few-questions": gettext_lazy(
        "Both fields answered fewer than %(least)s such questions: agreement on so few says little."
    ),
    "few-trees": gettext_lazy(
        "Those it would tell of go back to fewer than %(least)s seeds: how sure it is could not be told."
    ),
    "no-round-before": gettext_lazy(
        "This takes a round before this one, and this survey follows none. A next round is one that is "
        "launched as such."
    ),
    "before-is-open": gettext_lazy(
        "The round before is still open. Results that are worked out after its close can tell."
    ),
    "before-destroyed": gettext_lazy(
        "The answers of the round before were destroyed, as it was promised."
    ),
    "before-untold": gettext_lazy(
        "Of the round before nothing more is told than its results told when it had closed: they came too "
        "early, tell too little, or somebody took answers back since. Two tables of almost the same people "
        "would give away single answers."
    ),
    "other-questions": gettext_lazy(
        "The round before asked none of these questions in the same way."
    ),
    "few-before": gettext_lazy(
        "In the round before fewer than %(least)s people of a field answered these questions, or all but "
        "a few of them alike."
    ),
}


def told(reason: Outcome) -> str:
    """A reason that was stored, in a sentence."""
    if own := OWN_REASONS.get(reason["kind"]):
        return str(str(own) % reason["facts"])
    return sentence(Reason.from_json(reason), number=number, gettext=_)


def in_order(groups: Iterable[str]) -> list[str]:
    """Groups as they are told; PostgreSQL keeps the keys of what is stored in an order of its own."""
    return [one for one in GROUPS if one in groups]


def between(ends: Sequence[float]) -> tuple[str, str]:
    return number(ends[0]), number(ends[1])


@dataclass(frozen=True)
class Strip:
    """The share of one answer in one group, with the ends of its interval if it is an estimate."""

    group: str
    share: int
    ends: tuple[int, int] | None
    y: int = 0

    @property
    def low(self) -> int:
        return self.ends[0] if self.ends else self.share

    @property
    def high(self) -> int:
        return self.ends[1] if self.ends else self.share

    @property
    def is_far(self) -> bool:
        """Whether there is no room for a number to the right of it."""
        return self.high > 78


@dataclass(frozen=True)
class Line:
    """One answer: its words, and its strips by group; None is withheld."""

    name: str
    label: str
    words: tuple[tuple[int, str], ...]
    y: int
    strips: tuple[Strip | None, ...]
    before: Strip | None = None
    difference: tuple[int, tuple[int, int]] | None = None

    @property
    def drawn(self) -> list[Strip]:
        return [strip for strip in self.strips if strip]


@dataclass(frozen=True)
class Finding:
    """One question of the results."""

    name: str
    position: int
    asked: str
    hint: str
    outcome: Outcome
    groups: tuple[str, ...]
    lines: tuple[Line, ...]
    open_lines: tuple[Line, ...]
    leading: str
    contrast: str
    withheld: str
    has_before: bool

    @property
    def drawn(self) -> list[Line]:
        return [line for line in self.lines if line.drawn]

    @property
    def undrawn(self) -> list[str]:
        """The answers of which nothing is told."""
        return [line.label for line in self.lines if not line.drawn]

    @property
    def height(self) -> int:
        return sum(map(_height, self.drawn))

    @property
    def is_estimated(self) -> bool:
        return bool(self.outcome.get("estimated"))

    @property
    def refusals(self) -> list[str]:
        """Why nothing is estimated, but for there being too few: `least` says that."""
        return [told(one) for one in self._refusals if one["kind"] != FEW]

    @property
    def least(self) -> int | None:
        """From how many answers on something is estimated, if there are fewer."""
        return next((one["facts"]["least"] for one in self._refusals if one["kind"] == FEW), None)

    @property
    def _refusals(self) -> Sequence[Outcome]:
        found: Sequence[Outcome] = self.outcome.get("refusals", ())
        return found

    @property
    def doubts(self) -> list[str]:
        return [told(one) for one in self.outcome.get("doubts", ())]

    @property
    def means(self) -> list[tuple[str, str, str, str]]:
        """The means of a number: of whom, the value, the ends of its interval."""
        means = self.outcome.get("mean") or {}
        told = [("everyone", _("All")), *((one, str(GROUPS[one])) for one in in_order(means))]
        return [
            (of, number(means[name]["value"]), *between(means[name]["interval"]))
            for name, of in told
            if name in means
        ]

    @property
    def names(self) -> list[str]:
        """The headings of the groups."""
        return [_("All"), *(str(GROUPS[one]) for one in self.groups[1:])]


@dataclass(frozen=True)
class Section:
    """Questions that stand together, as the questionnaire groups them."""

    name: str
    title: str
    findings: tuple[Finding, ...]

    @property
    def told(self) -> list[Finding]:
        return [one for one in self.findings if not one.withheld]

    @property
    def silent(self) -> list[Finding]:
        return [one for one in self.findings if one.withheld]


@dataclass(frozen=True)
class Measured:
    """One measure of a word: what it says, where it lies on its scale, and by chance alone."""

    name: str
    said: str
    why: str
    value: str = ""
    ends: tuple[str, str] = ("", "")
    at: str = ""
    low: str = ""
    high: str = ""
    chance: tuple[str, str, str] | None = None
    chance_ends: tuple[str, str] = ("", "")
    verdict: str = ""
    concluded: str | Promise = ""
    before: str = ""
    ticks: tuple[tuple[str, str], ...] = ()
    answered: int | None = None


@dataclass(frozen=True)
class WordTold:
    name: str
    word: Word
    measures: tuple[Measured, ...]

    @property
    def foremost(self) -> list[Measured]:
        return [one for one in self.measures if one.name not in FURTHER]

    @property
    def further(self) -> list[Measured]:
        """What is folded away at first."""
        return [one for one in self.measures if one.name in FURTHER]


@dataclass(frozen=True)
class Curve:
    """Shares as answers came in, in hundredths of the drawing: `points` are the numbers themselves."""

    name: str
    group: str
    points: tuple[tuple[int, int], ...]
    most: int

    @property
    def places(self) -> list[tuple[str, str]]:
        """Each point from the left and from the top."""
        return [
            (f"{100 * answered / self.most:.2f}", f"{100 - share}")
            for answered, share in self.points
        ]

    @property
    def line(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.places)

    @property
    def end(self) -> tuple[str, str]:
        return self.places[-1]


@dataclass(frozen=True)
class Chart:
    """Curves that share a scale: from no answer to `most`, and from no one to all."""

    curves: tuple[Curve, ...]
    most: int
    group: str = ""

    @property
    def rows(self) -> list[tuple[int, list[int]]]:
        """The same as a table, if the curves have their points at the same places."""
        return [
            (answered, [curve.points[place][1] for curve in self.curves])
            for place, (answered, _share) in enumerate(self.curves[0].points)
        ]

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest share in which a curve ends."""
        ends = [curve.points[-1][1] for curve in self.curves]
        return min(ends), max(ends)


@dataclass(frozen=True)
class Results:
    """All that one analysis tells."""

    analysis: Analysis
    version: FormVersion
    estimates: Sequence[Estimate]
    before: Analysis | None = None
    before_estimates: Mapping[str, Outcome] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        return self.analysis.outcome or {}

    @cached_property
    def form(self) -> Form:
        return form_of(self.version)

    @cached_property
    def language(self) -> str:
        wanted = get_language() or ""
        return wanted if wanted in self.form.languages else self.form.default

    @cached_property
    def groups(self) -> list[tuple[str, str, int | None]]:
        sizes = self.outcome["groups"]
        return [(one, str(GROUPS[one]), sizes[one]) for one in in_order(sizes)]

    @cached_property
    def refusals(self) -> list[str]:
        return [told(one) for one in self.outcome.get("refusals", ())]

    @cached_property
    def notes(self) -> list[str]:
        return [told(one) for one in self.outcome.get("notes", ())]

    @cached_property
    def findings(self) -> list[Finding]:
        return [self._finding(one) for one in self.estimates if one.name in self.form.by_name]

    @cached_property
    def sections(self) -> list[Section]:
        """The questions by the groups of the questionnaire."""
        by_group = dict[str, list[Finding]]()
        for finding in self.findings:
            around = self.form.around(self.form.by_name[finding.name])
            by_group.setdefault(around[-1].name if around else "", []).append(finding)
        return [
            Section(name or "questions", self._title(name), tuple(found))
            for name, found in by_group.items()
        ]

    def _title(self, group: str) -> str:
        if not group:
            return _("The questions")
        found = self.form.groups_by_name[group]
        return self.form.said(found.label, self.language) or _("The questions")

    @cached_property
    def words(self) -> list[WordTold]:
        before = self.before.outcome if self.before and self.before.outcome else {}
        return words_told(self.outcome, before)

    @property
    def has_orders(self) -> bool:
        return any(told.name == "paradigm" for told in self.words)

    @cached_property
    def example(self) -> str:
        """A question to work out again: one that is a single column of the researchers' table."""
        return next(
            (
                one.name
                for one in self.estimates
                if one.outcome.get("estimated") and self.form.by_name[one.name].type == "select_one"
            ),
            "",
        )

    @cached_property
    def worth(self) -> int | None:
        """How many people drawn at random would say as much of the question in the middle."""
        sizes = [one.outcome["worth"] for one in self.estimates if one.outcome.get("worth")]
        return round(median(sizes)) if sizes else None

    @cached_property
    def waves(self) -> list[tuple[str, int]]:
        return [
            (_wave(one["first"], one["last"]), one["answered"])
            for one in self.outcome.get("waves", ())
        ]

    @cached_property
    def longest_wave(self) -> int:
        return max((answered for _name, answered in self.waves), default=1)

    @cached_property
    def passing(self) -> list[tuple[str, list[tuple[str, int | None]]]]:
        """Who passed the survey to whom: a row a group of recruiters."""
        table = self.outcome.get("recruitment")
        if not table:
            return []
        names = [str(GROUPS[one]) for one in table["levels"]]
        return [
            (name, list(zip(names, cells, strict=True)))
            for name, cells in zip(names, table["cells"], strict=True)
        ]

    @cached_property
    def settled(self) -> Chart | None:
        """How the shares of the groups settled."""
        told = self.outcome.get("settled")
        if not told:
            return None
        most = told["points"][-1]["answered"]
        return Chart(
            tuple(
                Curve(str(GROUPS[group]), group, _points(told["points"], place), most)
                for place, group in enumerate(told["groups"])
            ),
            most,
        )

    @cached_property
    def apart(self) -> Chart | None:
        """How one group fares in each of the largest chains, which have letters for names."""
        told = self.outcome.get("apart")
        if not told:
            return None
        most = max(points[-1]["answered"] for points in told["chains"])
        curves = tuple(
            Curve(letter, told["group"], _points(points, 0), most)
            for letter, points in zip(ascii_uppercase, told["chains"], strict=False)
        )
        return Chart(curves, most, str(GROUPS[told["group"]]))

    def label(self, question: Question, level: str, *, is_number: bool) -> str:
        """What an answer is called."""
        if level == REST:
            return _("All others")
        if is_number:
            return _band(level)
        for choice in self.form.choices(question):
            if choice.name == level:
                return self.form.said(choice.label, self.language) or level
        return level

    def _finding(self, estimate: Estimate) -> Finding:
        question, outcome = self.form.by_name[estimate.name], estimate.outcome
        groups = ("everyone", *in_order(outcome.get("groups", {})))
        before = self.before_estimates.get(estimate.name, {})
        same = before.get("levels") == outcome.get("levels") and "everyone" in before
        lines = tuple(self._lines(question, outcome, groups, before if same else None))
        apart = outcome.get("open") or {}
        return Finding(
            estimate.name,
            estimate.position,
            self.form.said(question.label, self.language),
            self.form.said(question.hint, self.language),
            outcome,
            groups,
            lines,
            tuple(self._lines(question, {**apart, "kind": outcome["kind"]}, ("everyone",), None)),
            _leading(outcome, lines),
            _contrasted(outcome, lines),
            _withheld(outcome, lines),
            same,
        )

    def _lines(
        self,
        question: Question,
        outcome: Outcome,
        groups: Sequence[str],
        before: Outcome | None,
    ) -> Iterator[Line]:
        if "everyone" not in outcome:
            return
        y = 0
        contrast = outcome.get("contrast") or {}
        for place, level in enumerate(outcome["levels"]):
            label = self.label(question, level, is_number=outcome["kind"] == "number")
            broken = _broken(label)
            words = tuple((y + LINE_HEIGHT * place + 14, one) for place, one in enumerate(broken))
            at = y + LINE_HEIGHT * len(words)
            strips = list[Strip | None]()
            for group in groups:
                of = outcome["everyone"] if group == "everyone" else outcome["groups"][group]
                strip = _strip(group, of, place, at)
                at += STRIP_HEIGHT if strip else 0
                strips.append(strip)
            line = Line(
                level,
                label,
                words,
                y,
                tuple(strips),
                _strip("before", before["everyone"], place, 0) if before else None,
                _difference(contrast, place),
            )
            yield line
            y += _height(line) if line.drawn else 0


def _points(points: Sequence[Outcome], place: int) -> tuple[tuple[int, int], ...]:
    return tuple((one["answered"], one["shares"][place]) for one in points)


def _strip(group: str, of: Outcome, place: int, y: int) -> Strip | None:
    share = of["shares"][place]
    ends = of.get("intervals")
    if share is None:
        return None
    return Strip(group, share, tuple(ends[place]) if ends else None, y)


def _difference(contrast: Outcome, place: int) -> tuple[int, tuple[int, int]] | None:
    if not contrast or contrast["differences"][place] is None:
        return None
    low, high = contrast["intervals"][place]
    return contrast["differences"][place], (low, high)


def _height(line: Line) -> int:
    return LINE_HEIGHT * len(line.words) + STRIP_HEIGHT * len(line.drawn) + GAP


def _broken(label: str) -> tuple[str, ...]:
    """A label in as many lines as there is room for."""
    lines = wrap(label, LINE) or [label]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1][: LINE - 1]}…"]
    return tuple(lines)


BANDS = (0, 1, 5, 10, 20, 50, 100)


def _band(first: str) -> str:
    """The name of a band of numbers, by the first of them."""
    place = BANDS.index(int(first))
    if not place:
        return _("None")
    if place == len(BANDS) - 1:
        return _("%(first)s or more") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": BANDS[place + 1] - 1}


def _wave(first: int, last: int) -> str:
    if first == last:
        return _("Wave %(number)s") % {"number": first} if first else _("Seeds")
    if not first:
        return _("Seeds to wave %(last)s") % {"last": last}
    return _("Waves %(first)s to %(last)s") % {"first": first, "last": last}


def _leading(outcome: Outcome, lines: Sequence[Line]) -> str:
    """What was answered most, in a sentence."""
    mean = (outcome.get("mean") or {}).get("everyone")
    if mean:
        low, high = between(mean["interval"])
        return _("%(value)s on average, %(low)s to %(high)s.") % {
            "value": number(mean["value"]), "low": low, "high": high,
        }  # fmt: skip
    first = max(
        (line for line in lines if line.strips[0] and line.name != REST),
        key=lambda line: line.strips[0].share if line.strips[0] else 0,
        default=None,
    )
    if first is None or first.strips[0] is None:
        return ""
    strip = first.strips[0]
    facts = {"answer": first.label, "share": strip.share, "low": strip.low, "high": strip.high}
    if strip.ends:
        return _("Most often “%(answer)s”: %(share)s%%, between %(low)s%% and %(high)s%%.") % facts
    return _("Of those who answered, most often “%(answer)s”: %(share)s%%.") % facts


def _contrasted(outcome: Outcome, lines: Sequence[Line]) -> str:
    """How cooperators and PBers differ, people who are both on both sides: never why."""
    contrast = outcome.get("contrast")
    if not contrast:
        return ""
    theta = contrast["theta"]
    if theta:
        low, high = theta["interval"]
        facts = {"value": theta["value"], "low": low, "high": high}
        if low > 50:
            said = _(
                "PBers tend to the higher answer: of 100 pairs of one of each field it is theirs in "
                "%(value)s, %(low)s to %(high)s. That says who answers so, not why."
            )
        elif high < 50:
            facts = {"value": 100 - theta["value"], "low": 100 - high, "high": 100 - low}
            said = _(
                "Cooperators tend to the higher answer: of 100 pairs of one of each field it is "
                "theirs in %(value)s, %(low)s to %(high)s. That says who answers so, not why."
            )
        else:
            said = _("Cooperators and PBers cannot be told apart by their answers here.")
        return said % facts
    found = [
        (line.difference, line)
        for line in lines
        if line.difference and not line.difference[1][0] <= 0 <= line.difference[1][1]
    ]
    if not found:
        return _("Cooperators and PBers cannot be told apart by their answers here.")
    (value, ends), line = max(found, key=lambda one: abs(one[0][0]))
    if value < 0:
        said = _(
            "PBers answer “%(answer)s” more often than cooperators, by %(value)s points, %(low)s to "
            "%(high)s. That says who answers so, not why."
        )
        return said % {"answer": line.label, "value": -value, "low": -ends[1], "high": -ends[0]}
    said = _(
        "Cooperators answer “%(answer)s” more often than PBers, by %(value)s points, %(low)s to "
        "%(high)s. That says who answers so, not why."
    )
    return said % {"answer": line.label, "value": value, "low": ends[0], "high": ends[1]}


def _withheld(outcome: Outcome, lines: Sequence[Line]) -> str:
    """Why nothing of a question is told."""
    if outcome["kind"] in ("text", "date"):
        return _("Researchers read what people wrote here. It is never published as it is.")
    if outcome.get("repeats"):
        return _(
            "Since this was told last, fewer than ten people more answered it. Two tables of almost "
            "the same people would give away single answers."
        )
    if outcome["answered"] is None:
        return _("Fewer than ten people answered this in the chains. Nothing is told of so few.")
    if not any(line.drawn for line in lines):
        return _("Too few people gave each of the answers. Nothing is told of so few.")
    return ""


def _named(measures: Sequence[Outcome], name: str) -> Outcome | None:
    return next((one for one in measures if one["name"] == name and one["value"] is not None), None)


#: Each unit's scale: the stored numbers at its two ends, by how much they are divided, its ticks.
SCALES: Mapping[str, tuple[int, int, int, tuple[int, ...]]] = {
    "percent": (0, 100, 1, (0, 25, 50, 75, 100)),
    "index": (-100, 100, 100, (-100, -50, 0, 50, 100)),
    "steps": (0, 50, 10, (0, 10, 20, 30, 40, 50)),
    "distance": (0, 200, 1000, (0, 50, 100, 150, 200)),
    "change": (-200, 200, 1000, (-200, -100, 0, 100, 200)),
    "ratio": (0, 60, 10, (0, 15, 30, 45, 60)),
}
#: Those without a natural end: a larger number has so many times as long an axis.
ENDLESS, TIMES = {"distance", "change", "ratio"}, (1, 2, 5, 10, 20, 50, 100)


def words_told(outcome: Outcome, before: Outcome) -> list[WordTold]:
    """The words of an analysis, with what the round before told."""
    words, earlier = outcome.get("words", {}), before.get("words", {})
    return [
        WordTold(
            name,
            word,
            tuple(
                _measured(one, words[name], _named(earlier.get(name, ()), one["name"]))
                for one in words[name]
            ),
        )
        for name, word in WORDS.items()
        if name in words
    ]


def _scale(one: Outcome) -> tuple[int, int, int, tuple[int, ...]]:
    """Where a measure is drawn. Most distances are small, and one that is not has a longer axis."""
    low, high, divisor, ticks = SCALES[one["unit"]]
    if one["unit"] in ENDLESS:
        most = max(map(abs, (one["value"], *one["interval"], *(one["chance"] or ()))))
        times = next((many for many in TIMES if most <= many * high), -(-most // high))
        low, high, ticks = times * low, times * high, tuple(times * tick for tick in ticks)
    return low, high, divisor, ticks


def _measured(one: Outcome, among: Sequence[Outcome], before: Outcome | None) -> Measured:
    said = str(SAID[one["name"]])
    if one["value"] is None:
        return Measured(one["name"], said % {"value": "…"}, _why(one["why"]))
    low, high, divisor, ticks = _scale(one)

    def at(value: float, *, width: float = 0) -> str:
        # A margin at both ends keeps what lies there on the drawing; a point in every language.
        place = 94 * (width or value - low) / (high - low) + (0 if width else 3)
        return f"{place:.2f}%"

    def worded(value: float) -> str:
        text = number(value / divisor).replace("-", "\N{MINUS SIGN}")
        return _("%(share)s%%") % {"share": text} if one["unit"] == "percent" else text

    ends = (worded(one["interval"][0]), worded(one["interval"][1]))
    chance = one.get("chance")
    return Measured(
        one["name"],
        _("%(said)s (%(low)s to %(high)s).")
        % {"said": said % {"value": worded(one["value"])}, "low": ends[0], "high": ends[1]},
        "",
        worded(one["value"]),
        ends,
        at(one["value"]),
        at(one["interval"][0]),
        at(one["interval"][1]),
        (at(chance[0]), at(chance[1]), at(0, width=chance[1] - chance[0])) if chance else None,
        (worded(chance[0]), worded(chance[1])) if chance else ("", ""),
        _verdict(one["value"], chance),
        concluded(one, among),
        _before(before, worded) if before else "",
        tuple((at(tick), worded(tick)) for tick in ticks),
        one["answered"],
    )


def _why(reason: Outcome) -> str:
    """Why a measure is not told; what would help is told once, where the whole survey is."""
    if reason["kind"] == FEW:
        said = _("Not told: about %(respondents)s answered this, and estimates begin at %(least)s.")
        return str(said % reason["facts"])
    return told(reason)


def _before(before: Outcome, worded: Any) -> str:
    low, high = before["interval"]
    return _("In the round before: %(value)s (%(low)s to %(high)s).") % {
        "value": worded(before["value"]), "low": worded(low), "high": worded(high),
    }  # fmt: skip


def _verdict(value: int, chance: Sequence[int] | None) -> str:
    if not chance:
        return ""
    if value > chance[1]:
        return _("Above chance")
    return _("Below chance") if value < chance[0] else _("Within chance")
