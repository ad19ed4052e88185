import numpy as np
import pytest

from interlock.methods.places.colocation.reasons import SENTENCES, ColocationError, reason, sentence
from interlock.methods.places.colocation.table import areas
from tests.methods.places.colocation.samples import town


def test_areas_expect_by_people() -> None:
    found = areas(["a", "b"], [100, 300], [1, 0], [3, 1], unit="county", vintage="2019")
    assert (len(found), found.people, found.events) == (2, 400, 4)
    assert found.expected.tolist() == [1.0, 3.0]
    assert (found.unit, found.vintage, found.region_names) == ("county", "2019", ("",))


def test_merged_areas_hold_all_people_and_counts() -> None:
    whole = town()
    merged = whole.merged([code[:3] for code in whole.codes], unit="metro", vintage="2023")
    assert (merged.people, merged.events, merged.unit) == (whole.people, whole.events, "metro")
    assert merged.vintage == "2023"
    assert len(merged) == 6
    assert merged.counting(merged.counts * 2).events == 2 * whole.events


def test_merged_area_is_marked_once_and_lies_where_most_of_it_does() -> None:
    parts = areas(
        "abc",
        [1, 9, 5],
        [1, 0, 0],
        [0, 0, 0],
        regions=["x", "y", "x"],
        covariates={"age": np.array([10.0, 20.0, 30.0])},
    )
    merged = parts.merged(["m", "m", ""], unit="metro")
    assert (merged.codes, merged.marked.tolist()) == (("m",), [True])
    assert merged.region_names[merged.regions[0]] == "y"
    assert merged.covariates["age"].tolist() == [19.0]


def test_area_without_one_is_the_rest() -> None:
    left = town().without(0)
    assert left.codes == town().codes[1:]
    assert left.events == town().events - town().counts[0]


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        (([], [], [], []), "no-areas"),
        ((["a", "a"], [1, 1], [0, 1], [0, 1]), "code-again"),
        ((["a", "b"], [1, 0], [0, 1], [0, 1]), "no-people"),
        ((["a", "b"], [1, -1], [0, 1], [0, 1]), "below-zero"),
        ((["a", "b"], [1, 1], [0, 1], [0, -1]), "below-zero"),
        ((["a", "b"], [1, float("nan")], [0, 1], [0, 1]), "not-numbers"),
        ((["a", "b"], [1, 1], [0, 1], [0, 0.5]), "not-numbers"),
        ((["a", "b"], [1], [0, 1], [0, 1]), "wrong-length"),
        ((["a", "b"], [1, 1], [0], [0, 1]), "wrong-length"),
    ],
)
def test_wrong_areas_are_refused(columns: tuple[list[object], ...], kind: str) -> None:
    with pytest.raises(ColocationError) as told:
        areas(*columns)  # type: ignore[arg-type]
    assert told.value.reason.kind == kind


def test_wrong_lengths_of_regions_and_merging_are_refused() -> None:
    with pytest.raises(ColocationError, match="regions"):
        areas(["a", "b"], [1, 1], [0, 1], [0, 1], regions=["x"])
    with pytest.raises(ColocationError, match="into"):
        town().merged(["x"], unit="metro")
    with pytest.raises(ColocationError, match="There are no areas"):
        town().merged([""] * 60, unit="metro")


def test_every_sentence_can_be_told() -> None:
    facts: dict[str, int | str] = {"column": "c", "code": "1", "row": 2}
    told = [sentence(reason(kind, **facts)) for kind in SENTENCES]
    assert all("%(" not in one for one in told)
    assert sentence(reason("no-areas"), gettext=str.upper) == "THERE ARE NO AREAS."
