"""The pages of the observatory: the register of policies, the paradigm, what could be done next."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from playwright.sync_api import Page

from interlock.web.observatory import observing, reporting
from interlock.web.observatory.actions import ask, ask_held_due
from interlock.web.observatory.measuring import measure_due, request_editions
from interlock.web.observatory.models import Asked, Edition, Policy, Portrait, State
from interlock.web.observatory.reckoning import reckon_due
from interlock.web.people.models import Person
from interlock.web.surveys.actions import publish_analysis, request_analysis
from interlock.web.surveys.analysing import analyse_due
from interlock.web.surveys.models import Analysis
from tests.journeys.pages.walking import Stage, at, demo_town, held, sent, then, then_all, unfolded
from tests.web.surveys.asked import make_asked
from tests.web.surveys.studies import fill

LIST = "/observatory/policies/"


def observatory_empty() -> Stage:
    return Stage(
        {
            "observatory": at("/observatory/"),
            "paradigm, no evidence": at("/observatory/paradigm/"),
            "policies, none": at(LIST),
            "codebook": at(f"{LIST}codebook/"),
            "potential, no project": at("/observatory/potential/"),
            "potential, no need": at("/observatory/potential/?what=needs"),
            "potential, no place": at("/observatory/potential/?what=places&where=Nowhere"),
        }
    )


def _of(state: State) -> str:
    return Policy.objects.filter(state=state).latest("pk").get_absolute_url()


def _without_a_reason(page: Page) -> None:
    form = "form[action$='/withdraw/']"
    page.locator(form).evaluate("form => { form.noValidate = true }")
    page.locator(f"{form} button").click()
    page.wait_for_load_state()


def observatory_filled() -> Stage:
    """The demo's policies, worked out, and what could be done next, seen by one who codes and keeps."""
    demo_town()
    reckon_due(datetime.now(UTC), lambda: False)
    keeper = Person.objects.get(email="desk@threerivers.example")
    code, apart, proposed = (_of(state) for state in (State.TO_CODE, State.APART, State.PROPOSED))
    return Stage(
        {
            "paradigm": at("/observatory/paradigm/"),
            "policies": at(LIST),
            "policies, narrowed": at(f"{LIST}?order=2&direction=towards"),
            "policies, none found": at(f"{LIST}?q=zeppelin"),
            "policy alike": unfolded(_of(State.ALIKE)),
            "policy settled": at(_of(State.SETTLED)),
            "policy apart": at(apart),
            "policy to code": at(code),
            "policy proposed": at(proposed),
            "policy not withdrawn": then_all(unfolded(proposed), _without_a_reason),
            "code": at(f"{code}code/"),
            "code refused": sent(f"{code}code/", reason=""),
            "settle": at(f"{apart}code/"),
            "propose": at(f"{LIST}new/"),
            "propose refused": sent(f"{LIST}new/", title=""),
            "correct": at(f"{proposed}edit/"),
            "correct, coded": at(f"{apart}edit/"),
            "potential": at("/observatory/potential/"),
            "potential, needs": at("/observatory/potential/?what=needs"),
            "potential, places": at("/observatory/potential/?what=places"),
            "potential, counties": at("/observatory/potential/?what=places&by=county"),
            "desk with policies": at("/desk/"),
        },
        by=keeper,
    )


def observatory_reader() -> Stage:
    """A policy that waits, withdrawn, and not for everybody."""
    demo_town()
    withdrawn = Policy.objects.filter(state=State.TO_CODE).latest("pk")
    withdrawn.state, withdrawn.withdrawn_at = State.WITHDRAWN, datetime.now(UTC)
    withdrawn.withdrawn_because = "The letter is no policy."
    withdrawn.save()
    return Stage(
        {
            "policy withdrawn": at(withdrawn.get_absolute_url()),
            "policies withdrawn": then(at(f"{LIST}?state=withdrawn"), "h3 a"),
            "policy of nobody": at(_of(State.PROPOSED)),
            "policy to correct": at(f"{_of(State.ALIKE)}edit/"),
        },
        by=Person.objects.by_email("resident@elsewhere.example"),
    )


def observatory_measured() -> Stage:
    """The demo's register, measured; an edition of a month ago, of a state and of a metro that are made up.

    Another metro waits for its first.
    """
    demo_town()
    now = datetime.now(UTC)
    request_editions(now)
    while measure_due(now, lambda: False):
        pass
    one = Edition.objects.get(place="")
    before, made_up = one.day - timedelta(days=31), {"synthetic": True}
    for place, day, mark in (
        ("", before, {}),
        ("US-NY", one.day, made_up),
        ("35620", one.day, made_up),
    ):
        Edition.objects.create(
            place=place,
            day=day,
            requested_at=now,
            done_at=now,
            records=one.records | mark,
            outcome=one.outcome | mark,
        )
    Portrait.objects.filter(institution__slug="northside-neighbors").delete()
    asked = make_asked()
    fill(asked.study, 140)
    analysis = request_analysis(study=asked.study, by=asked.dora, at=now)
    while analyse_due(now, lambda: False):
        pass
    publish_analysis(analysis=Analysis.objects.get(pk=analysis.pk), by=asked.dora, at=now)
    Edition.objects.create(place="16980", day=one.day, requested_at=one.requested_at)
    return Stage(
        {
            "measured": at("/observatory/"),
            "profile": unfolded("/observatory/profile/"),
            "profile of a state, made up": at("/observatory/profile/US-NY/"),
            "institution beside chance": unfolded("/observatory/institution/city-of-riverbend/"),
            "institution with nothing to measure": at(
                "/observatory/institution/northside-neighbors/"
            ),
            "profile of a metro, made up": unfolded("/observatory/profile/35620/"),
            "profile of a metro, to come": at("/observatory/profile/16980/"),
            "profile of a month ago": at(f"/observatory/profile/?day={before}"),
        }
    )


@patch.object(observing, "RESAMPLES", 99)
@patch.object(reporting, "pdf", lambda *_: (None, "missing"))
def observatory_lists() -> Stage:
    """Somebody's own lists: one that waits, one that cannot be read, one answered, one that failed.

    Drawn less often than for people who want to know, and without the PDFs, which take seconds each.
    """
    by = Person.objects.by_email("rosa@example.org")
    now = datetime.now(UTC)
    areas = "code,name,population,pb,coops\n" + "".join(
        f"{code},Area {code},{(code % 9 + 1) * 40_000},{'yes' if code % 7 == 0 else 'no'},{code % 5}\n"
        for code in range(1, 61)
    )
    texts = {"answered": areas, "wrong": "code,folk\n1,many\n", "failed": areas, "waits": areas}
    found = {}
    ask_held_due(now)
    while observing.observe_held_due(now, lambda: False):
        pass
    for name, text in texts.items():
        files = {"areas": (f"{name}_as_exported_in_november_with_a_long_name.csv", text.encode())}
        made = ask(by=by, at=now, files=files, columns={}, is_synthetic=name == "answered")
        found[name] = at(made.get_absolute_url())
        if name == "failed":
            Asked.objects.filter(pk=made.pk).update(failure="The disk is full.")
        elif name != "waits":
            assert observing.observe_due(now, lambda: False)
    lists, held_answer = "/observatory/lists/", Asked.objects.filter(by=None).latest("pk")
    return Stage(
        {
            "ask": unfolded(lists),
            "ask refused": sent(lists),
            **found,
            "held": unfolded("/observatory/held/"),
            "held answer": at(held_answer.get_absolute_url()),
            "waits": held(Asked.objects.latest("pk").get_absolute_url()),
        },
        by=by,
    )
