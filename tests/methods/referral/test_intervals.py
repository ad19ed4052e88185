from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings

from interlock.methods.referral.comparison import compared
from interlock.methods.referral.estimates import rds_ii
from interlock.methods.referral.forest import Forest, Respondent, Variable, planted
from interlock.methods.referral.intervals import (
    Spread,
    design_effect,
    drawn,
    intervals_of,
    salganik_bootstrap,
    tree_bootstrap,
    tree_mean,
    tree_sums,
)
from tests.methods.referral.samples import case, chain, tables
from tests.methods.referral.test_estimates import RELABELLED


@pytest.fixture(scope="module")
def forest() -> Forest:
    return case()


def everybody(forest: Forest, **drawing: int) -> np.ndarray:
    """How often each person is in each resample."""
    return tree_sums(forest, np.eye(len(forest)), **drawing)  # type: ignore[arg-type]


def star(leaves: int) -> Forest:
    seed = Respondent("seed", "", 2, {"view": "a"})
    rows = [Respondent(f"r{n}", "seed", 2, {"view": "ab"[n % 2]}) for n in range(leaves)]
    return planted([seed, *rows])


def test_case_has_a_cautious_interval(forest: Forest) -> None:
    spread = tree_bootstrap(forest, forest.variable("view"))
    low, high = spread.intervals[1].low, spread.intervals[1].high
    assert low < spread.estimate.share("yes") < high
    assert spread.estimate == rds_ii(forest, forest.variable("view"))
    effect, effective = spread.design_effects[1], spread.effective[1]
    assert effect is not None
    assert effective is not None
    assert effect == design_effect(spread.intervals[1].error, spread.estimate.shares[1], 120)
    assert effective * effect == pytest.approx(120)
    assert 15 < effective < 30
    assert (spread.respondents, spread.resamples, spread.reason) == (120, 1_000, None)


@settings(max_examples=50)
@given(tables())
def test_copies_recruit_as_often_as_the_person_did(rows: list[Respondent]) -> None:
    forest = planted(rows)
    copies = everybody(forest, resamples=20)
    assert (copies[:, : forest.seeds].sum(axis=1) == forest.seeds).all()
    for place in range(len(forest)):
        first, many = forest.first[place], forest.recruits[place]
        assert (copies[:, first : first + many].sum(axis=1) == many * copies[:, place]).all()


def test_everybody_is_drawn_once_on_average(forest: Forest) -> None:
    copies = everybody(forest, resamples=8_000, seed=4)
    means = copies.mean(axis=0)
    errors = copies.std(axis=0, ddof=1) / np.sqrt(len(copies))
    assert float(np.abs((means - 1) / errors).max()) < 4.5
    assert float(copies.sum(axis=1).mean()) == pytest.approx(120, rel=0.03)


def test_chain_is_drawn_as_it_is() -> None:
    spread = tree_bootstrap(chain("a", "b", "b", "a"), chain("a", "b", "b", "a").variable("view"))
    assert {(one.low, one.high, one.error) for one in spread.intervals} == {(0.5, 0.5, 0.0)}
    assert spread.design_effects == (None, None)
    assert spread.effective == (None, None)


def test_star_is_a_plain_bootstrap_of_its_leaves() -> None:
    forest = star(40)
    spread = tree_bootstrap(forest, forest.variable("view"), resamples=20_000)
    # 40 leaves drawn with replacement, half of them "a", beside a seed that is always there.
    error = np.sqrt(40 * 0.25) / 41
    assert spread.intervals[0].error == pytest.approx(error, rel=0.02)


def test_errors_are_those_of_drawing_person_by_person(forest: Forest) -> None:
    """The same bootstraps, written as their papers tell them."""
    view, random = forest.variable("view"), Random(5)
    codes, recruiters = view.codes.tolist(), forest.recruiters.tolist()
    recruits = [[n for n, by in enumerate(recruiters) if by == place] for place in range(120)]
    recruited = [
        [n for n, by in enumerate(recruiters) if by >= 0 and codes[by] == level] for level in (0, 1)
    ]
    trees, chains = [], []
    for _ in range(1_500):
        drawn = [random.randrange(4) for _ in range(4)]
        for person in drawn:
            drawn += [random.choice(recruits[person]) for _ in recruits[person]]
        trees.append(share(forest, view, drawn))
        drawn = [random.randrange(120)]
        while len(drawn) < 120:
            drawn.append(random.choice(recruited[codes[drawn[-1]]]))
        chains.append(share(forest, view, drawn))
    for method, values in ((tree_bootstrap, trees), (salganik_bootstrap, chains)):
        spread = method(forest, view, resamples=10_000, seed=1)
        assert spread.intervals[1].error == pytest.approx(float(np.std(values)), rel=0.06)
        assert spread.intervals[1].low == pytest.approx(np.quantile(values, 0.025), abs=0.035)
        assert spread.intervals[1].high == pytest.approx(np.quantile(values, 0.975), abs=0.035)


def share(forest: Forest, view: Variable, drawn: list[int]) -> float:
    weights = forest.weights[drawn]
    return float((weights * view.codes[drawn]).sum() / weights.sum())


