"""The federation's survey in the demo's town: some dozens of made-up answers, passed from hand to hand.

Cards for seeds, coupons and links are used by the verbs that people use, day by day, so that chains,
waves, and some answers by links stand as they would. Who answers what is drawn from a seed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from i18nfield.strings import LazyI18nString

from interlock.methods.questionnaires import Form, Question, Step
from interlock.methods.questionnaires.cleaning import offered_choices
from interlock.web.demo import rounds
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person
from interlock.web.surveys import actions, queries
from interlock.web.surveys.models import Study

DAY = timedelta(days=1)
CARDS, MOST_IN_CHAINS, OPEN_ANSWERS = 9, 44, 8
#: How likely each kind of person is, with what they are in the two worlds.
PEOPLE = (
    (5, {"coop_role": ("member",), "pb_role": ("none",)}),
    (4, {"coop_role": ("none",), "pb_role": ("voter",)}),
    (2, {"coop_role": ("worker",), "pb_role": ("voter", "idea")}),
)


def make(federation: Institution, by: Person, *, at: datetime) -> Study:
    """Launched three weeks before `at`, open, with chains of several waves; the worker has its results
    to work out."""
    random, began = Random(2027), at - 21 * DAY
    texts = {
        "contact": _both(
            "survey@threerivers.example, 555-0171", "survey@threerivers.example, 555-0171"
        ),
        "ethics": _both(
            "Ethics board of Riverbend College, ethics@college.example",
            "Comité de ética del Colegio de Riverbend, ethics@college.example",
        ),
    }
    study = actions.launch(
        institution=federation,
        **texts,
        follows=rounds.make(federation, by, texts, at=at),
        closes_on=(at + 49 * DAY).date(),
        by=by,
        at=began,
    )
    actions.publish_version(version=study.versions.get(), by=by, at=began)
    study = actions.open_study(study=study, by=by, at=began)
    cards = actions.add_seeds(study=study, number=CARDS, by=by, at=began)
    _chains(study, [card.code for card in cards], began + DAY, at, random)
    _links(study, began + 6 * DAY, random)
    actions.request_analysis(study=study, by=by, at=at)
    return study


def _chains(
    study: Study, cards: Sequence[str], began: datetime, at: datetime, random: Random
) -> None:
    """From most cards a chain grows, some days between one hand and the next."""
    waiting = [(began + DAY * random.randrange(6), code) for code in cards[:-2]]
    for _answered in range(MOST_IN_CHAINS):
        if not waiting:
            return
        waiting.sort()
        when, coupon = waiting.pop(0)
        code = _answer(study, when, random, coupon=coupon)
        if not code:
            continue
        for handed in actions.coupon_codes(code):
            later = when + DAY * random.randrange(1, 9)
            if random.random() < 0.6 and later < at:
                waiting.append((later, handed))


def _links(study: Study, began: datetime, random: Random) -> None:
    """Some come by the public page, and some by the link that one of these passed on."""
    link = ""
    for number in range(OPEN_ANSWERS):
        code = _answer(study, began + DAY * number, random, link=link)
        link = actions.link_code(code) if code and not link else link


def _answer(study: Study, at: datetime, random: Random, **way: str) -> str:
    """Somebody answers; their code, or nothing when they stopped before the core was submitted."""
    entered = actions.consent(study=study, at=at, **way)
    [role] = random.choices(
        [said for _weight, said in PEOPLE], [weight for weight, _said in PEOPLE]
    )
    form = queries.form_of(entered.respondent.version)
    step = actions.where(respondent=entered.respondent, language="en")
    stops, goes_on = random.random() < 0.08, random.random() < 0.25
    while step.page and (not step.core_done or goes_on):
        if stops:
            return ""
        posted = {name: _said(form, form.by_name[name], step, role, random) for name in step.asked}
        step = actions.save_page(
            code=entered.code, page=step.page.key, posted=posted, language="en", at=at
        )
        assert not step.errors, step.errors
    return entered.code


def _said(
    form: Form, one: Question, step: Step, role: Mapping[str, Sequence[str]], random: Random
) -> Sequence[str]:
    """What somebody of this kind might answer."""
    if one.name in role:
        return role[one.name]
    if one.type == "integer":
        # Nobody knows more people of both than of the one; of those who know few, few are both.
        return ["1" if one.name == "net_both" else str(random.randrange(2, 24))]
    names = [choice.name for choice in offered_choices(form, one, step.answers) if choice.code >= 0]
    if one.type == "select_one":
        both = role["coop_role"] != ("none",) and role["pb_role"] != ("none",)
        leaning = range(1, len(names) + 1) if both else [1] * len(names)
        return random.choices(names, leaning)
    if one.type == "select_multiple":
        some = [name for name in names if name != "none"]
        return random.sample(some, random.randrange(1, 4))
    return []


def _both(en: str, es: str) -> LazyI18nString:
    return LazyI18nString({"en": en, "es": es})
