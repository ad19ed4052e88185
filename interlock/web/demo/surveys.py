"""The federation's survey of the demo: chains from a few seeds, open answers beside them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from i18nfield.strings import LazyI18nString

from interlock.methods.questionnaires import Form, Question
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person
from interlock.web.surveys import actions, queries
from interlock.web.surveys.models import Study

DAYS = 24  # since the survey was opened
SEEDS = 4
OPEN_ANSWERS = 6
#: In the chains at most, so that the demo is made in a few seconds.
MOST_IN_CHAINS = 24
ROLES: Sequence[tuple[str, str, int]] = (
    ("member", "none", 4),
    ("none", "voter", 4),
    ("worker", "idea", 2),
)


def make(federation: Institution, by: Person, *, at: datetime) -> Study:
    """A survey that is open for some weeks, answered by some dozens of made-up people."""
    random = Random(5)
    begun = at - timedelta(days=DAYS)
    study = actions.launch(
        institution=federation,
        contact="survey@threerivers.example",
        ethics=LazyI18nString(
            {
                "en": "The federation’s ombudsperson, 555-0151",
                "es": "La defensoría de la federación, 555-0151",
            }
        ),
        closes_on=(at + timedelta(days=45)).date(),
        by=by,
        at=begun,
    )
    actions.publish_version(version=study.versions.get(), by=by, at=begun)
    study = actions.open_study(study=study, by=by, at=begun)
    cards = actions.add_seeds(study=study, number=SEEDS, by=by, at=begun)
    waiting = [(card.code, begun) for card in cards]
    for _person in range(MOST_IN_CHAINS):
        if not waiting:
            break
        coupon, since = waiting.pop(0)
        day = min(since + timedelta(days=random.randint(1, 5)), at)
        code = _answer(study, random, day, coupon=coupon)
        handed = list(actions.coupon_codes(code))[: random.choice((0, 1, 2, 2, 3))]
        waiting += [(one, day) for one in handed]
    link = ""
    for _person in range(OPEN_ANSWERS):
        code = _answer(study, random, begun + timedelta(days=random.randint(1, DAYS)), link=link)
        link = link or actions.link_code(code)
    return study


def _answer(study: Study, random: Random, at: datetime, *, coupon: str = "", link: str = "") -> str:
    """One made-up person, by the verbs of a respondent; some stop after the core."""
    entered = actions.consent(study=study, at=at, coupon=coupon, link=link)
    form = queries.form_of(entered.respondent.version)
    (role,) = random.choices(ROLES, weights=[weight for *_names, weight in ROLES])
    goes_on = random.random() < 0.6
    step = actions.where(respondent=entered.respondent, language="en")
    while step.page and (goes_on or not step.core_done):
        posted = {name: _said(form, form.by_name[name], random, role[:2]) for name in step.asked}
        step = actions.save_page(
            code=entered.code, page=step.page.key, posted=posted, language="en", at=at
        )
        assert not step.errors, step.errors
    return entered.code


def _said(form: Form, question: Question, random: Random, role: Sequence[str]) -> Sequence[str]:
    own: Mapping[str, str] = {"coop_role": role[0], "pb_role": role[1], "net_both": "1"}
    if question.name in own:
        return [own[question.name]]
    if question.type == "integer":
        return [str(random.randint(2, 30))]
    if question.type not in ("select_one", "select_multiple"):
        return []
    names = [one.name for one in form.choices(question) if one.code > 0]
    number = random.randint(1, min(3, len(names))) if question.type == "select_multiple" else 1
    return random.sample(names, number)
