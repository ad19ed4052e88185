"""The round before: what its people think, where that may be told once more, or why not.

Whoever has seen its results would learn by subtraction of those few who are in one table only. So it
is told of just the people of whom its last results are: worked out after it had closed, when nobody
came any more, and of as many as there are now, so that nobody took answers back since.
"""

from datetime import datetime

import numpy as np

from interlock.methods.questionnaires import Form, incomparable
from interlock.methods.referral.reasons import Reason, reason
from interlock.web.surveys import queries
from interlock.web.surveys.analysing.opinions import SIDES, Opinions, answers_to, by_meaning
from interlock.web.surveys.analysing.repeating import STUDY
from interlock.web.surveys.analysing.sample import samples
from interlock.web.surveys.models import Retained, Study
from interlock.web.surveys.rules import is_over


def round_before(study: Study, form: Form, at: datetime) -> Opinions | Reason:
    """What the round before asked in the same way as `form` does, with who answered it."""
    earlier = study.follows
    if earlier is None:
        return reason("no-round-before")
    if earlier.closed_at is None:
        return reason("before-is-open")
    gone = earlier.retention.filter(what=Retained.ANSWERS).exists()
    if gone or (earlier.answers_until and is_over(earlier.answers_until, at)):
        return reason("before-destroyed")
    version = queries.current_version(earlier)
    last = earlier.analyses.filter(done_at__isnull=False).order_by("-number").first()
    if version is None or last is None or last.done_at is None or not last.outcome:
        return reason("before-untold")
    asked = queries.form_of(version)
    chain, _others = samples(earlier, asked)
    now, then = chain.sizes(), last.sizes.get(STUDY, {})
    same = all(last.outcome["groups"].get(side) and then.get(side) == now[side] for side in SIDES)
    if not (same and last.outcome["estimated"] and last.done_at >= earlier.closed_at):
        return reason("before-untold")
    told_once = last.estimates.filter(outcome__repeats=True).values_list("name", flat=True)
    trees = np.unique([one.tree for one in chain.persons], return_inverse=True)[1]
    silent = {*told_once, *incomparable(asked, form)}
    return Opinions.of(asked, chain.without_answers(silent | _asked_otherwise(asked, form)), trees)


def _asked_otherwise(before: Form, form: Form) -> set[str]:
    """The questions of the round before that mean something else now, or have other answers."""
    now = by_meaning(form)
    return {
        one.name
        for meant, one in by_meaning(before).items()
        if meant not in now
        or now[meant].name != one.name
        or answers_to(form, now[meant]) != answers_to(before, one)
    }
