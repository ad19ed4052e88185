"""The survey of ties: two languages, a short core, every path walked to its end."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.questionnaires import Form, core_pages, pages, read, seconds
from interlock.methods.questionnaires.instruments import NAMES, instrument, tables
from tests.methods.questionnaires.walking import walked

COOP, PB = ["member"], ["voter", "idea"]
MODULES = {"coop": "k_years", "pb": "p_body"}


@pytest.fixture(scope="module")
def ties() -> Form:
    return instrument("ties")


@pytest.mark.parametrize("name", NAMES)
def test_instrument_loads_without_a_fault_or_warning(name: str) -> None:
    told = read(tables(name))
    assert (told.faults, told.warnings) == ((), ())


def test_every_text_is_in_both_languages(ties: Form) -> None:
    assert ties.languages == ("en", "es")
    for one in ties.questions:
        for words in (one.label, one.hint, one.constraint_message):
            assert set(words) in ({"en", "es"}, set())
    for choices in ties.lists.values():
        for choice in choices:
            assert set(choice.label) == {"en", "es"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_core_takes_three_minutes(ties: Form, language: str) -> None:
    names = [name for page in pages(ties)[: core_pages(ties)] for name in page.names]
    assert len(names) <= 12
    assert seconds(ties, language, names) <= 180


def test_every_constraint_says_why_in_both_languages(ties: Form) -> None:
    for one in ties.questions:
        assert bool(one.constraint) == bool(one.constraint_message)


@pytest.mark.parametrize(
    ("coop", "pb", "modules"),
    [
        (COOP, ["none"], {"coop"}),
        (["none"], PB, {"pb"}),
        (COOP, PB, {"coop", "pb"}),
        (["none"], ["none"], set()),
    ],
)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=15)
def test_path_is_walked_to_its_end(
    ties: Form, coop: list[str], pb: list[str], modules: set[str], seed: int
) -> None:
    fixed = {"consent": ["yes"], "coop_role": coop, "pb_role": pb}
    steps = walked(ties, random.Random(seed), fixed)
    answers = steps[-1].answers
    assert {module for module, name in MODULES.items() if name in answers} == modules
    assert ("degree" in answers) == bool(modules)
    assert answers["dual"] == str(int(len(modules) == 2))
    reached = [step.core_done for step in steps]
    assert reached == sorted(reached)
    if modules:
        core = next(step for step in steps if step.core_done)
        assert set(core.answers) >= {"net_coop", "net_pb", "sender", "pp_seen"}


def test_without_consent_nothing_is_asked(ties: Form) -> None:
    (_first, last) = walked(ties, random.Random(1), {"consent": ["no"]})
    asked = {name for name in last.answers if ties.by_name[name].type != "calculate"}
    assert asked == {"consent"}


def test_degree_counts_nobody_twice(ties: Form) -> None:
    fixed = {"consent": ["yes"], "coop_role": COOP, "pb_role": PB}
    fixed |= {"net_coop": ["10"], "net_pb": ["4"], "net_both": ["3"]}
    assert walked(ties, random.Random(1), fixed)[-1].answers["degree"] == "11"
