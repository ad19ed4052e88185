"""The pages of deliveries: stories, calls, bids, the panel, agreements, payments, sums."""

from datetime import UTC, datetime, timedelta

from interlock.web.budgets.actions import close_if_due, publish
from interlock.web.budgets.counting import count_process
from interlock.web.delivery.actions import agreeing, awarding, finishing, paying, stories
from interlock.web.delivery.actions.bids import ask_partner, attach, seal
from interlock.web.delivery.actions.calls import LotSaid, extend, name_custodian, record_elsewhere
from interlock.web.delivery.actions.calls import answer as answer_about
from interlock.web.delivery.actions.calls import ask as ask_about
from interlock.web.delivery.actions.evaluating import declare
from interlock.web.delivery.models import Agreement, Call, Delivery, Payment, PaymentKind
from interlock.web.files.actions import keep
from interlock.web.institutions.actions import accept_role, give_role, register
from interlock.web.institutions.models import Role
from tests.journeys.pages.walking import Stage, at, sent, sent_by, tables, then
from tests.web.delivery.calling import PDF, Fair, make_fair
from tests.web.delivery.chain import AFTER, DAY, DUE, FEW, Chain, new_chain
from tests.web.files.pictures import drawn
from tests.web.files.pictures import sent as picture_file
from tests.world import DOLLARS, both, make_world


def delivery_sums() -> Stage:
    """One project delivered by a worker co-op, one under way and late; a town that funded nothing."""
    chain = new_chain()
    told = {"by": chain.alice, "at": AFTER}
    stories.plan(delivery=chain.delivery, plan=both("Build.", "Construir."), due_on=DUE, **told)
    agreement = chain.agree(1_500_000, 2_500_000)
    chain.accept(agreement, "M1")
    chain.pay(agreement, 1_500_000)
    chain.accept(agreement, "M2")
    chain.pay(agreement, 2_500_000, code="M2", at=AFTER + 300 * DAY)
    finishing.finish(delivery=chain.delivery, **told)
    for other in Delivery.objects.exclude(pk=chain.delivery.pk):
        by_firm = Chain(
            chain.world, other, chain.firm, chain.fred, chain.dan, chain.mill, chain.mia
        )
        by_firm.refresh()
        stories.plan(delivery=other, plan=both("Drive.", "Conducir."), due_on=DUE, **told)
        rain = both("Rain.", "Lluvia.")
        stories.delay(delivery=other, due_on=DUE + 90 * DAY, reason=rain, **told)
        running = by_firm.agree(1_000_000, 2_000_000)
        by_firm.accept(running)
        by_firm.pay(running, 1_000_000)
    slug = chain.world.process.slug
    none = make_world().open().close().count().publish().process.slug
    say_it = f"/delivery/sums/kept/{chain.mill.slug}/{AFTER.year}/USD/"
    return Stage(
        {
            "what became of it": then(at(f"/delivery/{slug}/sums/"), *tables(2)),
            "what became of nothing": at(f"/delivery/{none}/sums/"),
            "no package of nothing": at(f"/delivery/{none}/ocds.json"),
            "what it adds up to": then(at("/delivery/sums/"), *tables(1)),
            "what one process adds up to": at(f"/delivery/sums/?process={slug}"),
            "no such month": at("/delivery/coop-contracts.csv?begins=13"),
            "what stayed": at(f"/delivery/sums/kept/{chain.mill.slug}/"),
            "say what stayed": at(say_it),
            "say what stayed, refused": sent(say_it, wages="90000"),
            "data": at("/data/"),
        },
        by=chain.mia,
    )


def chain_today() -> tuple[Chain, datetime]:
    """A town whose result was published some weeks ago, and the hour it is."""
    at_once = datetime.now(UTC)
    world = make_world(
        letters=FEW, at=at_once - timedelta(days=60), closes_at=at_once - timedelta(days=30)
    )
    world.open(at=at_once - timedelta(days=59)).cast_many(FEW)
    close_if_due(process=world.process, at=at_once - timedelta(days=30))
    count_process(process=world.process, at=at_once - timedelta(days=29))
    publish(process=world.refresh(), at=at_once - timedelta(days=28), by=world.alice)
    world.refresh()
    return new_chain(world=world), at_once


