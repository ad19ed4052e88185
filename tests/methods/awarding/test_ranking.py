"""The arithmetic of a ranking: by hand first, then what holds of every sheet."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.awarding import (
    AwardingError,
    Criterion,
    Offer,
    Preference,
    Ranked,
    Recusal,
    Score,
    Sheet,
    differences,
    ranked,
    results,
)
from tests.methods.awarding.sheets import FIRM, PANEL, PLAN, TEAM, TREE, drawn, pavilion


def places(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(one.rank, one.offer.id, one.decided_by) for one in ranked(sheet).lots[0].ranked]


def of(sheet: Sheet, offer: str) -> Ranked:
    return next(one for one in ranked(sheet).lots[0].ranked if one.offer.id == offer)


def codes(sheet: Sheet) -> list[str]:
    with pytest.raises(AwardingError) as caught:
        ranked(sheet)
    return [fault.code for fault in caught.value.faults]


def test_the_discount_is_for_comparing_and_every_step_is_told() -> None:
    sheet = pavilion(
        preference=Preference("discount", Fraction(10)), points={("tree", "plan", "Ana"): 8}
    )
    tree, firm = ranked(sheet).lots[0].ranked
    assert (tree.offer, tree.evaluated, tree.offer.price) == (TREE, 40_500, 45_000)
    assert [(one.criterion, one.points, one.weighted) for one in tree.points] == [
        ("price", 10, 40), ("plan", Fraction(15, 2), Fraction(105, 4)), ("team", 7, Fraction(35, 2)),
    ]  # fmt: skip
    assert tree.points[1].given == (("Ana", 8), ("Ben", 7))
    assert tree.total == Fraction(335, 4)
    assert firm.points[0].points == Fraction(10 * 40_500, 43_000)
    assert [tree.rank, firm.rank] == [1, 2]


def test_without_preference_the_lower_price_is_worth_more() -> None:
    assert places(pavilion()) == [(1, "firm", "total"), (2, "tree", "total")]


def test_points_for_preferred_bidders_are_added_to_the_total() -> None:
    sheet = pavilion(preference=Preference("points", Fraction(5)))
    assert (of(sheet, "tree").added, of(sheet, "firm").added) == (5, 0)
    assert of(sheet, "tree").evaluated == 45_000
    assert of(sheet, "tree").total == 5 + Fraction(40 * 43, 45) + 42
    assert places(sheet) == [(1, "tree", "total"), (2, "firm", "total")]


def test_an_excluded_offer_counts_for_nothing_and_is_told() -> None:
    cheap = Offer("cheap", "Cheap", Fraction(1), excluded="It has no plan.")
    sheet = pavilion(TREE, FIRM, cheap)
    alone = pavilion(TREE, FIRM)
    assert ranked(sheet).lots[0].ranked == ranked(alone).lots[0].ranked
    assert ranked(sheet).lots[0].excluded == (cheap,)


def test_who_is_recused_is_left_out_of_the_average() -> None:
    sheet = pavilion(
        recusals=(Recusal("1", "tree", "Ben", "My sister works there."),),
        points={("tree", "plan", "Ana"): 9},
    )
    assert of(sheet, "tree").points[1].given == (("Ana", 9),)
    assert of(sheet, "tree").points[1].points == 9


def test_equal_totals_are_decided_by_the_lower_price() -> None:
    """The preferred one's price is the higher by what the discount takes off."""
    dear = Offer("dear", "Dear", Fraction(100), True)
    cheap = Offer("cheap", "Cheap", Fraction(90))
    sheet = pavilion(dear, cheap, preference=Preference("discount", Fraction(10)))
    assert of(sheet, "dear").total == of(sheet, "cheap").total
    assert places(sheet) == [(1, "cheap", "total"), (2, "dear", "price")]


TWINS = (TREE, replace(TREE, id="twin", name="Twin"), FIRM)


def test_without_a_seed_those_that_are_equal_share_their_place() -> None:
    found = ranked(pavilion(*TWINS)).lots[0]
    assert places(pavilion(*TWINS)) == [
        (1, "firm", "total"),
        (2, "tree", "tie"),
        (2, "twin", "tie"),
    ]
    assert not found.is_tied
    assert ranked(pavilion(*TWINS[:2])).lots[0].is_tied


def test_a_published_seed_decides_between_those_that_are_equal() -> None:
    orders = {
        tuple(name for _, name, _ in places(pavilion(*TWINS, seed=str(n)))) for n in range(20)
    }
    assert orders == {("firm", "tree", "twin"), ("firm", "twin", "tree")}
    assert [(rank, how) for rank, _, how in places(pavilion(*TWINS, seed="1"))] == [
        (1, "total"), (2, "draw"), (3, "draw"),
    ]  # fmt: skip


def test_a_lot_that_nobody_wants_has_an_empty_ranking() -> None:
    sheet = replace(pavilion(), lots=(replace(pavilion().lots[0], offers=()),), scores=())
    assert (ranked(sheet).lots[0].ranked, ranked(sheet).lots[0].lowest) == ((), None)


