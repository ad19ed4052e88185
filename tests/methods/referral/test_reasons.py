import re

import pytest

from interlock.methods.referral import reasons
from interlock.methods.referral.reasons import SENTENCES, Reason, reason, sentence


def test_reason_is_told_with_its_numbers() -> None:
    told = reason("few-waves", waves=2, least=3)
    assert sentence(told).startswith("The longest chain has waves after the seed: 2. ")
    assert Reason.from_json(told.to_json()) == told


def test_reason_is_told_in_another_language() -> None:
    told = sentence(
        reason("id-again", id="x", line=1_000),
        number=str,
        gettext=lambda text: text.replace("on line", "en la línea"),
    )
    assert "línea 1000." in told


@pytest.mark.parametrize("stored", [{"kind": "rain", "facts": {}}, {"kind": "cycle", "facts": 1}])
def test_other_data_is_no_reason(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is not a kind of reason"):
        Reason.from_json(stored)


def test_every_reason_given_has_a_sentence_with_its_facts() -> None:
    """In the code of the room: each `reason(kind, fact=…)` tells just what its sentence needs."""
    import ast
    from pathlib import Path

    room, given = Path(reasons.__file__).parent, set()
    for path in room.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reason":
                kind = node.args[0]
                if isinstance(kind, ast.Constant):
                    facts = {one.arg for one in node.keywords}
                    wanted = set(re.findall(r"%\((\w+)\)s", SENTENCES[str(kind.value)]))
                    assert facts == wanted, kind.value
                    given.add(kind.value)
    # Those of the cells of numbers are given by one function that is told which.
    assert SENTENCES.keys() - given == {"wave-no-number", "coupons-no-number"}
