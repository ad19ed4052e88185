"""How long the worker takes for the results of a survey, and how much memory.

    python bench/survey_analysis.py [--respondents N] [--questions N]

A made-up study of 2,000 respondents, passed from hand to hand, who answer 40 questions of five
answers, of which a part may choose several; all shares by group with intervals of 1,000 resamples,
contrasts, doubts; then one of 5,000; then what both fields think, in two rounds of 20,000 each: how far
apart, whether nearer than before, whether of one culture, on as many as are compared. Times differ from machine to machine, so beside them stands how
many times as long it takes to draw the trees anew for each question (measured on three of them in the
same run). Ends each line with ok or OVER. Limits: a minute of CPU, 400 MB.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import date, timedelta
from random import Random

import numpy as np
from lines import Line

from interlock.methods.questionnaires import Form, read
from interlock.methods.referral.comparison import compared
from interlock.methods.referral.forest import Variable
from interlock.methods.referral.intervals import drawn, tree_bootstrap
from interlock.methods.referral.synthetic import Shape, population, study

SECONDS, MEGABYTES, FEW = 60.0, 400, 3
#: A table of all pairs of 4,000 and what is made of it.
MEGABYTES_OF_PAIRS = 1_500
START = date(2027, 5, 3)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--respondents", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=40)
    arguments = parser.parse_args()
    set_up()
    lines = []
    for respondents in (arguments.respondents, 5_000):
        lines += measured(respondents, arguments.questions)
    lines += opinions_measured(20_000)
    return int(any(line.print().over for line in lines))


def set_up() -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interlock.web.config.settings")
    import django

    django.setup()


def questionnaire(questions: int) -> Form:
    """So many questions; each fourth may have several answers."""
    rows = [
        f"select_{'multiple' if number % 4 == 3 else 'one'} l,q{number},Question {number},ordinal"
        for number in range(questions)
    ]
    survey = "\n".join(["type,name,label,scale", *rows])
    choices = "\n".join(["list_name,name,label,code", *(f"l,{n},{n},{n}" for n in range(1, 6))])
    return read({"survey.csv": survey.encode(), "choices.csv": choices.encode()}).must()


def measured(respondents: int, questions: int) -> list[Line]:
    from interlock.web.surveys.analysing import FEWER, LARGE, RESAMPLES
    from interlock.web.surveys.analysing.questions import asked, outcome_of
    from interlock.web.surveys.analysing.sample import Person, chain_of

    random, form = Random(1), questionnaire(questions)
    people = population(Shape(coop=3 * respondents, pb=2 * respondents, both=respondents // 5), 1)
    rows = study(people, respondents, seeds=20, accepts=0.6, seed=1)
    waves = {"": -1}
    persons = []
    for row in rows:
        waves[row.id] = waves[row.recruiter] + 1
        answers = {
            question.name: " ".join(
                sorted({str(random.randint(1, 5)) for _ in range(random.choice((1, 2)))})
                if question.type == "select_multiple"
                else [str(min(5, 1 + int(random.expovariate(0.5))))]
            )
            for question in form.questions
        }
        answers["degree"] = str(int(row.degree or 1))
        day = START + timedelta(days=waves[row.id])
        persons.append(Person(row.id, row.recruiter, row.answers["group"], day, answers))
    resamples = FEWER if respondents > LARGE else RESAMPLES
    began = time.process_time()
    chain = chain_of(persons)
    assert chain.forest
    draws = drawn(chain.forest, resamples=resamples, seed=1)
    told = [outcome_of(form, question, chain, draws) for question in asked(form)]
    ours = time.process_time() - began
    assert all(one["estimated"] for one in told)
    began = time.process_time()
    for question in list(asked(form))[:FEW]:
        answers = chain.said(question.name)
        view = Variable.of(question.name, answers, [str(one) for one in range(1, 6)])
        tree_bootstrap(chain.forest, view, resamples=resamples)
        compared(
            chain.forest, chain.groups, view, sides=("coop", "pb"), both="both",
            resamples=resamples,
        )  # fmt: skip
    theirs = (time.process_time() - began) / FEW * questions
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    name = f"{respondents:,} respondents, {questions} questions"
    ratio = f"drawing anew for each question {theirs / ours:.1f} times it"
    return [
        Line(f"{name}: {ours:.1f} s CPU ({SECONDS:.0f} s at most); {ratio}", ours > SECONDS),
        Line(f"{name}: peak memory {peak} MB ({MEGABYTES} MB at most)", peak > MEGABYTES),
    ]


def opinions_measured(respondents: int) -> list[Line]:
    from interlock.web.surveys.analysing.opinions import (
        Opinions,
        apart_told,
        cultures_told,
        nearer_told,
    )

    rng = np.random.default_rng(1)
    options = np.array([5] * 6 + [2] * 17)

    def thought() -> Opinions:
        return Opinions(
            tuple(f"q{number}" for number in range(len(options))),
            rng.integers(0, options, (respondents, len(options))),
            options,
            np.array([-1] * 6 + [0] * 9 + [1] * 8),
            rng.integers(0, 2, respondents),
            rng.integers(0, 200, respondents),
        )

    now, before = thought(), thought()
    began = time.process_time()
    told = [apart_told(now, None), nearer_told(now, before, None), *cultures_told(now, None)]
    ours = time.process_time() - began
    assert all(one["value"] is not None for one in told)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    name = f"what two rounds of {respondents:,} think"
    return [
        Line(f"{name}: {ours:.1f} s CPU ({SECONDS:.0f} s at most)", ours > SECONDS),
        Line(
            f"{name}: peak memory {peak} MB ({MEGABYTES_OF_PAIRS} MB at most)",
            peak > MEGABYTES_OF_PAIRS,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