def test_plain_data_tells_all_numbers_exactly() -> None:
    told = ranked(pavilion(preference=Preference("discount", Fraction(10)))).to_json()
    first, second = told["lots"][0]["ranking"]
    assert (first["evaluated_price"], first["total"]) == ("40500", "82")
    assert second["criteria"][0]["points"] == "405/43"


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (replace(pavilion(), criteria=()), ["no-criteria", *["unknown"] * 8]),
        (replace(pavilion(), criteria=(PLAN, TEAM)), ["weights"]),
        (replace(pavilion(), criteria=(PLAN, TEAM, Criterion("x", "X", 0, True))), ["weight", "weights"]),
        (replace(pavilion(), lots=()), ["no-lots", *["unknown"] * 8]),
        (pavilion(preference=Preference("discount", Fraction(100))), ["preference"]),
        (pavilion(preference=Preference("gift", Fraction(1))), ["preference"]),
        (pavilion(replace(TREE, price=Fraction(0))), ["price"]),
        (pavilion(points={("tree", "plan", "Ana"): 11}), ["points"]),
        (replace(pavilion(), scores=pavilion().scores[1:]), ["missing"]),
        (replace(pavilion(), scores=(*pavilion().scores, pavilion().scores[0])), ["again"]),
        (replace(pavilion(), recusals=(Recusal("1", "tree", "Ana"),)), ["recused-scored"] * 2),
        (pavilion(recusals=tuple(Recusal("1", "tree", who) for who in PANEL)), ["nobody"]),
        (replace(pavilion(), scores=(*pavilion().scores, Score("1", "tree", "price", "Ana", Fraction(1)))), ["price-scored"]),
        (replace(pavilion(), panelists=("Ana", "Ben", "Ana")), ["again", *["missing"] * 0]),
    ],
)  # fmt: skip
def test_a_sheet_that_is_wrong_or_not_complete_is_not_ranked(sheet: Sheet, said: list[str]) -> None:
    assert codes(sheet) == said


@given(drawn(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(sheet: Sheet, random: object) -> None:
    def shuffled(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.sample(rows, len(rows)))  # type: ignore[attr-defined]

    mixed = replace(
        sheet,
        lots=tuple(replace(part, offers=shuffled(part.offers)) for part in sheet.lots),
        scores=shuffled(sheet.scores),
        recusals=shuffled(sheet.recusals),
    )
    assert ranked(mixed).lots[0].ranked == ranked(sheet).lots[0].ranked


@given(drawn(), st.data())
def test_a_lower_price_never_ranks_worse(sheet: Sheet, data: st.DataObject) -> None:
    offers = sheet.lots[0].offers
    if not any(not one.excluded for one in offers):
        return
    lowered = data.draw(st.sampled_from([one for one in offers if not one.excluded]))
    new = replace(lowered, price=lowered.price * Fraction(data.draw(st.integers(1, 99)), 100))
    part = replace(sheet.lots[0], offers=tuple(new if one == lowered else one for one in offers))
    before = of(sheet, lowered.id)
    after = of(replace(sheet, lots=(part,)), lowered.id)
    assert after.rank <= before.rank
    assert after.total >= before.total


@given(drawn())
def test_names_decide_nothing_without_a_seed(sheet: Sheet) -> None:
    bare = replace(sheet, seed="")
    names = {one.id: f"x{9 - place}" for place, one in enumerate(sheet.lots[0].offers)}
    part = replace(
        sheet.lots[0],
        offers=tuple(replace(one, id=names[one.id]) for one in sheet.lots[0].offers),
    )
    other = replace(
        bare,
        lots=(part,),
        scores=tuple(replace(one, offer=names[one.offer]) for one in sheet.scores),
        recusals=tuple(replace(one, offer=names[one.offer]) for one in sheet.recusals),
    )
    by_name = {names[one.offer.id]: (one.rank, one.total) for one in ranked(bare).lots[0].ranked}
    assert {one.offer.id: (one.rank, one.total) for one in ranked(other).lots[0].ranked} == by_name


@given(drawn())
def test_places_are_those_of_a_race_and_totals_fall(sheet: Sheet) -> None:
    found = ranked(sheet).lots[0].ranked
    keys = [(-one.total, one.offer.price) for one in found]
    assert keys == sorted(keys)
    if sheet.seed:
        assert [one.rank for one in found] == list(range(1, len(found) + 1))
    else:
        assert [one.rank for one in found] == [1 + keys.index(key) for key in keys]
    assert all(0 <= one.total - one.added <= 100 for one in found)


@given(drawn())
def test_what_a_sheet_states_is_held_against_the_arithmetic(sheet: Sheet) -> None:
    found = tuple(results(ranked(sheet)))
    assert differences(replace(sheet, stated=found), found) == ()
    if found:
        wrong = replace(found[0], value=found[0].value + 1)
        stated = replace(sheet, stated=(wrong, *found[1:]))
        assert differences(stated, found) == ((wrong, found[0].value),)
