"""Respondents who answer at random, rightly."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from interlock.methods.questionnaires import Form, Kept, Step, resumed, shown, submitted
from interlock.methods.questionnaires.answering import Shown

LANGUAGE = "en"


def answer(rng: random.Random, one: Shown) -> list[str]:
    """An answer of the right type; blank now and then where that is allowed."""
    question = one.question
    if not question.required and rng.random() < 0.2:
        return []
    names = [choice.name for choice, _label in one.choices]
    if question.type == "select_one":
        return [rng.choice(names)]
    if question.type == "select_multiple":
        return rng.sample(names, rng.randint(1, min(3, len(names))))
    if question.type == "rank":
        return rng.sample(names, len(names))
    if question.type in ("integer", "decimal"):
        return [str(rng.choice([0, 1, 3, 12, 70]))]
    if question.type == "range" and question.range:
        return [rng.choice(question.range.values)]
    return ["2026-05-31" if question.type == "date" else rng.choice(["", "Talk.", "=1+1"])]


def walked(
    form: Form, rng: random.Random, fixed: Mapping[str, Sequence[str]] | None = None
) -> list[Step]:
    """Every step from the first page to the end; a page refused is answered anew."""
    kept: Kept = {}
    steps = [resumed(form, kept, language=LANGUAGE)]
    for _attempt in range(500):
        step = steps[-1]
        if step.page is None:
            return steps
        told = shown(form, step, language=LANGUAGE, seed="s")
        posted = {
            one.question.name: (fixed or {}).get(one.question.name) or answer(rng, one)
            for one in told
        }
        steps.append(submitted(form, step.kept, step.page.key, posted, language=LANGUAGE))
    raise AssertionError(steps[-1])
