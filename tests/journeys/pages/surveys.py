"""The pages of surveys: of who answers, who asks, who studies the answers, and everybody."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from interlock.methods.questionnaires.instruments import tables as instrument
from interlock.web.institutions.actions import register
from interlock.web.people.models import Person
from interlock.web.surveys.actions import (
    add_seeds,
    add_version,
    close_study,
    launch,
    open_study,
    publish_analysis,
    publish_version,
    request_analysis,
)
from interlock.web.surveys.analysing import analyse_due
from interlock.web.surveys.models import Respondent, Study
from interlock.web.surveys.researching import ask as ask_to_read
from interlock.web.surveys.researching import give, open_answers
from interlock.web.surveys.retaining import due, retain
from tests.journeys.pages.walking import (
    Stage,
    Way,
    at,
    demo_town,
    given,
    sent,
    then,
    then_all,
    unfolded,
)
from tests.web.surveys.asked import Asked, make_asked
from tests.web.surveys.studies import fill
from tests.world import both


def surveys() -> Stage:
    """A survey that is open, answered on one device: by a public page, then by a coupon."""
    asked = make_asked(
        seeds=2, at=datetime.now(UTC), closes_on=datetime.now(UTC).date() + timedelta(days=60)
    )
    used, unused = (f"/surveys/s/{card.code}/" for card in asked.cards)
    asked.enter(at=datetime.now(UTC), coupon=asked.cards[0].code)
    over = make_asked(seeds=0, at=datetime.now(UTC), closes_on=datetime.now(UTC).date())
    close_study(study=over.study, by=over.dora, at=datetime.now(UTC))
    home = asked.study.get_absolute_url()
    mine, thanks = "/surveys/mine/", "/surveys/mine/thanks/"
    goes_on = then(at(thanks), f"a[href='{mine}']")
    on = [answers(mine) for _page in range(3)]
    return Stage(
        {
            "home": at("/"),
            "surveys": at("/surveys/"),
            "survey for cooperators": at("/surveys/cooperators/"),
            "survey for PBers": at("/surveys/pbers/"),
            "survey": at(home),
            "survey over": at(over.study.get_absolute_url()),
            "leaflet": at(f"{home}leaflet/"),
            "go on": at("/surveys/resume/"),
            "go on refused": sent("/surveys/resume/", code="0000"),
            "take back": at("/surveys/withdraw/"),
            "take back refused": sent("/surveys/withdraw/", code="0000"),
            "link cut off": at("/surveys/s/nonsense/"),
            "link used": agrees(used),
            "link": at(unused),
            "not agreed": then(at("/surveys/pbers/"), "main form button"),
            "begun": agrees("/surveys/pbers/"),
            "questions refused": then(at(mine), "main form button >> nth=0"),
            "people you know": answers(mine, role=True),
            "people refused": then(at(mine), "main form button >> nth=0"),
            "who sent it": answers(mine),
            "core": answers(mine),
            "saved": then(at(mine), "[name=later]"),
            "thanks": answers(mine),
            "thanks with texts": then(at(thanks), "summary"),
            "leaflet of one's own": at("/surveys/mine/cards/"),
            "ties": goes_on,
            "policy": on[0],
            "your co-op": on[1],
            "your budget": on[2],
            "about you": answers(mine),
            "all answered": answers(mine),
            "names": then(at(thanks), "form[action='/surveys/name/'] button"),
            "names refused": then(at("/surveys/name/"), "main form button"),
            "updates": then(at(thanks), "form[action='/surveys/updates/'] button"),
            "updates refused": sent("/surveys/updates/", email="nobody"),
            "begun before": at("/surveys/cooperators/"),
            "begun by coupon": agrees(unused),
            "thanks by coupon": then_all(answers(mine, role=True), *[answers(mine)] * 3),
            "cards": at("/surveys/mine/cards/"),
            "no leave": at("/surveys/updates/"),
        }
    )


def survey_results() -> Stage:
    """Published results with estimates and a second round, as everybody reads them."""
    first = _with_results(140, opened=30, closes=True)
    second = make_asked(
        seeds=0,
        at=datetime.now(UTC),
        closes_on=datetime.now(UTC).date() + timedelta(days=60),
    )
    Study.objects.filter(pk=second.study.pk).update(follows=first.study)
    fill(second.study, 120, seed=2)
    _work_out(second, publishes=True)
    few = _with_results(60)
    none = make_asked(seeds=0, at=datetime.now(UTC), closes_on=datetime.now(UTC).date())
    small = make_asked(seeds=0, at=datetime.now(UTC), closes_on=datetime.now(UTC).date())
    close_study(study=small.study, by=small.dora, at=datetime.now(UTC))
    return Stage(
        {
            "surveys": at("/surveys/"),
            "results": at(f"{first.study.get_absolute_url()}results/"),
            "results unfolded": unfolded(f"{first.study.get_absolute_url()}results/"),
            "second round": unfolded(f"{second.study.get_absolute_url()}results/"),
            "few answers": at(f"{few.study.get_absolute_url()}results/"),
            "no results": at(f"{none.study.get_absolute_url()}results/"),
            "too small": at(f"{small.study.get_absolute_url()}results/"),
        }
    )


def unpublished_survey_results() -> Stage:
    """Results that only their owner sees, and why others are not published."""
    asked = _with_results(60, publishes=False)
    again = _with_results(60)
    fill(again.study, 26, seeds=4, seed=2)
    _work_out(again, publishes=False)
    broken = make_asked(seeds=0, at=datetime.now(UTC), closes_on=datetime.now(UTC).date())
    broken.study.analyses.create(number=1, requested_at=datetime.now(UTC), failure="no numbers")
    return Stage(
        {
            "preview": at(f"{asked.study.get_absolute_url()}results/"),
            "published": at(f"{again.study.get_absolute_url()}results/"),
            "hardly grown": at(f"{again.study.get_absolute_url()}results/2/"),
            "failed": at(f"{broken.study.get_absolute_url()}results/"),
        },
        by=asked.dora,
    )


def _with_results(
    respondents: int, *, opened: int = 0, publishes: bool = True, closes: bool = False
) -> Asked:
    asked = make_asked(
        seeds=0,
        at=datetime.now(UTC),
        closes_on=datetime.now(UTC).date() + timedelta(days=60),
    )
    fill(asked.study, respondents, opened=opened)
    if closes:
        close_study(study=asked.study, by=asked.dora, at=datetime.now(UTC))
    _work_out(asked, publishes=publishes)
    return asked


def _work_out(asked: Asked, *, publishes: bool) -> None:
    now = datetime.now(UTC)
    made = request_analysis(study=asked.study, by=asked.dora, at=now)
    assert analyse_due(now, lambda: False)
    if publishes:
        publish_analysis(analysis=made, by=asked.dora, at=now)


def no_survey() -> Stage:
    return Stage({"surveys": at("/surveys/"), "nothing open": at("/surveys/pbers/")})


def agrees(path: str) -> Way:
    """Begin a survey."""

    def way(page: Page) -> None:
        page.context.clear_cookies(name=re.compile("survey-mine"))
        page.goto(path)
        page.locator("#id_agreed").check()
        page.locator("main form button").click()
        page.wait_for_load_state()

    return way


def answers(path: str, *, role: bool = False) -> Way:
    """Answer the page of questions where one is, a little of each kind, and go on."""

    def way(page: Page) -> None:
        page.goto(path)
        if role:
            page.locator("[name=coop_role][value=member]").check()
            page.locator("[name=pb_role][value=voter]").check()
        for box in page.locator("main form [inputmode=numeric]").all():
            box.fill("3")
        for choice in page.locator("main form fieldset:has([type=radio]) input:first-child").all():
            if choice.get_attribute("id"):
                choice.check()
        page.locator("main form button").first.click()
        page.wait_for_load_state()

    return way


#: A questionnaire with a fault in each sheet, and one that differs from ours in a few places.
FAULTY = {
    "survey.csv": b"type,name,label,relevant\ninteger,years,,${later} > 1\nvideo,clip,A clip,\n",
    "choices.csv": b"list_name,name,label\nyesno,a b,Yes\n",
    "notes.csv": b"what\nthis is no sheet\n",
}


def surveys_desk() -> Stage:
    """The demo's survey with researchers, one being prepared, one ready to open, one over."""
    demo_town()
    now = datetime.now(UTC)
    study = Study.objects.get(closed_at=None)
    by = study.institution.memberships.stewards()[0].person
    university = register(name="College", kind="school", at=now, steward=by)
    whom = {"contact": "college@college.example", "ethics": "ethics@college.example"}
    begun = {"closes_on": now.date() + timedelta(days=60), "by": by, "at": now}
    new, ready, over = (
        launch(institution=university, **whom, **begun) for _name in ("new", "ready", "over")
    )
    for one in (ready, over):
        publish_version(version=one.versions.get(), by=by, at=now)
    changed = {name: data.decode() for name, data in instrument("ties").items()}
    changed["survey.csv"] = changed["survey.csv"].replace("Your best guess is fine.", "Guess.")
    changed["choices.csv"] = changed["choices.csv"].replace("sender,list,", "sender,page,")
    files = {name: text.encode() for name, text in changed.items()}
    add_version(study=study, files=files, by=by, at=now, note=both("Shorter", "Más corta"))
    open_study(study=over, by=by, at=now - timedelta(days=1))
    add_seeds(study=over, number=3, by=by, at=now)
    close_study(study=over, by=by, at=now - timedelta(days=1))
    for promise in due(now + timedelta(days=200)):
        if promise.study == over:
            retain(promise, now)
    Respondent.objects.filter(pk__in=[one.pk for one in study.respondents.all()[:3]]).update(
        flags=["fast"]
    )
    reader, other = (
        Person.objects.by_email(f"{name}@college.example") for name in ("dana", "robin")
    )
    ask_to_read(study=study, reason="For a thesis on who knows whom", by=other, at=now)
    leave = ask_to_read(study=study, reason="Weights, and a report", by=reader, at=now)
    give(access=leave, until=now.date() + timedelta(days=90), by=by, at=now)
    open_answers(study=study, what="answers.zip", by=reader, at=now)
    home, draft = (f"{one.get_absolute_url()}desk/" for one in (study, new))
    return Stage(
        {
            "surveys of an institution": at("/surveys/desk/"),
            "launch": at("/surveys/launch/"),
            "launch refused": sent("/surveys/launch/", closes_on="2020-01-01"),
            "desk": then(at(home), "summary"),
            "preparing": at(draft),
            "ready to open": at(f"{ready.get_absolute_url()}desk/"),
            "over": at(f"{over.get_absolute_url()}desk/"),
            "texts": at(f"{draft}texts/"),
            "texts refused": sent(f"{draft}texts/", closes_on="2020-01-01"),
            "texts while open": at(f"{home}texts/"),
            "questions": at(f"{home}questions/"),
            "faults": given(f"{home}questions/", FAULTY),
            "version": at(f"{home}questions/1/"),
            "version changed": at(f"{home}questions/2/"),
            "preview": at(f"{home}questions/1/preview/"),
            "preview refused": then(at(f"{home}questions/1/preview/"), "main button >> nth=0"),
            "seeds": at(f"{home}seeds/"),
            "cards": sent(f"{home}seeds/", number="2"),
            "doubts": at(f"{home}doubts/"),
            "researchers": at(f"{home}researchers/"),
            "institution": at(study.institution.get_absolute_url()),
            "my desk": at("/desk/"),
        },
        by=by,
    )


