"""Everything that can be asked of a table of areas, each answer beside what it could have found.

Right tests, tests that one would try first and that are wrong, and checks; a test without an answer
says why, and the rest goes on. Which of them decide is told by `deciding`, what follows by `verdict`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from interlock.methods.observatory.reasons import Reason, reason, short, taken
from interlock.methods.observatory.verdict import Judged, Kind, Measure, finding, verdict
from interlock.methods.places.colocation.by_people import RESAMPLES, Chance, redraw
from interlock.methods.places.colocation.maps import Neighbours, moran
from interlock.methods.places.colocation.naive import (
    fisher,
    free_permutation,
    propensity_redraw,
    stratified_permutation,
)
from interlock.methods.places.colocation.power import (
    Power,
    least_detectable,
    least_rate_ratio,
    odds_power,
    rate_power,
    redraw_power,
)
from interlock.methods.places.colocation.ratios import (
    Compared,
    exact_ratio,
    odds_ratio,
    rate_ratio,
)
from interlock.methods.places.colocation.reasons import ColocationError, refused
from interlock.methods.places.colocation.regression import Ratio
from interlock.methods.places.colocation.sensitivity import (
    Controlled,
    EValue,
    LeftOut,
    beside_control,
    evalue,
    leave_one_out,
)
from interlock.methods.places.colocation.table import Areas

Standing = Literal["right", "naive", "doubtful", "check"]
PowerTest = Literal["rates", "redraw", "odds"]

# Fewer regions with anything counted, and errors by region are not to be trusted.
MANY_REGIONS = 20
# Leaving out one at a time asks as many models.
MOST_LEFT_OUT = 250
# A model's errors are told to be too short where Pearson's χ² by its freedom is beyond this.
MOST_PEARSON = 1.5
# Of more than this share of areas an odds ratio is no rate ratio (VanderWeele, Ding 2017).
COMMON = 0.15
POWER_AT = (2.0, 3.0, 5.0)
# An interval as wide as this is of areas that columns separate together, if none does alone.
_ENDLESS = 1e9
# Of a ratio's reach to one side: z(0.95) + z(0.8) by z(0.975). One as far from 1 is found, one-sided at
# 5 %, with a power of 0.8.
_LEAST_OF_REACH = (1.644853626951473 + 0.841621233572914) / 1.959963984540054


@dataclass(frozen=True)
class Answer:
    """One test: what it found, or `reason` why it was not asked.

    A test has a `ratio` (a model) or a `chance` (a resampling). `likelihood` is the same ratio by its
    profile likelihood. `why` says why a naive test is wrong, or what another one takes chance to be.
    `least` is the least ratio that it would have found with a power of 0.8: exact or simulated, or
    else by its own error, that of Wald's interval.
    """

    test: str
    standing: Standing
    measure: Measure | Literal[""] = ""
    ratio: Ratio | None = None
    likelihood: Ratio | None = None
    chance: Chance | None = None
    evalue: EValue | None = None
    why: Reason | None = None
    notes: tuple[Reason, ...] = ()
    reason: Reason | None = None
    least: float | None = None


@dataclass(frozen=True)
class Found:
    """What the lists could have found by one test: its power at some ratios, and the least ratio."""

    test: PowerTest
    powers: tuple[Power, ...] = ()
    least: float | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Sure:
    """The deciding ratio without each marked area: by code, and why there is none."""

    left_out: LeftOut | None = None
    reason: Reason | None = None


@dataclass(frozen=True, eq=False)
class Observed:
    """All answers on a table of areas, what they could have found, and the finding.

    `is_yes_no` says that the list tells only whether there is any. `deciding` are the two tests that
    decide; `sure` is the first of them without each marked area.
    """

    areas: Areas
    is_yes_no: bool
    answers: tuple[Answer, ...]
    deciding: tuple[str, str]
    found: tuple[Found, ...]
    sure: Sure
    control: Controlled | None
    judged: Judged
    resamples: int
    simulations: int
    seed: int

    @property
    def verdict(self) -> Kind:
        return verdict(self.judged)

    @property
    def finding(self) -> Reason:
        return finding(self.judged)

    def answer(self, test: str) -> Answer:
        return next(one for one in self.answers if one.test == test)


def observed(
    areas: Areas,
    *,
    is_yes_no: bool | None = None,
    control: NDArray[Any] | None = None,
    around: Neighbours | None = None,
    strata: int | Sequence[int] = 20,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> Observed:
    """Ask a table of areas everything, and judge.

    `is_yes_no` says that the list tells only whether there is any; unless given, that is so where no
    area counts more than one. `control` is a count an area of something that should show no ratio, `around` who is whose
    neighbour, `strata` how many strata of population the naive test takes (or a number an area).
    `progress` is told the test that begins. Equal values and seed give equal answers, by whatever
    executor. Raises ValueError for resamples or seed out of range.

    >>> from interlock.methods.places.colocation.synthetic import country, world
    >>> found = observed(world(country(300, 10), events=400, ratio=4.0, seed=1), resamples=199)
    >>> found.verdict, found.deciding
    ('together', ('binomial', 'redraw'))
    """
    is_any = bool(areas.counts.max() <= 1) if is_yes_no is None else is_yes_no
    asking = _Asking(areas, is_any, control, around, strata, resamples, seed, executor, progress)
    return asking.observed()


class _Asking:
    """One round of questions."""

    def __init__(
        self,
        areas: Areas,
        is_yes_no: bool,
        control: NDArray[Any] | None,
        around: Neighbours | None,
        strata: int | Sequence[int],
        resamples: int,
        seed: int,
        executor: Executor | None,
        progress: Callable[[str], None] | None,
    ) -> None:
        self.areas, self.control, self.around, self.strata = areas, control, around, strata
        self.simulations = max(10, min(200, resamples // 25))
        self.drawing: dict[str, Any] = {"seed": seed, "executor": executor}
        self.resamples, self.seed = resamples, seed
        self.progress = progress or (lambda _: None)
        self.is_yes_no = is_yes_no
        self.measure: Measure = "odds" if self.is_yes_no else "rates"
        counted = np.bincount(areas.regions, areas.counts) > 0
        self.regions = int(counted.sum())
        self.by_region = self.regions >= MANY_REGIONS
        self.models: dict[str, Compared] = {}
        self.answers: list[Answer] = []
        self.beyond: Controlled | None = None

    def observed(self) -> Observed:
        self._ask_naive()
        self._ask_redraws()
        self._ask_rates()
        self._ask_odds()
        self._ask_control()
        deciding = self._deciding()
        self._ask_moran(deciding[0])
        found = self._found()
        sure = self._sure(deciding[0])
        answers = {one.test: one for one in self.answers}
        model, chance = answers[deciding[0]], answers[deciding[1]].chance
        judged = Judged(
            self.measure,
            _read(model),
            None if chance is None else chance.p_more,
            None if chance is None else chance.p_less,
            model.least,
            None if self.beyond is None else self.beyond.beyond,
        )
        return Observed(
            self.areas,
            self.is_yes_no,
            tuple(self.answers),
            deciding,
            found,
            sure,
            self.beyond,
            judged,
            self.resamples,
            self.simulations,
            self.seed,
        )

    def _add(self, answer: Answer, ask: Callable[[Answer], Answer], but: Reason | None) -> None:
        """The answer filled in by `ask`; or without it, and why."""
        self.progress(answer.test)
        if but is not None:
            self.answers.append(replace(answer, reason=but))
            return
        try:
            self.answers.append(ask(answer))
        except ColocationError as told:
            self.answers.append(replace(answer, reason=taken(told.reason)))

    def _ask_naive(self) -> None:
        many = {"resamples": self.resamples, **self.drawing}
        asked: tuple[tuple[str, Standing, Callable[[], Chance]], ...] = (
            ("fisher", "naive", lambda: fisher(self.areas)),
            ("free-permutation", "naive", lambda: free_permutation(self.areas, **many)),
            (
                "strata",
                "naive",
                lambda: stratified_permutation(self.areas, strata=self.strata, **many),
            ),
            ("propensity", "doubtful", lambda: propensity_redraw(self.areas, **many)),
        )
        for test, standing, ask in asked:
            self._add(Answer(test, standing), partial(_with_chance, ask), None)
        self._add(
            Answer("odds-alone", "naive", "odds", why=reason("naive-odds")),
            lambda one: replace(one, ratio=odds_ratio(self.areas, size="none").ratio),
            None,
        )

    def _ask_redraws(self) -> None:
        def ask(*, within: bool) -> Chance:
            found = redraw(self.areas, within=within, resamples=self.resamples, **self.drawing)
            return found.count if self.is_yes_no else found.excess

        without = reason("no-regions") if len(self.areas.region_names) < 2 else None
        note = reason("least-within")
        for test, within, but in (("redraw", False, None), ("redraw-within", True, without)):
            answer = Answer(test, "right", notes=(note,) if within else ())
            self._add(answer, partial(_with_chance, partial(ask, within=within)), but)

    def _but_regions(self) -> Reason | None:
        if len(self.areas.region_names) < 2:
            return reason("no-regions")
        if not self.by_region:
            return reason("few-regions", least=MANY_REGIONS, regions=self.regions)
        return None

    def _ask_rates(self) -> None:
        but = reason("yes-no") if self.is_yes_no else None
        rates = Answer("exact", "right", "rates")
        self._add(rates, self._exact, but)
        family: Literal["negative binomial"] = "negative binomial"
        asked: tuple[tuple[str, Callable[[Areas], Compared]], ...] = (
            ("poisson-offset", rate_ratio),
            ("poisson", partial(rate_ratio, size="covariate", errors="HC1")),
            ("binomial-offset", partial(rate_ratio, family=family)),
            ("binomial", partial(rate_ratio, family=family, size="covariate")),
        )
        for test, ask in asked:
            self._add(replace(rates, test=test), partial(self._with_model, ask), but)
        regions = replace(rates, test="poisson-regions")
        ask = partial(rate_ratio, size="covariate", by_region=True)
        self._add(regions, partial(self._with_model, ask), but or self._but_regions())

    def _exact(self, answer: Answer) -> Answer:
        ratio = exact_ratio(self.areas)
        return replace(
            answer, ratio=ratio, evalue=evalue(ratio), least=least_rate_ratio(self.areas)
        )

    def _ask_odds(self) -> None:
        odds = Answer("odds", "right", "odds")
        self._add(odds, partial(self._with_model, odds_ratio), None)
        held = self.answers[-1].reason
        is_separated = held is not None and held.kind == "separated"
        self._add(
            replace(odds, test="odds-corrected"),
            partial(self._with_model, partial(odds_ratio, corrected=True)),
            None if is_separated else held or reason("not-separated"),
        )
        self._add(
            replace(odds, test="odds-regions"),
            partial(self._with_model, partial(odds_ratio, by_region=True)),
            self._but_regions(),
        )

    def _with_model(self, ask: Callable[[Areas], Compared], answer: Answer) -> Answer:
        found = ask(self.areas)
        if not (found.ratio.low > 0 and found.ratio.high / found.ratio.low < _ENDLESS):
            raise refused("separated", column=found.ratio.name)
        self.models[answer.test] = found
        told = self._with_ratio(answer, found.ratio)
        if found.ratio.method == "Wald, model":
            told = replace(told, likelihood=found.likelihood_ratio)
            if answer.measure == "rates" and found.pearson > MOST_PEARSON:
                note = reason("overdispersed", times=short(found.pearson))
                told = replace(told, notes=(*told.notes, note))
        return told

    def _with_ratio(self, answer: Answer, ratio: Ratio) -> Answer:
        having = float((self.areas.counts > 0).mean())
        is_common = answer.measure == "odds" and having > COMMON
        least = math.exp(math.log(ratio.high / ratio.low) / 2 * _LEAST_OF_REACH)
        strong = evalue(ratio, is_common=is_common)
        return replace(answer, ratio=ratio, evalue=strong, least=least)

    def _ask_control(self) -> None:
        but = reason("no-control") if self.control is None else None
        if self.is_yes_no:
            but = but or reason("yes-no")

        def ask(answer: Answer) -> Answer:
            assert self.control is not None
            # Errors by few regions would be too short: then those of one region, which are HC1's.
            one = self.areas if self.by_region else _of_one_region(self.areas)
            self.beyond = beside_control(
                one, self.control, size="covariate", by_region=self.by_region
            )
            return replace(answer, ratio=self.beyond.beyond)

        self._add(Answer("control", "check", "rates"), ask, but)

    def _deciding(self) -> tuple[str, str]:
        """The model and the redraw that decide: within regions where there are many."""
        answered = {one.test for one in self.answers if one.reason is None}
        if self.is_yes_no:
            models = ["odds-regions", "odds", "odds-corrected"]
        else:
            models = ["poisson-regions", "binomial", "exact"]
        model = next((one for one in models if one in answered), models[1])
        return model, "redraw-within" if model.endswith("-regions") else "redraw"

    def _ask_moran(self, test: str) -> None:
        around, model = self.around, self.models.get(test)
        but = reason("no-model") if model is None else None
        if around is None:
            but = reason("no-neighbours")

        def ask() -> Chance:
            assert around is not None
            assert model is not None
            values = np.zeros(len(self.areas))
            # Regions that said nothing were fitted as they are: nothing was left over there.
            values[model.fit.rows] = model.fit.residuals
            return moran(values, around, resamples=self.resamples, **self.drawing)

        self._add(Answer("moran", "check"), partial(_with_chance, ask), but)

    def _found(self) -> tuple[Found, ...]:
        """What the lists could have found; what is exact or simulated goes beside its tests."""
        exact = partial(rate_power, self.areas)
        draws = partial(redraw_power, self.areas, simulations=self.simulations, **self.drawing)
        odds = partial(odds_power, self.areas, simulations=self.simulations, **self.drawing)
        if self.is_yes_no:
            found: tuple[Found, ...] = (
                self._powers("odds", odds, lambda: least_detectable(odds, steps=6)),
            )
            beside = dict.fromkeys(("redraw", "redraw-within", "odds"), found[0].least)
        else:
            found = (
                self._powers("rates", exact, lambda: least_rate_ratio(self.areas)),
                self._powers("redraw", draws, lambda: least_detectable(draws)),
            )
            beside = dict.fromkeys(("redraw", "redraw-within"), found[1].least)
        self.answers = [
            replace(one, least=beside[one.test]) if one.test in beside and not one.reason else one
            for one in self.answers
        ]
        return found

    def _powers(
        self,
        test: PowerTest,
        power: Callable[[float], Power],
        least: Callable[[], float | None],
    ) -> Found:
        self.progress(f"power-{test}")
        try:
            return Found(test, tuple(power(ratio) for ratio in POWER_AT), least())
        except ColocationError as told:
            return Found(test, reason=taken(told.reason))

    def _sure(self, test: str) -> Sure:
        """The deciding ratio again without each marked area."""
        self.progress("leave-one-out")
        if int(self.areas.marked.sum()) > MOST_LEFT_OUT:
            return Sure(reason=reason("many-marked", most=MOST_LEFT_OUT))
        family: Literal["negative binomial"] = "negative binomial"
        ask: dict[str, Callable[[Areas], float]] = {
            "odds": lambda rest: odds_ratio(rest).ratio.value,
            "odds-regions": lambda rest: odds_ratio(rest, by_region=True).ratio.value,
            "odds-corrected": lambda rest: odds_ratio(rest, corrected=True).ratio.value,
            "exact": lambda rest: exact_ratio(rest).value,
            "binomial": lambda rest: rate_ratio(rest, family=family, size="covariate").ratio.value,
            "poisson-regions": lambda rest: (
                rate_ratio(rest, size="covariate", by_region=True).ratio.value
            ),
        }
        try:
            return Sure(leave_one_out(self.areas, ask[test]))
        except ColocationError as told:
            return Sure(reason=taken(told.reason))


def _of_one_region(areas: Areas) -> Areas:
    return replace(areas, regions=np.zeros(len(areas), np.int64), region_names=("",))


def _with_chance(ask: Callable[[], Chance], answer: Answer) -> Answer:
    found = ask()
    return replace(answer, chance=found, why=taken(found.null))


def _read(answer: Answer) -> Ratio | None:
    """The ratio that a verdict reads: by its likelihood where Firth's penalty makes Wald's too short."""
    if answer.test == "odds-corrected" and answer.likelihood is not None:
        return answer.likelihood
    if answer.ratio is None or math.isnan(answer.ratio.value):
        return None
    return answer.ratio
