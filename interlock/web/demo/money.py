"""What became of three of the five projects of last year: one done, one under way, one stuck."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from i18nfield.strings import LazyI18nString

from interlock.web.delivery.actions import agreeing, awarding, finishing, paying, stories
from interlock.web.delivery.actions.agreeing import Part, Terms
from interlock.web.delivery.models import Agreement, AwardKind, Delivery, Outcome, PaymentKind
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person

DAY = timedelta(days=1)

# fmt: off
KITCHEN = (
    ("Keys and tools", "Llaves y herramientas", 29_000, -20),
    ("Open doors", "Puertas abiertas", 14_500, 30),
    ("A hundred bicycles repaired", "Cien bicicletas arregladas", 14_500, 150),
)
GARDEN = (
    ("Beds and greenhouse", "Bancales e invernadero", 17_200, -30),
    ("The first harvest", "La primera cosecha", 15_300, -10),
)
# fmt: on


def both(en: str, es: str) -> LazyI18nString:
    return LazyI18nString({"en": en, "es": es})


def deliver(made: Mapping[str, Institution], people: Mapping[str, Person], at: datetime) -> None:
    """In the weeks before `at`."""
    by, city = people["organiser"], made["City of Riverbend"]
    found = Delivery.objects.select_related("project__process", "responsible")
    last_year = {one.project.title.data["en"]: one for one in found}
    _garden(last_year["Eastbank day garden"], by, made, people, at)
    _kitchen(last_year["Bike kitchen"], by, made, people, at)
    road = last_year["Resurface Dock Road"]
    stories.plan(
        delivery=road,
        plan=both(
            "The public works crew does it, in one summer.",
            "Lo hace la cuadrilla municipal, en un verano.",
        ),
        due_on=(at + 60 * DAY).date(),
        by=by,
        at=at - 50 * DAY,
    )
    awarding.award_directly(
        delivery=road,
        kind=AwardKind.OWN,
        suppliers=[city],
        value=road.cost,
        reasons=both(
            "The city has the crew and the machines.",
            "La ciudad tiene la cuadrilla y las máquinas.",
        ),
        by=by,
        at=at - 45 * DAY,
    )
    stories.stop(
        delivery=road,
        reason=both(
            "A water main under the road has to be replaced first; the permit is not here yet.",
            "Antes hay que cambiar una tubería de agua bajo la calle; falta el permiso.",
        ),
        by=by,
        at=at - 12 * DAY,
    )


def _agree(
    held: Delivery,
    kind: AwardKind,
    partner: Institution,
    steward: Person,
    parts: tuple[tuple[str, str, int, int], ...],
    advance: int,
    by: Person,
    at: datetime,
    began: datetime,
) -> Agreement:
    """Awarded, drafted and signed by both sides on one day."""
    terms = Terms(
        [
            Part(f"M{number}", both(en, es), (at + days * DAY).date(), 100 * dollars)
            for number, (en, es, dollars, days) in enumerate(parts, 1)
        ],
        advance=100 * advance,
    )
    award = awarding.award_directly(
        delivery=held,
        kind=kind,
        suppliers=[partner],
        value=terms.value,
        reasons=both(
            "Named with the project on the ballot, and the only one nearby that does it.",
            "Figuraba con el proyecto en la papeleta, y es la única cercana que lo hace.",
        ),
        standstill_days=0,
        by=by,
        at=began - DAY,
    )
    version = agreeing.draft(award=award, terms=terms, acting=held.responsible, by=by, at=began)
    for acting, person in ((held.responsible, by), (partner, steward)):
        agreeing.sign(version=version, acting=acting, by=person, at=began)
    return Agreement.objects.get(award=award)


def _pay(
    agreement: Agreement, kind: PaymentKind, code: str, amount: int, by: Person,
    partner: Institution, steward: Person, at: datetime,
) -> None:  # fmt: skip
    payment = paying.plan_payment(
        agreement=agreement, kind=kind, code=code, amount=amount, payee=partner, by=by, at=at
    )
    paying.invoice(payment=payment, by=steward, at=at)
    paying.approve(payment=payment, by=by, at=at)
    paying.pay(payment=payment, paid_on=at.date(), by=by, at=at)
    paying.confirm_receipt(payment=payment, amount=amount, received_on=at.date(), by=steward, at=at)


def _garden(
    held: Delivery, by: Person, made: Mapping[str, Institution],
    people: Mapping[str, Person], at: datetime,
) -> None:  # fmt: skip
    sundial, grower = made["Sundial Growers Cooperative"], people["sundial"]
    stories.plan(
        delivery=held,
        plan=both(
            "Beds first, then the greenhouse; open to all on Saturdays.",
            "Primero los bancales, luego el invernadero; abierto a todo el mundo los sábados.",
        ),
        due_on=(at - 5 * DAY).date(),
        by=by,
        at=at - 55 * DAY,
    )
    agreement = _agree(
        held, AwardKind.DIRECT, sundial, grower, GARDEN, 0, by, at, at - 50 * DAY
    )  # fmt: skip
    for code, days, en, es in (
        ("M1", 30, "Twelve beds and the greenhouse stand.", "Doce bancales y el invernadero en pie."),
        ("M2", 10, "Forty boxes of lettuce for two schools.", "Cuarenta cajas de lechuga para dos escuelas."),
    ):  # fmt: skip
        report = paying.report(
            agreement=agreement, code=code, text=both(en, es), acting=sundial, by=grower,
            at=at - days * DAY,
        )  # fmt: skip
        answer = paying.accept(report=report, outcome=Outcome.MET, by=by, at=at - (days - 1) * DAY)
        _pay(
            agreement, PaymentKind.MILESTONE, code, answer.amount, by, sundial, grower,
            at - (days - 3) * DAY,
        )  # fmt: skip
    finishing.finish(
        delivery=held,
        text=both("The garden is open.", "El huerto está abierto."),
        by=by,
        at=at - 5 * DAY,
    )


def _kitchen(
    held: Delivery, by: Person, made: Mapping[str, Institution],
    people: Mapping[str, Person], at: datetime,
) -> None:  # fmt: skip
    wheelhouse, steward = made["Wheelhouse Cooperative"], people["wheelhouse"]
    stories.plan(
        delivery=held,
        plan=both(
            "A workshop in the old bus depot, open four days a week.",
            "Un taller en las antiguas cocheras, abierto cuatro días por semana.",
        ),
        due_on=(at + 20 * DAY).date(),
        by=by,
        at=at - 52 * DAY,
    )
    agreement = _agree(
        held, AwardKind.GRANT, wheelhouse, steward, KITCHEN, 10_000, by, at, at - 34 * DAY
    )  # fmt: skip
    _pay(
        agreement, PaymentKind.ADVANCE, "", 1_000_000, by, wheelhouse, steward, at - 33 * DAY
    )  # fmt: skip
    stories.delay(
        delivery=held,
        due_on=(at + 45 * DAY).date(),
        reason=both(
            "The depot's door was narrower than the benches.",
            "La puerta de las cocheras era más estrecha que los bancos.",
        ),
        by=by,
        at=at - 22 * DAY,
    )
    report = paying.report(
        agreement=agreement,
        code="M1",
        text=both(
            "Keys handed over; benches in, forty tools too.",
            "Llaves entregadas; los bancos dentro, y cuarenta herramientas.",
        ),
        acting=wheelhouse,
        by=steward,
        at=at - 9 * DAY,
    )
    paying.accept(report=report, outcome=Outcome.MET, by=by, at=at - 8 * DAY)
    _pay(
        agreement, PaymentKind.MILESTONE, "M1", 1_900_000, by, wheelhouse, steward, at - 6 * DAY
    )  # fmt: skip
