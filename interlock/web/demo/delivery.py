"""What became of what Riverbend chose last year: one project done, one under way, one stuck, one that
looks for somebody to deliver it, and one in preparation."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from i18nfield.strings import LazyI18nString

from interlock.web.delivery.actions import (
    agreeing,
    awarding,
    bids,
    calls,
    evaluating,
    finishing,
    paying,
    stories,
)
from interlock.web.delivery.actions.agreeing import Part, Terms
from interlock.web.delivery.actions.calls import CriterionSaid, LotSaid
from interlock.web.delivery.models import (
    Agreement,
    AwardKind,
    Call,
    Delivery,
    Offer,
    Outcome,
    PaymentKind,
)
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.models import Person

DAY = timedelta(days=1)
CENTS = 100
#: Who else builds around here; both made up.
# fmt: off
BUILDERS: Mapping[str, Mapping[str, Any]] = {
    "Kiln Street Builders Cooperative": {
        "name": ("Kiln Street Builders Cooperative", "Cooperativa de Construcción Calle del Horno"), "kind": Kind.WORKER_COOP,
        "about": ("Fourteen fictional builders who own their firm: masonry, carpentry, ramps.", "Catorce personas ficticias de la construcción, dueñas de su empresa: albañilería, carpintería, rampas."),
        "structure": "OS115", "membership_type": "BMT30", "activity": "AM90", "street": "31 Kiln Street", "postcode": "00003",
        "latitude": 40.5079, "longitude": -89.6612, "workers": 14, "workers_year": 2026, "members": 12, "members_year": 2026, "email": "office@kilnstreet.example",
    },
    "Oxbow Builders": {
        "name": ("Oxbow Builders", "Construcciones Meandro"), "kind": "firm",
        "about": ("A fictional family firm of builders.", "Una empresa familiar ficticia de construcción."),
        "activity": "AM90", "street": "5 Quarry Road", "postcode": "00003", "latitude": 40.5161, "longitude": -89.6588, "workers": 26, "workers_year": 2026, "email": "bids@oxbow.example",
    },
}
PANEL = (("jo@riverbend.example", "Jo Alvarez, parks department"), ("sam@riverbend.example", "Sam Whitfield, elected delegate of the Harbor"))
# fmt: on
LAW = (
    (
        "Riverbend Municipal Code 3.14.070 (made up): in evaluating bids under $100,000, the price of a firm "
        "owned and governed by its workers counts as ten per cent lower."
    ),
    (
        "Código Municipal de Riverbend 3.14.070 (inventado): al valorar ofertas de menos de 100 000 dólares, "
        "el precio de una empresa que es de quienes trabajan en ella cuenta como un diez por ciento menor."
    ),
)


def make(
    institutions: dict[str, Institution], people: Mapping[str, Person], *, at: datetime
) -> None:
    """By the verbs that people use, from the day on which the result was published."""
    office = people["organiser"]
    builders = {
        name: Person.objects.by_email(str(said["email"])) for name, said in BUILDERS.items()
    }
    for name, said in BUILDERS.items():
        texts = {"name": both(*said["name"]), "about": both(*said["about"])}
        where = {"place": "Riverbend", "region": "Illinois", "country": "US", "scope": "local"}
        told = {**said, **where, **texts}
        institutions[name] = register(
            **told, at=at - 275 * DAY, steward=builders[name], is_synthetic=True
        )
    town = Town(institutions, {**people, **builders}, office)
    began = town.delivery("Bike kitchen").recorded_at
    town.bike_kitchen(began)
    town.day_garden(began, at)
    town.trees(began, at)
    town.library_ramp(at)
    town.dock_road(began, at)
    town.street_trees(at)


def both(en: str, es: str) -> LazyI18nString:
    return LazyI18nString({"en": en, "es": es})


def _evening(at: datetime) -> datetime:
    """Five in the afternoon in Riverbend, in winter."""
    return at.replace(hour=23, minute=0, second=0, microsecond=0)


def _day(at: datetime) -> date:
    """The day it is in Riverbend."""
    return at.astimezone(ZoneInfo("America/Chicago")).date()


class Town:
    """The city's officer, the bidders and the five deliveries."""

    def __init__(
        self, institutions: Mapping[str, Institution], people: Mapping[str, Person], office: Person
    ) -> None:
        self.institutions, self.office = institutions, office
        self.stewards = {
            "Wheelhouse Cooperative": people["wheelhouse"],
            "Sundial Growers Cooperative": people["sundial"],
            "Kiln Street Builders Cooperative": people["Kiln Street Builders Cooperative"],
            "Oxbow Builders": people["Oxbow Builders"],
        }
        self.panel = [(Person.objects.by_email(email), name) for email, name in PANEL]

    def delivery(self, title: str) -> Delivery:
        deliveries = Delivery.objects.select_related("project__process", "responsible")
        (found,) = [one for one in deliveries if one.project.title.localize("en") == title]
        return found

    def bike_kitchen(self, began: datetime) -> None:
        """Called, won by a co-op at a higher price than the firm's, done and paid."""
        delivery = self.delivery("Bike kitchen")
        stories.plan(
            delivery=delivery,
            plan=both(
                "A workshop in the old bus depot: benches, tools, and three evenings of help a week.",
                "Un taller en la antigua cochera: bancos, herramientas y tres tardes de ayuda por semana.",
            ),
            due_on=(began + 170 * DAY).date(),
            by=self.office,
            at=began + 2 * DAY,
        )
        call = self._call(
            delivery,
            began + 6 * DAY,
            title=both(
                "Bike kitchen: fit out and run it", "Taller de bicicletas: montarlo y llevarlo"
            ),
            scope=both(
                "Fit out the old bus depot with six benches and tools, and run open evenings for a year.",
                "Montar en la antigua cochera seis bancos con herramientas, y abrir por las tardes un año.",
            ),
            activity="AM120",
            lots=[LotSaid(both("The whole workshop", "Todo el taller"), 58_000 * CENTS)],
        )
        for name, dollars, plan in (
            ("Wheelhouse Cooperative", 52_400, "Benches from reclaimed oak, our own tools lent, two mechanics each evening."),
            ("Kiln Street Builders Cooperative", 56_900, "Steel benches, new tools, one mechanic each evening."),
            ("Oxbow Builders", 49_800, "Steel benches, new tools; evenings staffed through an agency."),
        ):  # fmt: skip
            self._bid(call, name, dollars, plan, began + 15 * DAY)
        for person, name in self.panel:
            evaluating.name_panelist(
                call=call, person=person, name=name, by=self.office, at=began + 20 * DAY
            )
        after = began + 27 * DAY
        call = bids.open_bids(
            call=calls.close_if_due(call=call, at=after), by=self.office, at=after
        )
        self._score(call, after + DAY)
        evaluating.rank(call=call, by=self.office, at=after + 2 * DAY)
        offer = Offer.objects.select_related("bid__lead", "lot__call").get(
            lot__call=call, bid__lead=self.institutions["Wheelhouse Cooperative"]
        )
        award = awarding.award(
            offer=offer,
            reasons=both(
                "First in the published ranking: the best plan for the evenings, and with the preference "
                "of the municipal code the price counts as the lowest.",
                "Primera en la clasificación publicada: el mejor plan para las tardes y, con la "
                "preferencia del código municipal, el precio cuenta como el más bajo.",
            ),
            by=self.office,
            at=after + 3 * DAY,
        )
        signed = after + 15 * DAY
        agreement = self._agree(
            award,
            Terms(
                [
                    Part("M1", both("Benches and tools stand", "Bancos y herramientas puestos"), (signed + 40 * DAY).date(), 30_000 * CENTS),
                    Part("M2", both("Open three evenings a week", "Abierto tres tardes por semana"), (signed + 70 * DAY).date(), 22_400 * CENTS),
                ],
                advance=10_000 * CENTS,
                retainage=500,
            ),
            "Wheelhouse Cooperative",
            signed,
        )  # fmt: skip
        self._pay(
            agreement, "Wheelhouse Cooperative", 10_000, PaymentKind.ADVANCE, "", signed + 5 * DAY
        )
        self._met(
            agreement,
            "Wheelhouse Cooperative",
            "M1",
            both(
                "Six benches stand, the tools hang on the wall.",
                "Hay seis bancos y las herramientas cuelgan de la pared.",
            ),
            signed + 38 * DAY,
        )
        self._pay(
            agreement,
            "Wheelhouse Cooperative",
            18_500,
            PaymentKind.MILESTONE,
            "M1",
            signed + 45 * DAY,
        )
        self._met(
            agreement,
            "Wheelhouse Cooperative",
            "M2",
            both(
                "Open on Mondays, Wednesdays and Fridays; 62 bikes went out again in the first month.",
                "Abre lunes, miércoles y viernes; en el primer mes volvieron a rodar 62 bicicletas.",
            ),
            signed + 75 * DAY,
        )
        self._pay(
            agreement,
            "Wheelhouse Cooperative",
            21_280,
            PaymentKind.MILESTONE,
            "M2",
            signed + 80 * DAY,
        )
        over = signed + 100 * DAY
        paying.release(agreement=agreement, by=self.office, at=over)
        agreement.refresh_from_db()
        self._pay(agreement, "Wheelhouse Cooperative", 2_620, PaymentKind.RETAINAGE, "", over)
        finishing.finish(
            delivery=self.delivery("Bike kitchen"),
            text=both("The bike kitchen is open. Come with a flat tire.", "El taller está abierto. Ven con tu rueda pinchada."),
            by=self.office,
            at=over + 8 * DAY,
        )  # fmt: skip

    def day_garden(self, began: datetime, at: datetime) -> None:
        """Under way: a direct award to a co-op, its first part accepted and paid."""
        delivery = self.delivery("Eastbank day garden")
        stories.plan(
            delivery=delivery,
            plan=both("Beds and greenhouse this year, two seasons with a paid gardener.", "Bancales e invernadero este año, dos temporadas con una persona pagada."),
            due_on=(at + 120 * DAY).date(),
            by=self.office,
            at=began + 3 * DAY,
        )  # fmt: skip
        award = awarding.award_directly(
            delivery=delivery,
            kind=AwardKind.DIRECT,
            suppliers=[self.institutions["Sundial Growers Cooperative"]],
            value=32_500 * CENTS,
            reasons=both("Below the $45,000 up to which the rulebook lets the city ask one body only; the co-op proposed the garden.", "Por debajo de los 45 000 dólares hasta los que el reglamento permite pedir a una sola entidad; la cooperativa propuso el huerto."),
            by=self.office,
            at=began + 10 * DAY,
        )  # fmt: skip
        signed = began + 24 * DAY
        agreement = self._agree(
            award,
            Terms(
                [
                    Part("M1", both("Beds and greenhouse", "Bancales e invernadero"), (signed + 90 * DAY).date(), 14_500 * CENTS),
                    Part("M2", both("First season", "Primera temporada"), (at + 30 * DAY).date(), 9_000 * CENTS),
                    Part("M3", both("Second season", "Segunda temporada"), (at + 115 * DAY).date(), 9_000 * CENTS),
                ]
            ),
            "Sundial Growers Cooperative",
            signed,
        )  # fmt: skip
        self._met(
            agreement,
            "Sundial Growers Cooperative",
            "M1",
            both(
                "Twelve beds, one for wheelchairs at table height; the greenhouse has glass.",
                "Doce bancales, uno a la altura de una mesa para sillas de ruedas; el invernadero tiene cristales.",
            ),
            signed + 95 * DAY,
        )
        self._pay(
            agreement,
            "Sundial Growers Cooperative",
            14_500,
            PaymentKind.MILESTONE,
            "M1",
            signed + 104 * DAY,
        )
        paying.report(
            agreement=agreement,
            code="M2",
            text=both("The first season ends: 410 kg of vegetables for two schools.", "Termina la primera temporada: 410 kg de verdura para dos escuelas."),
            acting=self.institutions["Sundial Growers Cooperative"],
            by=self.stewards["Sundial Growers Cooperative"],
            at=at - 2 * DAY,
        )  # fmt: skip

    def trees(self, began: datetime, at: datetime) -> None:
        """Stuck: awarded to a firm, part of it accepted in part, then nothing to plant."""
        delivery = self.delivery("Mill Park trees")
        stories.plan(
            delivery=delivery,
            plan=both("Sixty trees before the first frost, watered for three summers.", "Sesenta árboles antes de las heladas, con riego tres veranos."),
            due_on=(began + 150 * DAY).date(),
            by=self.office,
            at=began + 4 * DAY,
        )  # fmt: skip
        award = awarding.award_directly(
            delivery=delivery,
            kind=AwardKind.DIRECT,
            suppliers=[self.institutions["Oxbow Builders"]],
            value=42_000 * CENTS,
            reasons=both("It holds the city’s yearly contract for planting.", "Tiene el contrato anual de plantación de la ciudad."),
            by=self.office,
            at=began + 20 * DAY,
        )  # fmt: skip
        signed = began + 35 * DAY
        agreement = self._agree(
            award,
            Terms(
                [
                    Part("M1", both("Pits and water", "Hoyos y agua"), (signed + 60 * DAY).date(), 18_000 * CENTS),
                    Part("M2", both("Sixty trees planted", "Sesenta árboles plantados"), (began + 150 * DAY).date(), 24_000 * CENTS),
                ]
            ),
            "Oxbow Builders",
            signed,
        )  # fmt: skip
        reported = paying.report(
            agreement=agreement,
            code="M1",
            text=both("Sixty pits are dug.", "Hay sesenta hoyos."),
            acting=self.institutions["Oxbow Builders"],
            by=self.stewards["Oxbow Builders"],
            at=signed + 58 * DAY,
        )
        paying.accept(
            report=reported,
            outcome=Outcome.PARTIALLY_MET,
            amount=12_000 * CENTS,
            reason=both("The pits are there; the water pipe is not.", "Los hoyos están; falta la tubería."),
            by=self.office,
            at=signed + 61 * DAY,
        )  # fmt: skip
        self._pay(
            agreement, "Oxbow Builders", 12_000, PaymentKind.MILESTONE, "M1", signed + 70 * DAY
        )
        stories.delay(
            delivery=self.delivery("Mill Park trees"),
            due_on=(at + 200 * DAY).date(),
            reason=both("The nursery’s lindens carry a blight and may not be planted.", "Los tilos del vivero tienen una plaga y no se pueden plantar."),
            by=self.office,
            at=began + 148 * DAY,
        )  # fmt: skip
        stories.stop(
            delivery=self.delivery("Mill Park trees"),
            reason=both("No healthy lindens can be had this year. The parks department asks residents whether oaks will do.", "Este año no hay tilos sanos. El departamento de parques pregunta al vecindario si valen robles."),
            by=self.office,
            at=at - 20 * DAY,
        )  # fmt: skip

    def library_ramp(self, at: datetime) -> None:
        """A call that is open, in two lots, with a question asked and answered."""
        call = self._call(
            self.delivery("Library steps and ramp"),
            at - 9 * DAY,
            closes_at=_evening(at + 18 * DAY),
            title=both("Library: ramp and steps", "Biblioteca: rampa y escalera"),
            scope=both("A ramp of one in fourteen, steps with heated edges, and rails on both sides.", "Una rampa al siete por ciento, una escalera con bordes calefactados y barandillas a ambos lados."),
            activity="AM90",
            lots=[
                LotSaid(both("Ramp and steps", "Rampa y escalera"), 64_000 * CENTS),
                LotSaid(both("Rails and lights", "Barandillas y luces"), 20_000 * CENTS),
            ],
        )  # fmt: skip
        asked = calls.ask(
            call=call,
            text="May the steps stay open on one side while we build?",
            by=self.stewards["Kiln Street Builders Cooperative"],
            at=at - 5 * DAY,
        )
        calls.answer(
            question=asked,
            answer=both("Yes, and it earns points: people need the library in winter.", "Sí, y da puntos: la biblioteca hace falta en invierno."),
            by=self.office,
            at=at - 4 * DAY,
        )  # fmt: skip

    def dock_road(self, began: datetime, at: datetime) -> None:
        """In preparation, with a plan and a day."""
        stories.plan(
            delivery=self.delivery("Resurface Dock Road"),
            plan=both("Drawings this winter, a call in spring, asphalt in summer.", "Planos este invierno, convocatoria en primavera, asfalto en verano."),
            due_on=(at + 300 * DAY).date(),
            by=self.office,
            at=began + 5 * DAY,
        )  # fmt: skip

    def street_trees(self, at: datetime) -> None:
        """The city buys on its own platform, too: one such call is told of here."""
        city = self.institutions["City of Riverbend"]
        calls.record_elsewhere(
            issuer=city,
            acting=city,
            by=self.office,
            at=at - 2 * DAY,
            url="https://bids.riverbend.example/2027-14",
            title=both("Street trees, two summers", "Árboles de calle, dos veranos"),
            scope=both("Plant forty trees on the Eastbank and water them for two summers.", "Plantar cuarenta árboles en la Ribera y regarlos durante dos veranos."),
            activity="AM110",
            closes_at=_evening(at + 30 * DAY),
            zone="America/Chicago",
            currency="USD",
            budget=26_000 * CENTS,
        )  # fmt: skip

    def _call(self, delivery: Delivery, at: datetime, **said: Any) -> Call:
        """Price and three things people judge, and ten per cent off for worker co-ops."""
        told: dict[str, Any] = {
            "closes_at": _evening(at + 20 * DAY),
            "criteria": [
                CriterionSaid(both("Price", "Precio"), 40, is_price=True),
                CriterionSaid(both("Plan", "Plan"), 30, text=both("Clear steps and days; what happens when it rains.", "Pasos y días claros; qué pasa si llueve.")),
                CriterionSaid(both("For the neighborhood", "Para el barrio"), 20, text=both("Apprentices from here, access while building, quiet.", "Aprendices de aquí, acceso durante la obra, poco ruido.")),
                CriterionSaid(both("Upkeep", "Mantenimiento"), 10, text=both("What it costs to keep for ten years.", "Lo que cuesta mantenerlo diez años.")),
            ],
            "preference": "discount",
            "preference_size": 1_000,
            "legal_basis": both(*LAW),
            **said,
        }  # fmt: skip
        draft = calls.draft_call(delivery=delivery, by=self.office, at=at, **told)
        return calls.publish(call=draft, by=self.office, at=at)

    def _bid(self, call: Call, name: str, dollars: int, plan: str, at: datetime) -> None:
        by = self.stewards[name]
        bid = bids.begin(call=call, lead=self.institutions[name], by=by)
        bids.save_draft(
            bid=bid,
            by=by,
            prices={"1": dollars * CENTS},
            plan=plan,
            team="Two of us lead it; all of us have done it before.",
            has_conflict=False,
        )
        bids.seal(bid=bid, by=by, at=at)

    def _score(self, call: Call, at: datetime) -> None:
        """Both of the panel; what they give, by bidder and criterion. One is recused from a bid."""
        given = {
            "Wheelhouse Cooperative": ((8, "Two mechanics, named, with their evenings."), (9, "Four apprentices from the Harbor."), (7, "Spare parts come from old bikes.")),
            "Kiln Street Builders Cooperative": ((7, "A clear calendar."), (7, "Two apprentices."), (6, "Steel lasts; parts are bought.")),
            "Oxbow Builders": ((6, "The evenings are left to an agency."), (4, "Nothing about apprentices."), (6, "Steel lasts; parts are bought.")),
        }  # fmt: skip
        judged = list(call.criteria.filter(is_price=False))
        for stricter, seat in enumerate(call.panel.select_related("person", "call")):
            kiln = self.institutions["Kiln Street Builders Cooperative"]
            conflicts = {kiln: "My brother works there."} if stricter else {}
            seat = evaluating.declare(panelist=seat, by=seat.person, at=at, conflicts=conflicts)
            offers = Offer.objects.filter(lot__call=call).exclude(bid__lead__in=conflicts)
            for offer in offers.select_related("bid__lead"):
                points = given[offer.bid.lead.name.localize("en")]
                evaluating.score(
                    panelist=seat,
                    offer=offer,
                    by=seat.person,
                    at=at,
                    given={
                        one: (number - stricter, why)
                        for one, (number, why) in zip(judged, points, strict=True)
                    },
                )

    def _agree(self, award: Any, terms: Terms, name: str, at: datetime) -> Agreement:
        city = award.delivery.responsible
        version = agreeing.draft(
            award=award, terms=terms, acting=city, by=self.office, at=at - 2 * DAY
        )
        agreeing.sign(version=version, acting=city, by=self.office, at=at)
        agreeing.sign(
            version=version, acting=self.institutions[name], by=self.stewards[name], at=at
        )
        return Agreement.objects.get(pk=version.agreement_id)

    def _met(
        self, agreement: Agreement, name: str, code: str, text: LazyI18nString, at: datetime
    ) -> None:
        reported = paying.report(
            agreement=agreement,
            code=code,
            text=text,
            acting=self.institutions[name],
            by=self.stewards[name],
            at=at,
        )
        paying.accept(report=reported, outcome=Outcome.MET, by=self.office, at=at + 2 * DAY)

    def _pay(
        self,
        agreement: Agreement,
        name: str,
        dollars: int,
        kind: PaymentKind,
        code: str,
        at: datetime,
    ) -> None:
        """Planned, invoiced, approved, paid, and confirmed by who got it."""
        payee, by = self.institutions[name], self.stewards[name]
        payment = paying.plan_payment(
            agreement=agreement, kind=kind, amount=dollars * CENTS, payee=payee, code=code,
            by=self.office, at=at,
        )  # fmt: skip
        payment = paying.invoice(
            payment=payment, number=f"{agreement.pk}-{payment.pk}", by=by, at=at
        )
        payment = paying.approve(payment=payment, by=self.office, at=at + DAY)
        payment = paying.pay(
            payment=payment, paid_on=_day(at + 3 * DAY), by=self.office, at=at + 3 * DAY
        )
        paying.confirm_receipt(
            payment=payment,
            amount=dollars * CENTS,
            received_on=_day(at + 4 * DAY),
            by=by,
            at=at + 5 * DAY,
        )
