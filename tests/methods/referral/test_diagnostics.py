import numpy as np
import pytest

from interlock.methods.referral.diagnostics import (
    Wave,
    bottlenecks,
    by_wave,
    convergence,
    hangs_on_a_seed,
    still_moving,
    trees,
    waves,
    why_not_estimated,
)
from interlock.methods.referral.estimates import rds_ii
from interlock.methods.referral.forest import Forest, Respondent, planted
from tests.methods.referral.samples import FOLDER, case, chain, printed


@pytest.fixture(scope="module")
def forest() -> Forest:
    return case()


def grown(sizes: list[int], depth: int = 3, answer: str = "a") -> Forest:
    """Trees of these sizes: a line of `depth` waves, the rest recruited by the seed."""
    rows = []
    for tree, size in enumerate(sizes):
        for number in range(size):
            by = number - 1 if number <= depth else 0
            recruiter = f"t{tree}-{by}" if number else ""
            rows.append(Respondent(f"t{tree}-{number}", recruiter, 3, {"view": answer}))
    return planted(rows)


def kinds(forest: Forest) -> list[str]:
    return [one.kind for one in why_not_estimated(forest, forest.variable("view"))]


def test_case_can_be_estimated(forest: Forest) -> None:
    assert kinds(forest) == []


def test_fewer_than_a_hundred_answers_are_described() -> None:
    assert kinds(grown([50, 50])) == []
    assert kinds(grown([50, 49])) == ["few-respondents"]


def test_answers_count_and_not_respondents(forest: Forest) -> None:
    rows = [Respondent(f"s{n}", "", 1, {"view": "a" if n else ""}) for n in range(100)]
    told = planted(rows)
    assert kinds(told) == ["few-respondents", "few-waves"]


def test_tree_of_most_respondents_is_described() -> None:
    assert kinds(grown([60, 40])) == []
    assert kinds(grown([61, 39])) == ["one-tree"]
    forest = grown([601, 399])
    told = why_not_estimated(forest, forest.variable("view"))[0]
    assert told.facts == {"percent": 61, "most": 60}


def test_fewer_than_three_waves_are_described() -> None:
    assert kinds(grown([50, 50], depth=2)) == ["few-waves"]


def test_estimate_by_wave_is_that_of_r(forest: Forest) -> None:
    series = by_wave(forest, forest.variable("view"))
    assert series.respondents.tolist() == [4, 12, 19, 29, 44, 60, 86, 120]
    text = (FOLDER / "rds_testcase_expected.txt").read_text().split("by wave\n")[1]
    rows = [line.split()[1:] for line in text.splitlines()[1:9]]
    for shares, row in zip(series.shares, rows, strict=True):
        assert [printed(share, one) for share, one in zip(shares, row, strict=True)] == [True, True]


def test_convergence_ends_at_the_estimate(forest: Forest) -> None:
    view = forest.variable("view")
    series = convergence(forest, view)
    assert series.respondents.tolist() == list(range(1, 121))
    assert series.shares[-1].tolist() == pytest.approx(rds_ii(forest, view).shares)
    assert series.shares.sum(axis=1) == pytest.approx(np.ones(120))


def test_convergence_leaves_out_who_did_not_answer() -> None:
    forest = chain("a", "", "b")
    series = convergence(forest, forest.variable("view"))
    assert (series.respondents.tolist(), series.shares.tolist()) == ([1, 2], [[1, 0], [0.5, 0.5]])
    assert by_wave(forest, forest.variable("view")).respondents.tolist() == [1, 1, 2]


def test_estimate_that_moves_at_the_end_is_told() -> None:
    settled = chain(*"ab" * 200)
    assert still_moving(convergence(settled, settled.variable("view"))) is None
    moving = chain(*"ab" * 100, *"a" * 40)
    told = still_moving(convergence(moving, moving.variable("view")))
    assert told is not None
    assert told.facts == {"points": 2, "last": 50}
    long_ago = chain(*"a" * 40, *"ab" * 1_000)
    assert still_moving(convergence(long_ago, long_ago.variable("view"))) is None


def test_bottlenecks_are_the_trees_by_themselves(forest: Forest) -> None:
    view = forest.variable("view")
    found = bottlenecks(forest, view)
    assert [(seed, len(series.shares)) for seed, series in found] == [
        ("r004", 48),
        ("r001", 46),
        ("r003", 18),
        ("r002", 8),
    ]
    alone = {tree.seed: tree.alone for tree in trees(forest, view)}
    for seed, series in found:
        assert tuple(series.shares[-1].tolist()) == pytest.approx(alone[seed])


def test_trees_tell_the_estimate_without_them(forest: Forest) -> None:
    view = forest.variable("view")
    found = trees(forest, view)
    assert [(one.seed, one.respondents, one.depth) for one in found] == [
        ("r004", 48, 7),
        ("r001", 46, 7),
        ("r003", 18, 7),
        ("r002", 8, 5),
    ]
    others = forest.trees != 3
    share = (forest.weights * (view.codes == 1))[others].sum() / forest.weights[others].sum()
    assert found[0].without is not None
    assert found[0].without[1] == pytest.approx(share)


def test_tree_without_answers_has_no_estimate() -> None:
    rows = [Respondent("a", "", 1, {"view": "x"}), Respondent("b", "", 1)]
    forest = planted(rows)
    found = {one.seed: one for one in trees(forest, forest.variable("view"))}
    assert (found["a"].alone, found["a"].without) == ((1.0,), None)
    assert (found["b"].alone, found["b"].without) == (None, (1.0,))


def test_estimate_that_hangs_on_a_seed_is_told() -> None:
    def of(first: str, second: str) -> Forest:
        return planted(
            Respondent(f"{tree}{n}", f"{tree}{n - 1}" if n else "", 2, {"view": answers[n % 2]})
            for tree, answers in (("x", first), ("y", second))
            for n in range(50)
        )

    alike, apart = of("ab", "ab"), of("aa", "bb")
    assert hangs_on_a_seed(alike, alike.variable("view")) is None
    told = hangs_on_a_seed(apart, apart.variable("view"))
    assert told is not None
    assert told.facts == {"points": 50}


def test_waves_count_coupons_and_recruits() -> None:
    rows = [Respondent("a", "", 1, coupons=3), Respondent("b", "", 1, coupons=2)]
    rows += [Respondent("c", "a", 1, coupons=3), Respondent("d", "a", 1, coupons=0)]
    assert waves(planted(rows)) == (Wave(0, 2, 1, 2, 5), Wave(1, 2, 0, 0, 3))
    assert waves(planted([*rows, Respondent("e", "c", 1)]))[0].coupons is None