def delivered() -> tuple[Chain, datetime, Agreement, Payment]:
    """A project half done by the Mill, with a picture, a delay, a rejected report, payments."""
    chain, now = chain_today()
    held, by = chain.delivery, chain.alice
    day = now.date()
    plan = both(
        "Shelves first, then the counter.\n\n- 555-0142", "Primero los estantes.\n\n- 555-0142"
    )
    began = now - timedelta(days=20)
    stories.plan(
        delivery=held, plan=plan, due_on=day - timedelta(days=3), by=by, at=now - timedelta(days=27)
    )
    stories.follow(delivery=held, person=chain.world.bob, at=began)
    award = chain.award(
        4_500_000, at=began - timedelta(days=1), standstill_days=0,
        scope=both("Building and furnishing", "Construcción y muebles"),
    )  # fmt: skip
    terms = chain.terms(1_500_000, 2_500_000, 500_000, advance=800_000, retainage=500)
    agreement = chain.sign(chain.draft(award, terms, began), began)
    chain.pay(agreement, 800_000, kind=PaymentKind.ADVANCE, at=began)
    chain.accept(agreement, "M1", at=now - timedelta(days=10))
    agreement.refresh_from_db()
    paid = chain.pay(agreement, agreement.payable, at=now - timedelta(days=9))
    paying.confirm_receipt(
        payment=paid, amount=paid.amount - 2_500, received_on=day, by=chain.mia, at=now
    )
    reason = both("The boards came late.", "Las tablas llegaron tarde.")
    stories.delay(
        delivery=held, due_on=day - timedelta(days=1), reason=reason, by=by,
        at=now - timedelta(days=8),
    )  # fmt: skip
    file = picture_file(drawn(size=(900, 500), color="darkolivegreen", corner="tan"))
    stories.news(
        delivery=held, acting=chain.mill, text=both("The shelves stand.", "Los estantes están."),
        picture=keep(file=file, size=file.size or 0, at=now),
        picture_alt=both("Shelves with tools", "Estantes con herramientas"),
        by=chain.mia, at=now - timedelta(days=5),
    )  # fmt: skip
    answer = both("The counter is missing.", "Falta el mostrador.")
    paying.accept(
        report=chain.report(agreement, "M2", now - timedelta(days=4)), outcome="notMet",
        reason=answer, by=by, at=now - timedelta(days=3),
    )  # fmt: skip
    return chain, now, agreement, paid


def deliveries() -> Stage:
    """What anybody reads: all projects, one vote, one project, its award, agreement and payment."""
    chain, now, agreement, paid = delivered()
    home = chain.delivery.get_absolute_url()
    chain.change(
        agreement, chain.terms(1_500_000, 2_500_000, 600_000, advance=800_000, retainage=500), now
    )
    award = agreement.award.get_absolute_url()
    slug = chain.world.process.slug
    other = Delivery.objects.exclude(pk=chain.delivery.pk).get()
    return Stage(
        {
            "all": at("/delivery/"),
            "stage": at("/delivery/?stage=done"),
            "vote": at(f"/delivery/{slug}/"),
            "project": at(home),
            "prepared": at(other.get_absolute_url()),
            "award": at(award),
            "agreement": at(agreement.get_absolute_url()),
            "versions": at(f"{agreement.get_absolute_url()}versions/"),
            "payment": at(paid.get_absolute_url()),
        }
    )


