"""The story of a delivery: recorded, planned, delayed, told, stuck, going on, done, given up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from interlock.web.budgets.actions import create_process, publish
from interlock.web.budgets.models import Process
from interlock.web.delivery.actions import agreeing, awarding, finishing, paying, stories
from interlock.web.delivery.models import AwardKind, Delivery, Outcome, Stage, Step
from interlock.web.delivery.views.stories import STEPS_A_PAGE
from interlock.web.files.actions import keep
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.record.models import Audience, Entry
from interlock.web.record.wording import sentence
from tests.web.delivery.chain import AFTER, BEGIN, DAY, DUE, FEW, Chain, called
from tests.web.files.pictures import sent
from tests.world import CLOSE, World, both


def steps(chain: Chain) -> list[str]:
    return [one.kind for one in Step.objects.filter(delivery=chain.delivery).order_by("pk")]


def mails() -> list[str]:
    """To whom what was written since the last look."""
    found = [f"{one.to}: {one.subject.split(' / ')[0]}" for one in Mail.objects.order_by("pk")]
    Mail.objects.all().delete()
    return found


def test_published_result_begins_a_delivery_for_each_funded_project(world: World) -> None:
    world.open().cast_many(FEW).close().count()
    assert Delivery.objects.count() == 0
    publish(process=world.process, at=CLOSE, by=world.alice)
    made = [(one.project.ref, one.cost, one.responsible) for one in Delivery.objects.all()]
    assert made == [("1", 6_400_000, world.city), ("3", 4_800_000, world.city)]
    (entry,) = Entry.objects.filter(act="delivery.recorded")
    assert (entry.subject, entry.audience) == (f"process/{world.process.slug}", Audience.PUBLIC)
    assert sentence(entry) == (
        "What becomes of the 2 projects that “Riverbend decides” funded is on record from now on."
    )


def test_what_was_published_before_is_recorded_once(chain: Chain) -> None:
    process = chain.world.process
    assert stories.ask_for_records(process=process, by=chain.alice, at=BEGIN) == []
    assert Delivery.objects.count() == 2
    assert Entry.objects.filter(act="delivery.recorded").count() == 1
    with pytest.raises(Refused, match="look after"):
        stories.ask_for_records(process=process, by=chain.mia, at=BEGIN)


def test_nothing_is_recorded_of_a_result_that_is_not_published(world: World) -> None:
    counted = world.open().cast_many(FEW).close().count().process
    with pytest.raises(Refused, match="not published"):
        stories.record_funded(process=counted, at=CLOSE)


def test_plan_and_delay_tell_the_days_before_and_after(chain: Chain) -> None:
    told = {"delivery": chain.delivery, "by": chain.alice, "at": BEGIN}
    stories.plan(**told, plan=both("In autumn.", "En otoño."), due_on=DUE)
    stories.plan(**told, plan="Sooner.", due_on=DUE - timedelta(days=1))
    with pytest.raises(Refused, match="a delay has a reason"):
        stories.plan(**told, plan="Later.", due_on=DUE)
    with pytest.raises(Refused, match="A delay has a reason"):
        stories.delay(**told, due_on=DUE, reason=" ")
    with pytest.raises(Refused, match="to a later day"):
        stories.delay(**told, due_on=DUE - timedelta(days=1), reason="Rain")
    stories.delay(**told, due_on=DUE, reason="Rain")
    last = Step.objects.filter(delivery=chain.delivery).first()
    assert last
    assert (last.kind, last.due_before, last.due_after, str(last.text)) == (
        "delayed", DUE - timedelta(days=1), DUE, "Rain",
    )  # fmt: skip
    assert chain.refresh().due_on == DUE


def test_no_delay_without_a_day_to_delay(chain: Chain) -> None:
    with pytest.raises(Refused, match="no day yet"):
        stories.delay(delivery=chain.delivery, due_on=DUE, reason="Rain", by=chain.alice, at=BEGIN)


def test_followers_are_told_of_each_step_and_the_others_are_not(chain: Chain) -> None:
    bob = chain.world.bob
    for _twice in range(2):
        stories.follow(delivery=chain.delivery, person=bob, at=BEGIN)
    stories.follow(delivery=chain.delivery, person=chain.alice, at=BEGIN)
    Mail.objects.all().delete()
    told = {"delivery": chain.delivery, "by": chain.alice, "at": BEGIN}
    stories.news(**told, acting=chain.city, text=both("It begins.", "Empieza."))
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (
        "bob@example.org", "Tool library: News / Biblioteca de herramientas: Novedades",
    )  # fmt: skip
    assert ("It begins." in mail.text, "Empieza." in mail.text) == (True, True)
    assert chain.delivery.get_absolute_url() in mail.text
    stories.unfollow(delivery=chain.delivery, person=bob)
    mails()
    stories.news(**told, acting=chain.city, text="More.")
    assert mails() == []


def test_who_delivers_tells_news_too_once_it_was_awarded(chain: Chain) -> None:
    told = {"delivery": chain.delivery, "acting": chain.mill, "by": chain.dan, "at": BEGIN}
    with pytest.raises(Refused, match="Mill has no part in this delivery"):
        stories.news(**told, text="We build.")
    chain.award(100)
    assert stories.news(**told, text="We build.").by == chain.mill
    with pytest.raises(Refused, match="Only stewards and delegates"):
        stories.news(**{**told, "by": chain.fred}, text="We build.")
    with pytest.raises(Refused, match="look after this institution"):
        stories.news(**{**told, "acting": chain.city}, text="We build.")


def test_picture_needs_words(chain: Chain) -> None:
    file = sent()
    picture = keep(file=file, size=file.size or 0, at=BEGIN)
    told = {"delivery": chain.delivery, "acting": chain.city, "by": chain.alice, "at": BEGIN}
    with pytest.raises(Refused, match="needs words"):
        stories.news(**told, text="Look.", picture=picture)
    step = stories.news(**told, text="Look.", picture=picture, picture_alt="Shelves")
    assert step.picture == picture


def test_stuck_says_at_what_and_goes_on(chain: Chain) -> None:
    told = {"delivery": chain.delivery, "by": chain.alice, "at": BEGIN}
    with pytest.raises(Refused, match="not stuck"):
        stories.resume(**told)
    with pytest.raises(Refused, match="what it is stuck at"):
        stories.stop(**told, reason="")
    assert stories.stop(**told, reason="No permit.").stage == Stage.STUCK
    with pytest.raises(Refused, match="already"):
        stories.stop(**told, reason="No permit.")
    assert stories.resume(**told).stage == Stage.PREPARING
    assert steps(chain) == ["stuck", "resumed"]


def test_only_officers_tell_where_it_stands(chain: Chain) -> None:
    chain.award(100)
    for by in (chain.mia, chain.dan, chain.fred, chain.world.bob, chain.world.carol):
        told = {"delivery": chain.delivery, "by": by, "at": BEGIN}
        acts: list[Callable[[], object]] = [
            lambda told=told: stories.plan(**told, plan="So", due_on=DUE),
            lambda told=told: stories.delay(**told, due_on=DUE, reason="So"),
            lambda told=told: stories.stop(**told, reason="So"),
            lambda told=told: stories.resume(**told),
            lambda told=told: finishing.finish(**told),
            lambda told=told: finishing.give_up(**told, reason="So"),
        ]
        for act in acts:
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.status == 403


def test_done_gives_the_rest_back_and_nothing_more_happens(chain: Chain) -> None:
    agreement = chain.agree(1_000_000)
    told = {"delivery": chain.delivery, "by": chain.alice, "at": AFTER}
    with pytest.raises(Refused, match="not all accepted"):
        finishing.finish(**told)
    chain.accept(agreement)
    done = finishing.finish(**told, text=both("It opens on Sunday.", "Abre el domingo."))
    assert (done.stage, chain.refresh().returned) == (Stage.DONE, 3_800_000)
    assert steps(chain)[-2:] == ["returned", "done"]
    for act in (
        lambda: finishing.finish(**told),
        lambda: finishing.give_up(**told, reason="So"),
        lambda: stories.stop(**told, reason="So"),
        lambda: chain.award(1),
        lambda: awarding.give_back(**told),
        lambda: chain.change(agreement, chain.terms(1_000_001)),
    ):
        with pytest.raises(Refused, match="This delivery is done"):
            act()
    # It is paid, and people tell how it is used, after it is done.
    chain.pay(agreement, 1_000_000)
    stories.news(**told, acting=chain.city, text="So many tools.")


def test_nothing_awarded_is_not_done(chain: Chain) -> None:
    told = {"delivery": chain.delivery, "by": chain.alice, "at": AFTER}
    with pytest.raises(Refused, match="Nothing was awarded"):
        finishing.finish(**told)
    award = chain.award(100)
    with pytest.raises(Refused, match="no signed agreement"):
        finishing.finish(**told)
    awarding.annul(award=award, reason="So", by=chain.alice, at=BEGIN)
    chain.award(100, kind=AwardKind.OWN, to=[chain.city])
    assert finishing.finish(**told).stage == Stage.DONE


def test_given_up_only_when_nobody_is_bound_by_it(chain: Chain) -> None:
    told = {"delivery": chain.delivery, "by": chain.alice, "at": AFTER}
    with pytest.raises(Refused, match="Say why"):
        finishing.give_up(**told, reason=" ")
    agreement = chain.agree(1_000_000)
    with pytest.raises(Refused, match="An agreement runs"):
        finishing.give_up(**told, reason="No site")
    other = chain.award(5)
    with pytest.raises(Refused, match="annul the award"):
        finishing.give_up(**told, reason="No site")
    awarding.annul(award=other, reason="So", by=chain.alice, at=BEGIN)
    chain.accept(agreement, amount=400_000)
    agreeing.end(agreement=agreement, reason="No site", by=chain.alice, at=AFTER)
    given_up = finishing.give_up(**told, reason="No site")
    assert given_up.stage == Stage.GIVEN_UP
    held = chain.refresh()
    assert (held.awarded, held.returned) == (400_000, 4_400_000)


def test_no_end_while_a_call_is_open(chain: Chain) -> None:
    called(chain, 5, 10)
    chain.award(100, kind=AwardKind.OWN, to=[chain.city])
    with pytest.raises(Refused, match="A call for it is open"):
        finishing.finish(delivery=chain.delivery, by=chain.alice, at=AFTER)


def test_rejected_report_is_told_with_its_reason(chain: Chain) -> None:
    agreement = chain.agree(1_000_000)
    paying.accept(
        report=chain.report(agreement),
        outcome=Outcome.NOT_MET,
        reason="Nothing is there.",
        by=chain.alice,
        at=AFTER + DAY,
    )
    last = Step.objects.filter(delivery=chain.delivery).first()
    assert last
    assert (last.kind, last.amount, str(last.text), str(last.about)) == (
        "accepted", 0, "Nothing is there.", "Part 1",
    )  # fmt: skip


def test_process_never_has_the_address_of_something_else_here(world: World) -> None:
    made = create_process(institution=world.city, title="Calls", at=BEGIN, by=world.alice)
    assert made.slug == "calls-2"


def test_a_long_story_is_read_page_by_page(chain: Chain, client: Client) -> None:
    for number in range(STEPS_A_PAGE + 1):
        stories.news(
            delivery=chain.delivery,
            acting=chain.city,
            text=f"News {number:02}.",
            by=chain.alice,
            at=BEGIN + number * DAY,
        )
    page = chain.delivery.get_absolute_url()
    first, second = (client.get(page, {"page": number}).content.decode() for number in (1, 2))
    assert ("News 30." in first, "Why it was funded" in first) == (True, False)
    assert ("News 30." in second, "Why it was funded" in second) == (False, True)


def test_late_is_told_by_the_day_it_is_in_the_town(chain: Chain, client: Client) -> None:
    now = datetime.now(UTC)
    zone = "Etc/GMT+12" if now.hour < 12 else "Pacific/Kiritimati"
    there = now.astimezone(ZoneInfo(zone)).date()
    assert there != now.date()
    Process.objects.update(zone=zone)
    Delivery.objects.update(due_on=min(there, now.date()))
    assert ("Late" in client.get("/delivery/").content.decode()) == (there > now.date())


def test_what_is_accepted_in_part_is_told_so(chain: Chain) -> None:
    chain.accept(chain.agree(1_800_000), amount=1_200_000)
    told = Step.objects.filter(delivery=chain.delivery).latest("pk")
    assert (told.kind, told.amount) == ("in_part", 1_200_000)
    assert str(told.heading) == "Accepted in part: Part 1"
    assert "was accepted in part" in sentence(Entry.objects.get(act="delivery.in_part"))


def test_page_of_a_process_tells_what_is_stuck_or_was_put_off(chain: Chain, client: Client) -> None:
    page = f"/delivery/{chain.world.process.slug}/"
    assert "None is late, stuck or moved to a later day." in client.get(page).content.decode()
    stories.plan(delivery=chain.delivery, plan="So.", due_on=DUE, by=chain.alice, at=BEGIN)
    stories.delay(
        delivery=chain.delivery, due_on=DUE + DAY, reason="Rain.", by=chain.alice, at=BEGIN
    )
    stories.stop(delivery=chain.delivery, reason="No permit.", by=chain.alice, at=BEGIN)
    told = client.get(page).content.decode()
    assert "1 is stuck." in told
    assert "1 was moved to a later day than first said." in told
    assert "No permit." in client.get(chain.delivery.get_absolute_url()).content.decode()
