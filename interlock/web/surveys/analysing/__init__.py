"""The worker's half of a study's results: estimates that are due, worked out and withheld.

Only the worker imports this; a web process never loads numpy. What is stored is what may be told:
whatever is too small is left out here (`withholding`), so that no page can show it.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from interlock import __version__
from interlock.methods.questionnaires import Form
from interlock.methods.referral import diagnostics, estimates
from interlock.methods.referral.comparison import LEAST_IN_GROUP
from interlock.methods.referral.forest import Forest, Variable
from interlock.methods.referral.indices import SHUFFLES
from interlock.methods.referral.intervals import CONFIDENCE, Draws, drawn, tree_bootstrap
from interlock.methods.referral.reasons import Reason, reason
from interlock.methods.referral.suppression import LEAST_CELL, published
from interlock.web.surveys import queries
from interlock.web.surveys.analysing.before import round_before
from interlock.web.surveys.analysing.opinions import (
    MOST_COMPARED,
    MOST_OF_A_FIELD,
    TABLES,
    Opinions,
)
from interlock.web.surveys.analysing.questions import asked, open_outcome_of, outcome_of
from interlock.web.surveys.analysing.repeating import Held, Sizes, held_back, sizes_told
from interlock.web.surveys.analysing.sample import Sample, samples
from interlock.web.surveys.analysing.settling import apart, settled
from interlock.web.surveys.analysing.withholding import percent, told
from interlock.web.surveys.analysing.words import Words, measures_of
from interlock.web.surveys.models import Analysis, Estimate, FormVersion
from interlock.web.surveys.rules import ROUNDED_TO, about

#: As many resamples for all; fewer for a study so large that they would take over a minute.
RESAMPLES, FEWER, LARGE = 1_000, 400, 20_000

log = logging.getLogger(__name__)


def analyse_due(at: datetime, must_stop: Callable[[], bool]) -> bool:
    """Work out the analysis that has waited longest, if there is one, and say whether there was.

    It waits while `must_stop` says so: a vote that closes comes first. What fails is kept with its
    reason, for whoever runs the site; it can be requested once more.
    """
    due = queries.due_analyses().select_related("study").first()
    if due is None or must_stop():
        return False
    try:
        _analyse(due, at)
    except Exception as error:
        log.exception("analysis %s of %s failed", due.number, due.study.slug)
        due.failure = str(error) or repr(error)
        due.save(update_fields=["failure"])
    return True


def _analyse(due: Analysis, at: datetime) -> None:
    version = queries.current_version(due.study)
    if version is None:
        raise ValueError("No questions of this study were published.")
    form = queries.form_of(version)
    everybody = samples(due.study, form)
    size = int(everybody[0].asked.sum())
    before = _told_before(due)
    held = held_back(form, *everybody, before)
    chain, others = held.chain, held.others
    resamples = FEWER if len(chain.persons) > LARGE else RESAMPLES
    draws = drawn(chain.forest, resamples=resamples, seed=due.number) if chain.forest else None
    found = [
        Estimate(
            analysis=due,
            name=question.name,
            position=position,
            outcome=outcome_of(form, question, held.chain_for(question.name), draws)
            | {"open": open_outcome_of(form, question, others)}
            | ({"repeats": True} if question.name in held.questions else {}),
        )
        for position, question in enumerate(asked(form))
    ]
    due.parameters = {
        "software": __version__,
        "seed": due.number,
        "resamples": resamples,
        "shuffles": SHUFFLES,
        "compared": MOST_COMPARED,
        "of_a_field": MOST_OF_A_FIELD,
        "tables": TABLES,
        "confidence": round(100 * CONFIDENCE),
    }
    due.answers = size + len(everybody[1].persons)
    due.outcome = _outcome(form, version, size, held, draws, round_before(due.study, form, at))
    told_now = {one.name: one.outcome for one in found}
    due.sizes = sizes_told(form, held, due.outcome, told_now, before)
    due.done_at = at
    with transaction.atomic():
        Estimate.objects.bulk_create(found)
        due.save(update_fields=["parameters", "answers", "sizes", "outcome", "done_at"])


def _told_before(due: Analysis) -> Sizes:
    """Of how many everything was told before, by the latest analysis that was worked out."""
    worked_out = due.study.analyses.filter(done_at__isnull=False).order_by("-number")
    return worked_out.values_list("sizes", flat=True).first() or {}


def _outcome(
    form: Form,
    version: FormVersion,
    size: int,
    held: Held,
    draws: Draws | None,
    before: Opinions | Reason,
) -> dict[str, Any]:
    chain = held.chain
    outcome: dict[str, Any] = {
        "version": version.number,
        "sha256": version.content_hash,
        "respondents": about(size),
        "open": about(len(held.others.persons)),
        "groups": {name: about(many) for name, many in chain.sizes().items()},
        "refusals": [],
        "estimated": False,
    }
    if chain.forest is None or draws is None:
        return outcome
    everyone = _everyone(chain, chain.forest)
    refusals = diagnostics.why_not_estimated(chain.forest, everyone)
    outcome |= {
        "refusals": [one for one in map(told, refusals) if one],
        "estimated": not refusals,
        "notes": [one for one in map(told, _notes(chain, chain.forest)) if one],
        "waves": _waves(chain, chain.forest),
    }
    if not refusals:
        outcome |= _chain(chain, chain.forest, draws)
        outcome["words"] = measures_of(Words.of(form, chain, chain.forest, draws, before))
    return outcome


def _everyone(chain: Sample, forest: Forest) -> Variable:
    """Who answered at all, as a question with one answer."""
    return Variable("everyone", ("",), np.where(chain.asked, 0, -1))


def _notes(chain: Sample, forest: Forest) -> list[Reason]:
    """What was done to the chain; an empty place in it has no degree anyway."""
    filled = int((forest.filled & chain.asked).sum())
    return [reason("degrees-filled", respondents=filled)] if filled else []


def _waves(chain: Sample, forest: Forest) -> list[dict[str, int]]:
    """How many answered in each wave; neighbours with too few of them are told as one."""
    counts = np.bincount(forest.waves[chain.asked], minlength=forest.depth + 1).tolist()
    found, first, so_far = list[dict[str, int]](), 0, 0
    for wave, count in enumerate(counts):
        so_far += count
        if so_far >= LEAST_IN_GROUP:
            found.append({"first": first, "last": wave, "answered": about(so_far) or 0})
            first, so_far = wave + 1, 0
    if so_far and found:
        # Who is left over joins the last ones: counted anew, because what is told was rounded.
        last = found[-1]
        many = sum(counts[last["first"] :])
        found[-1] = {"first": last["first"], "last": forest.depth, "answered": about(many) or 0}
    return found


def _chain(chain: Sample, forest: Forest, draws: Draws) -> dict[str, Any]:
    """How the chain ran: what it is worth, who passed it to whom, and how it settled."""
    groups, known = chain.groups, _everyone(chain, forest)
    trees = np.bincount(forest.trees[known.known], minlength=forest.seeds)
    found: dict[str, Any] = {"largest_tree": percent(float(trees.max() / trees.sum()))}
    if len(groups.levels) < 2:
        return found
    spread = tree_bootstrap(forest, groups, draws=draws)
    table = estimates.recruitment(forest, groups)
    shown = published(table.counts)
    homophily = estimates.recruitment_homophily(table).value
    effects = [effect for effect in spread.design_effects if effect is not None]
    return found | {
        "design_effect": round(max(effects), 1) if effects else None,
        "recruitment": {
            "levels": list(table.levels),
            "cells": [[_rounded(cell) for cell in row] for row in shown.cells],
        },
        "homophily": None if homophily is None else round(homophily, 1),
        "settled": settled(forest, groups),
        "apart": apart(forest, groups),
    }


def _rounded(cell: int | None) -> int | None:
    return None if cell is None or cell < LEAST_CELL else round(cell / ROUNDED_TO) * ROUNDED_TO
