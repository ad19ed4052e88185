"""The house's own case against R's RDS 0.9-10 to the digits it printed, and what must always hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from interlock.methods.referral.estimates import (
    Recruitment,
    by_population,
    differential_activity,
    external_internal,
    harmonic_degrees,
    inclusion,
    population_homophily,
    rds_i,
    rds_ii,
    rds_ii_mean,
    recruitment,
    recruitment_homophily,
    stationary,
    successive_sampling,
)
from interlock.methods.referral.forest import Forest, Respondent, Variable, planted
from interlock.methods.referral.reasons import Reason
from tests.methods.referral.samples import FOLDER, case, chain, printed, tables

RELABELLED = {"a": "z", "b": "m", "c": "a", "": ""}


@pytest.fixture(scope="module")
def forest() -> Forest:
    return case()


def expected(variable: str, heading: str, row: int = 2) -> list[str]:
    """The numbers printed some lines below a heading of R's output."""
    part = (FOLDER / "rds_testcase_expected.txt").read_text().split(f"== {variable}")[1]
    lines = part.splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip() == heading)
    return [one for one in lines[at + row].split() if not one.startswith("[")]


def test_recruitment_is_counted(forest: Forest) -> None:
    assert recruitment(forest, forest.variable("view")).counts == ((48, 23), (21, 24))
    groups = recruitment(forest, forest.variable("group"))
    assert groups.levels == ("both", "coop", "pb")
    assert groups.counts == ((4, 5, 3), (4, 17, 1), (6, 5, 71))


@pytest.mark.parametrize("variable", ["view", "group"])
def test_estimates_are_those_of_r(forest: Forest, variable: str) -> None:
    asked = forest.variable(variable)
    settled = stationary(recruitment(forest, asked))
    assert not isinstance(settled, Reason)
    for found, heading, row in (
        (settled, "stationary", 1),
        (harmonic_degrees(forest, asked), "harmonic", 2),
        (rds_i(forest, asked).shares, "RDS-I", 2),
        (rds_i(forest, asked).shares, "RDS-I DS", 2),
        (rds_ii(forest, asked).shares, "RDS-II", 2),
    ):
        texts = expected(variable, heading, row)
        assert [printed(value, text) for value, text in zip(found, texts, strict=True)] == [
            True
        ] * len(texts), heading


def test_indices_are_those_of_r(forest: Forest) -> None:
    view, group = forest.variable("view"), forest.variable("group")

    def value(index: object) -> float:
        return index.value  # type: ignore[attr-defined,no-any-return]

    assert printed(value(recruitment_homophily(recruitment(forest, view))), "1.19076133447")
    assert printed(value(recruitment_homophily(recruitment(forest, group))), "1.54398148148")
    assert printed(value(population_homophily(forest, view, "yes")), "1.23177660087")
    assert printed(value(population_homophily(forest, view, "no")), "1.23177660087")
    of_groups = [value(population_homophily(forest, group, one)) for one in group.levels]
    assert [f"{one:.11f}" for one in of_groups] == [
        "1.12274448652",
        "2.60579455663",
        "3.46029850746",
    ]
    assert printed(value(differential_activity(forest, view, "yes")), "1.15046377522")


@pytest.mark.parametrize("variable", ["view", "group"])
def test_successive_sampling_is_near_the_draws_of_r(forest: Forest, variable: str) -> None:
    found = successive_sampling(forest, forest.variable(variable), 600).shares
    drawn = expected(variable, "SS N=600 (20000 draws)")
    assert np.abs(np.array(found) - np.array(drawn, float)).max() < 3e-4


def test_successive_sampling_is_the_deterministic_solution(forest: Forest) -> None:
    found = successive_sampling(forest, forest.variable("group"), 600).shares
    assert [f"{one:.6f}" for one in found] == ["0.085885", "0.230580", "0.683535"]
    assert (
        f"{successive_sampling(forest, forest.variable('view'), 600).share('yes'):.6f}"
        == "0.370441"
    )


@pytest.mark.parametrize(
    ("counts", "share", "homophily"),
    [(((39, 82), (79, 188)), "0.303913776110387", "1.019775842905")],
)
def test_published_transitions_settle_where_published(
    counts: tuple[tuple[int, ...], ...], share: str, homophily: str
) -> None:
    """The counts and numbers are those of the tests of R's RDS (`faux`)."""
    table = Recruitment(("blue", "other"), counts)
    settled = stationary(table)
    assert not isinstance(settled, Reason)
    assert printed(settled[0], share)
    index = recruitment_homophily(table).value
    assert index is not None
    assert printed(index, homophily)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=60), st.integers(1, 100_000))
def test_chances_make_up_the_population(degrees: list[int], more: int) -> None:
    known = np.array(degrees, float)
    chances = inclusion(known, len(known) + more)
    assert (1 / chances).sum() == pytest.approx(len(known) + more, rel=1e-9)
    assert ((chances > 0) & (chances <= 1)).all()
    assert (np.diff(chances[np.argsort(known)]) >= 0).all()


def test_successive_sampling_lies_between_the_plain_mean_and_rds_ii(forest: Forest) -> None:
    view = forest.variable("view")
    plain = float((view.codes == 1).mean())
    assert successive_sampling(forest, view, 120).share("yes") == pytest.approx(plain)
    found = [one.share("yes") for _, one in by_population(forest, view)]
    assert found == sorted(found, reverse=True)
    assert successive_sampling(forest, view, 10**9).share("yes") == pytest.approx(
        rds_ii(forest, view).share("yes"), abs=1e-7
    )
    assert [size for size, _ in by_population(forest, view)] == [240, 600, 1_200, 2_400, 12_000]