def surveys_researcher() -> Stage:
    """Somebody with leave to read the answers of the demo's survey, and two others without."""
    demo_town()
    now = datetime.now(UTC)
    study = Study.objects.get(closed_at=None)
    steward = study.institution.memberships.stewards()[0].person
    reader = Person.objects.by_email("dana@college.example")
    leave = ask_to_read(study=study, reason="For a thesis", by=reader, at=now)
    give(access=leave, until=now.date() + timedelta(days=90), by=steward, at=now)
    asked = launch(
        institution=study.institution,
        contact="survey@threerivers.example",
        ethics="ethics@college.example",
        closes_on=now.date() + timedelta(days=60),
        by=steward,
        at=now,
    )
    publish_version(version=asked.versions.get(), by=steward, at=now)
    open_study(study=asked, by=steward, at=now)
    home = study.get_absolute_url()
    return Stage(
        {
            "research with leave": at(f"{home}research/"),
            "research without": at(f"{asked.get_absolute_url()}research/"),
            "research refused": sent(f"{asked.get_absolute_url()}research/", reason=""),
            "research asked": sent(f"{asked.get_absolute_url()}research/", reason="A report"),
            "desk of others": at(f"{home}desk/"),
            "no survey of mine": at("/surveys/desk/"),
        },
        by=reader,
    )