@settings(max_examples=40)
@given(tables())
def test_names_of_levels_change_nothing(rows: list[Respondent]) -> None:
    renamed = [replace(row, answers={"view": RELABELLED[row.answers["view"]]}) for row in rows]
    one, two = planted(rows), planted(renamed)
    before, after = one.variable("view"), two.variable("view")
    assume(before.levels)
    order = [after.levels.index(RELABELLED[level]) for level in before.levels]
    for method in (tree_bootstrap, salganik_bootstrap):
        left = method(one, before, resamples=30, seed=7)
        right = method(two, after, resamples=30, seed=7)
        assert (left.reason is None) == (right.reason is None)
        if left.reason is None:
            errors = [right.intervals[place].error for place in order]
            assert [one.error for one in left.intervals] == pytest.approx(errors, nan_ok=True)


def test_order_of_rows_changes_nothing(forest: Forest) -> None:
    rows = [
        Respondent(name, "" if by < 0 else forest.ids[by], degree, {"view": "ab"[code]})
        for name, by, degree, code in zip(
            forest.ids,
            forest.recruiters,
            forest.degrees,
            forest.variable("view").codes,
            strict=True,
        )
    ]
    one, two = planted(rows), planted(rows[::-1])
    for method in (tree_bootstrap, salganik_bootstrap):
        first = method(one, one.variable("view"), resamples=100)
        assert first == method(two, two.variable("view"), resamples=100)


def test_scale_of_degrees_changes_nothing(forest: Forest) -> None:
    scaled = replace(forest, degrees=forest.degrees * 4)
    view = forest.variable("view")
    first = tree_bootstrap(forest, view, resamples=100)
    second = tree_bootstrap(scaled, view, resamples=100)
    assert [one.error for one in first.intervals] == pytest.approx(
        [one.error for one in second.intervals]
    )


def test_numbers_do_not_hang_on_who_draws(forest: Forest) -> None:
    def drawn(executor: Executor | None) -> list[Spread]:
        group = forest.variable("group")
        return [
            method(forest, group, resamples=700, executor=executor)
            for method in (tree_bootstrap, salganik_bootstrap)
        ]

    alone = drawn(None)
    with ThreadPoolExecutor(3) as threads:
        assert drawn(threads) == alone
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert drawn(processes) == alone


def test_fewer_resamples_are_the_first_of_more(forest: Forest) -> None:
    assert (everybody(forest, resamples=500)[:250] == everybody(forest, resamples=250)).all()


def test_every_block_draws_others(forest: Forest) -> None:
    copies = everybody(forest, resamples=500)
    assert (copies[:250] != copies[250:]).any()


def test_another_seed_draws_others(forest: Forest) -> None:
    one, two = (everybody(forest, resamples=10, seed=seed) for seed in (0, 1))
    assert (one != two).any()


def test_progress_is_told_by_blocks(forest: Forest) -> None:
    told: list[int] = []
    tree_bootstrap(forest, forest.variable("view"), resamples=600, progress=told.append)
    assert told == [250, 500, 600]


def test_mean_has_the_interval_of_its_share(forest: Forest) -> None:
    view = forest.variable("view")
    spread = tree_bootstrap(forest, view, resamples=200)
    found = tree_mean(forest, np.where(view.codes == 1, 1.0, 0.0), resamples=200)
    assert found.error == pytest.approx(spread.intervals[1].error)
    assert found.low == pytest.approx(spread.intervals[1].low)


def test_mean_leaves_out_who_gave_no_number(forest: Forest) -> None:
    values = np.where(np.arange(120) % 3 > 0, 7.0, np.nan)
    found = tree_mean(forest, values, resamples=50)
    assert (found.low, found.high) == pytest.approx((7, 7))


def test_resamples_without_an_answer_are_left_out() -> None:
    forest = planted([Respondent("a", "", 1, {"view": "x"}), Respondent("b", "", 1)])
    interval = tree_bootstrap(forest, forest.variable("view"), resamples=50).intervals[0]
    assert (interval.low, interval.high, interval.error) == (1, 1, 0)
    nothing = intervals_of(np.full((5, 1), np.nan))[0]
    assert np.isnan([nothing.low, nothing.high, nothing.error]).all()


def test_level_that_recruited_nobody_has_no_chain() -> None:
    forest = chain("a", "a", "b")
    spread = salganik_bootstrap(forest, forest.variable("view"))
    assert spread.reason is not None
    assert spread.reason.kind == "no-recruits"
    assert (spread.intervals, spread.resamples) == ((), 0)


def test_numbers_out_of_range_are_refused(forest: Forest) -> None:
    view = forest.variable("view")
    with pytest.raises(ValueError, match="Resamples are 1 to 1,000,000"):
        tree_bootstrap(forest, view, resamples=0)
    with pytest.raises(ValueError, match="A seed is a whole number from 0"):
        salganik_bootstrap(forest, view, seed=-1)


def test_draws_that_are_kept_give_the_same_numbers(forest: Forest) -> None:
    """To the last bit, in more blocks than one, and by every door that takes them."""
    view = forest.variable("view")
    kept = drawn(forest, resamples=600, seed=9)
    columns = np.stack([forest.weights, forest.degrees], axis=1)
    assert (kept.sums(columns) == tree_sums(forest, columns, resamples=600, seed=9)).all()
    assert tree_bootstrap(forest, view, draws=kept) == tree_bootstrap(
        forest, view, resamples=600, seed=9
    )
    assert tree_mean(forest, forest.degrees, draws=kept) == tree_mean(
        forest, forest.degrees, resamples=600, seed=9
    )
    group = forest.variable("group")
    assert compared(forest, group, view, draws=kept) == compared(
        forest, group, view, resamples=600, seed=9
    )