def test_population_smaller_than_the_sample_is_refused(forest: Forest) -> None:
    with pytest.raises(ValueError, match="cannot be smaller than its 120 respondents: 119"):
        successive_sampling(forest, forest.variable("view"), 119)


@given(tables())
def test_names_of_levels_change_nothing(rows: list[Respondent]) -> None:
    """R's RDS 0.9-10 gives other standard errors for other names; here nothing may hang on them."""
    renamed = [replace(row, answers={"view": RELABELLED[row.answers["view"]]}) for row in rows]
    one, two = planted(rows), planted(renamed)
    before, after = one.variable("view"), two.variable("view")
    assume(before.levels)
    order = [after.levels.index(RELABELLED[level]) for level in before.levels]
    for method in (rds_i, rds_ii, lambda of, asked: successive_sampling(of, asked, 500)):
        left, right = method(one, before), method(two, after)
        assert (left.reason is None) == (right.reason is None)
        if left.reason is None:
            assert left.shares == pytest.approx([right.shares[n] for n in order], abs=1e-12)
    tables_ = recruitment(one, before), recruitment(two, after)
    assert recruitment_homophily(tables_[0]).value == pytest.approx(
        recruitment_homophily(tables_[1]).value
    )
    assert external_internal(tables_[0]).value == external_internal(tables_[1]).value
    for level in before.levels:
        for index in (population_homophily, differential_activity):
            assert index(one, before, level).value == pytest.approx(
                index(two, after, RELABELLED[level]).value
            )


@given(tables(), st.sampled_from([0.5, 3.0, 7.0]))
def test_scale_of_degrees_changes_nothing_in_rds_ii(rows: list[Respondent], by: float) -> None:
    scaled = [replace(row, degree=row.degree and row.degree * by) for row in rows]
    one, two = planted(rows), planted(scaled)
    assume(one.variable("view").levels)
    found = rds_ii(one, one.variable("view")).shares
    assert found == pytest.approx(rds_ii(two, two.variable("view")).shares)
    assert sum(found) == pytest.approx(1)
    assert min(found) > 0


@given(tables())
def test_equal_degrees_leave_the_plain_shares(rows: list[Respondent]) -> None:
    forest = planted([replace(row, degree=5) for row in rows])
    view = forest.variable("view")
    assume(view.levels)
    plain = np.bincount(view.codes[view.known]) / view.known.sum()
    assert rds_ii(forest, view).shares == pytest.approx(plain.tolist())


def test_mean_is_that_of_the_shares(forest: Forest) -> None:
    view = forest.variable("view")
    values = np.where(view.codes == 1, 1.0, 0.0)
    assert rds_ii_mean(forest, values) == pytest.approx(rds_ii(forest, view).share("yes"))
    values[:60] = np.nan
    assert rds_ii_mean(forest, values) == pytest.approx(
        float((values[60:] * forest.weights[60:]).sum() / forest.weights[60:].sum())
    )
    with pytest.raises(ValueError, match="no number"):
        rds_ii_mean(forest, np.full(120, np.nan))


def test_level_that_recruited_nobody_leaves_rds_i_undefined() -> None:
    forest = chain("a", "a", "b")
    found = rds_i(forest, forest.variable("view"))
    assert found.reason is not None
    assert (found.reason.kind, found.reason.facts) == ("no-recruits", {"level": "b"})
    assert found.shares == ()
    with pytest.raises(ValueError, match='RDS-I has no share of "a"'):
        found.share("a")


def test_levels_never_reached_leave_rds_i_undefined() -> None:
    settled = stationary(Recruitment(("a", "b"), ((4, 1), (0, 5))))
    assert isinstance(settled, Reason)
    assert settled.facts == {"start": "b", "end": "a"}
    long_way = Recruitment(tuple("abcde"), tuple(
        tuple(int(end == (start + 1) % 5) for end in range(5)) for start in range(5)
    ))  # fmt: skip
    assert stationary(long_way) == pytest.approx([0.2] * 5)


def test_indices_without_anything_to_compare_have_a_reason() -> None:
    same = chain("a", "a", "a")
    view = same.variable("view")
    told = [
        recruitment_homophily(recruitment(same, view)),
        external_internal(recruitment(same, view)),
        population_homophily(same, view, "a"),
        differential_activity(same, view, "a"),
    ]
    assert [one.value for one in told] == [None] * 4
    assert {one.reason.kind for one in told if one.reason} == {"one-level", "two-needed"}
    lonely = planted([Respondent("x", "", 1, {"view": "a"}), Respondent("y", "", 1, {"view": "b"})])
    view = lonely.variable("view")
    told = [
        recruitment_homophily(recruitment(lonely, view)),
        external_internal(recruitment(lonely, view)),
        population_homophily(lonely, view, "a"),
    ]
    assert [one.reason and one.reason.kind for one in told] == ["two-needed"] * 3


def test_recruiters_without_an_answer_are_left_out_of_the_table() -> None:
    forest = chain("a", "", "b", "a")
    assert recruitment(forest, forest.variable("view")).counts == ((0, 0), (1, 0))


def test_level_without_anybody_has_no_mean_degree(forest: Forest) -> None:
    empty = Variable.of("x", ["a"] * 120, levels=["a", "b"])
    assert np.isnan(harmonic_degrees(forest, empty)[1])