def delivery_officer() -> Stage:
    """What an officer sees and fills in."""
    chain, now, agreement, paid = delivered()
    home = chain.delivery.get_absolute_url()
    report = chain.report(agreement, "M2", now)
    invoice = chain.invoice(agreement, 100, code="M2", at=now)
    other = Delivery.objects.select_related("project__process").exclude(pk=chain.delivery.pk).get()
    stories.plan(
        delivery=other, plan=both("Shade.", "Sombra."), due_on=None, by=chain.alice, at=now
    )
    next_home = other.get_absolute_url()
    small = awarding.award_directly(
        delivery=other, kind="direct", suppliers=[chain.mill, chain.firm], value=400_000,
        reasons=both("Small.", "Pequeño."), by=chain.alice, at=now,
    )  # fmt: skip
    complaint = awarding.complain(
        award=small, institution=chain.world.carol.memberships.get().institution,
        text="555-0199", by=chain.world.carol, at=now,
    )  # fmt: skip
    again = agreement.award.pk
    notice = small.get_absolute_url()
    return Stage(
        {
            "project": at(home),
            "plan": at(f"{home}plan/"),
            "delay": at(f"{home}delay/"),
            "wrong delay": sent(f"{home}delay/", due_on="2020-01-01", reason_0="A", reason_1="B"),
            "news": at(f"{home}news/"),
            "done": at(f"{home}done/"),
            "give back": at(f"{home}give-back/"),
            "not done": sent(f"{home}done/"),
            "next": at(next_home),
            "award": at(f"{next_home}award/?q=mill"),
            "nobody": at(f"{next_home}award/?q=nobody"),
            "wrong award": sent_by("main form[method=post] >> nth=-1", f"{next_home}award/?q=mill"),
            "notice": at(notice),
            "answer complaint": at(f"{notice}complaints/{complaint.pk}/"),
            "annul": at(f"{notice}annul/"),
            "draft": at(f"{notice}draft/"),
            "wrong draft": sent(f"{notice}draft/", **{"part-0-amount": "1"}),
            "change": at(f"/delivery/awards/{again}/draft/"),
            "agreement": at(agreement.get_absolute_url()),
            "end": at(f"{agreement.get_absolute_url()}end/"),
            "answer": at(f"/delivery/reports/{report.pk}/"),
            "plan payment": at(f"{agreement.get_absolute_url()}payments/"),
            "invoice": at(invoice.get_absolute_url()),
            "differ": at(paid.get_absolute_url()),
            "reverse": at(f"{invoice.get_absolute_url()}reverse/"),
            "desk": at("/desk/"),
        },
        chain.alice,
    )


def delivery_partner() -> Stage:
    """What those who deliver see: a draft to sign, a milestone to report, a payment to confirm."""
    chain, now, agreement, _paid = delivered()
    award = chain.award(200_000, at=now, standstill_days=0)
    version = chain.draft(award, chain.terms(200_000), now)
    agreeing.sign(version=version, acting=chain.city, by=chain.alice, at=now)
    planned = paying.plan_payment(
        agreement=agreement, kind="milestone", amount=10_000, payee=chain.mill, code="M2",
        by=chain.alice, at=now,
    )  # fmt: skip
    first = Payment.objects.order_by("pk")[0]
    return Stage(
        {
            "project": at(chain.delivery.get_absolute_url()),
            "draft": at(version.agreement.get_absolute_url()),
            "agreement": at(agreement.get_absolute_url()),
            "report": at(f"{agreement.get_absolute_url()}report/M2/"),
            "planned": at(planned.get_absolute_url()),
            "invoice": at(f"{planned.get_absolute_url()}invoice/"),
            "paid": at(first.get_absolute_url()),
            "confirm": at(f"{first.get_absolute_url()}confirm/"),
        },
        chain.mia,
    )


def fair_of_calls() -> tuple[Fair, dict[str, Call]]:
    """A call at each stage, for small parts of the tool library; a co-op and a firm bid."""
    now = datetime.now(UTC)
    later = now + timedelta(days=31)
    fair = make_fair(make_world(closes_at=now + timedelta(days=14)), now)
    lots = [LotSaid(both("The shelves", "Los estantes"), 8_000 * DOLLARS)]
    made = {"draft": fair.call(now, lots=lots, has_custodians=True)}
    for person, name in ((fair.ana, "Ana Ruiz"), (fair.ben, "Ben Okafor")):
        name_custodian(call=made["draft"], person=person, name=name, by=fair.alice, at=now)
    for name in ("open", "closed", "opened", "ranked"):
        made[name] = fair.preferring(now, lots=lots)
        for lead, by, price in ((fair.spokes, fair.bob, 7_500), (fair.firm, fair.finn, 7_200)):
            bid = fair.draft(made[name], lead, by, price)
            attach(bid=bid, by=by, name="plan.pdf", data=PDF)
            seal(bid=bid, by=by, at=now)
    for text, answer in (("Is there power?", "Yes, two sockets."), ("Who keeps the key?", "")):
        question = ask_about(call=made["open"], text=text, by=fair.finn, at=now)
        if answer:
            answer_about(question=question, answer=both(answer, "Sí, dos."), by=fair.alice, at=now)
    extend(
        call=made["open"], closes_at=later, reason=both("A storm.", "Una tormenta."),
        by=fair.alice, at=now,
    )  # fmt: skip
    record_elsewhere(
        issuer=fair.city, acting=fair.city, by=fair.alice, at=now,
        url="https://bids.example.org/12", title=both("Street trees", "Árboles de calle"),
        scope=both("Plant forty trees.", "Plantar cuarenta árboles."),
        closes_at=later, zone="America/Chicago", currency="USD",
    )  # fmt: skip
    made["closed"] = fair.closed(made["closed"], later)
    made["opened"] = fair.opened(made["opened"], later)
    made["ranked"] = fair.ranked(made["ranked"], later)
    return fair, made


