"""What there is to do in the room, found in its code: so that no verb is left out of a table."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any


def verbs_of(*modules: ModuleType) -> dict[str, Callable[..., Any]]:
    """Verbs are said by keywords, and by somebody; what the rooms do by themselves is none."""
    found = {}
    for module in modules:
        for name, one in inspect.getmembers(module, inspect.isfunction):
            if one.__module__ == module.__name__ and not name.startswith("_") and _is_verb(one):
                found[f"{module.__name__.rpartition('.')[2]}.{name}"] = one
    return found


def _is_verb(one: Callable[..., Any]) -> bool:
    asked = inspect.signature(one).parameters
    by_name = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
    somebody = [asked[name] for name in ("by", "person") if name in asked]
    return all(each.kind in by_name for each in asked.values()) and any(
        each.default is each.empty for each in somebody
    )


@contextmanager
def watched(verbs: dict[str, Callable[..., Any]]) -> Iterator[set[str]]:
    """The names of those that were called meanwhile."""
    codes = {inspect.unwrap(verb).__code__: name for name, verb in verbs.items()}
    seen: set[str] = set()

    def look(frame: FrameType, event: str, _told: object) -> None:
        if event == "call" and frame.f_code in codes:
            seen.add(codes[frame.f_code])

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(before)
