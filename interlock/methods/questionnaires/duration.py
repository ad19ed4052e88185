"""How long a questionnaire takes, before anybody has answered it."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.methods.questionnaires.form import ASKED, Form

# Silent reading of non-fiction: 238 words a minute in English (Brysbaert, "How many words do we
# read per minute?", Journal of Memory and Language 109, 2019). The seconds to decide and touch are
# assumptions of ours, to be replaced by those of a pilot.
WORDS_A_MINUTE = 238
SECONDS = {
    "select_one": 3.0,
    "select_multiple": 5.0,
    "rank": 15.0,
    "integer": 6.0,
    "decimal": 6.0,
    "range": 4.0,
    "date": 6.0,
    "text": 30.0,
    "note": 0.0,
}


def seconds(form: Form, language: str, names: Iterable[str]) -> float:
    """A guess in seconds for reading and answering these questions: good for comparing, no more."""
    total = 0.0
    for name in names:
        one = form.by_name[name]
        if one.type not in ASKED | {"note"}:
            continue
        # Nobody reads a list that unfolds to find themselves in it.
        choices = () if one.appearance == "minimal" else form.choices(one)
        texts = [one.label, one.hint, *(choice.label for choice in choices)]
        words = sum(len(form.said(text, language).split()) for text in texts)
        total += words * 60 / WORDS_A_MINUTE + SECONDS[one.type]
    return total