def calls_for_all() -> Stage:
    _fair, made = fair_of_calls()
    return Stage(
        {
            "calls": at("/delivery/calls/"),
            "past calls": at("/delivery/calls/?state=past"),
            "no call found": at("/delivery/calls/?near=Boston"),
            "open call": then(at(made["open"].get_absolute_url()), "summary >> nth=0"),
            "opened call": at(made["opened"].get_absolute_url()),
            "ranking": at(f"{made['ranked'].get_absolute_url()}ranking/"),
            "no ranking yet": at(f"{made['open'].get_absolute_url()}ranking/"),
        }
    )


def calls_of_organiser() -> Stage:
    fair, made = fair_of_calls()
    ways = {
        f"organise {name}": at(f"{call.get_absolute_url()}organise/") for name, call in made.items()
    }
    return Stage(
        {
            "calls with a draft": at("/delivery/calls/"),
            "new call": at(f"/delivery/calls/new/{fair.delivery.pk}/"),
            "new call sent": sent(f"/delivery/calls/new/{fair.delivery.pk}/", lot_0_budget="900"),
            "edit call": at(f"{made['draft'].get_absolute_url()}edit/"),
            "call elsewhere": at("/delivery/calls/elsewhere/"),
            **ways,
        },
        fair.alice,
    )


def calls_of_bidder() -> Stage:
    fair, made = fair_of_calls()
    call = made["open"].get_absolute_url()
    bid = made["open"].bids.get(lead=fair.spokes)
    partner = register(
        name="Mill Cooperative", kind="worker_coop", steward=fair.ana, at=datetime.now(UTC)
    )
    ask_partner(bid=bid, institution=partner, by=fair.bob, at=datetime.now(UTC))
    steps = {
        f"bid {name}": at(f"{call}bid/{bid.pk}/{name}/")
        for name in ("price", "plan", "partners", "files", "sign")
    }
    return Stage(
        {
            "begin a bid": at(f"{call}bid/"),
            "bid": at(f"{call}bid/{bid.pk}/"),
            **steps,
            "bid partners found": at(f"{call}bid/{bid.pk}/partners/?q=green"),
            "bid price too high": sent(f"{call}bid/{bid.pk}/price/", lot_1="9000"),
        },
        fair.bob,
    )


def calls_of_panelist() -> Stage:
    fair, made = fair_of_calls()
    opened = made["opened"]
    scores = f"{opened.get_absolute_url()}scores/"
    seat = opened.panel.get(person=fair.ben)
    declare(panelist=seat, by=fair.ben, at=datetime.now(UTC), conflicts={})
    offer = fair.offer(opened, fair.spokes)
    return Stage(
        {
            "scores": at(scores),
            "score": at(f"{scores}{offer.pk}/"),
            "sealed scores": at(f"{made['ranked'].get_absolute_url()}scores/"),
            "custody": at(f"{made['draft'].get_absolute_url()}custody/"),
            "code of a custodian": then(
                at(f"{made['draft'].get_absolute_url()}custody/"), "main button"
            ),
        },
        fair.ben,
    )


def calls_to_declare() -> Stage:
    fair, made = fair_of_calls()
    return Stage({"declare": at(f"{made['opened'].get_absolute_url()}scores/")}, fair.ana)


def calls_with_a_conflict() -> Stage:
    """Ana became a member of the co-op when she had declared: told before the ranking, and after it."""
    fair, made = fair_of_calls()
    now = datetime.now(UTC)
    opened, ranked = made["opened"], made["ranked"].get_absolute_url()
    fair.score_all(opened, now)
    given = give_role(
        institution=fair.spokes, person=fair.ana, role=Role.MEMBER, by=fair.bob, at=now
    )
    accept_role(membership=given, by=fair.ana, at=now)
    return Stage(
        {
            "organise opened": at(f"{opened.get_absolute_url()}organise/"),
            "ranking": at(f"{ranked}ranking/"),
            "organise ranked": at(f"{ranked}organise/"),
            "ranked again": then(at(f"{ranked}organise/"), "main section form button >> nth=0"),
            "made again": at(f"{ranked}ranking/"),
        },
        fair.alice,
    )
