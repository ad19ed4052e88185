"""Two funded projects of Riverbend: one after a call with two lots, and one granted directly."""

from datetime import UTC, date, datetime, timedelta

from interlock.methods.formats.ocds import (
    Acceptance,
    Amendment,
    Award,
    Bid,
    Call,
    Contract,
    Contracting,
    Criterion,
    Lot,
    Milestone,
    Offer,
    Party,
    Pot,
    Publisher,
    Transaction,
)
from interlock.methods.formats.register import Address, Identifier

DAY = timedelta(days=1)
START = datetime(2027, 6, 1, 15, tzinfo=UTC)


def both(en: str, es: str) -> dict[str, str]:
    return {"en": en, "es": es}


CITY = Party(
    "US-EIN-13-6400434",
    "City of Riverbend",
    (Identifier("US-EIN", "13-6400434"), Identifier("US-XX-CR", "7")),
    Address("1 Mill Square", "Riverbend", "NY", "10451", "US"),
    url="https://pb.example/institutions/riverbend/",
    kind="public_body",
)
WHEELHOUSE = Party("ocds-000000-wheelhouse", "Wheelhouse Cooperative", kind="worker_coop")
SUNDIAL = Party("US-EIN-81-1234567", "Sundial", (Identifier("US-EIN", "81-1234567"),))
FIRM = Party("ocds-000000-firm", "Asphalt & Sons", kind="company")

CALL = Call(
    "call-7",
    both("Night buses", "Autobuses nocturnos"),
    both("Two lines, one year.", "Dos líneas, un año."),
    CITY,
    110_000_00,
    START + DAY,
    START + 20 * DAY,
    questions_until=START + 10 * DAY,
    closed=START + 20 * DAY,
    opened=START + 20 * DAY + timedelta(hours=1),
    has_questions=True,
    preference=both("Worker co-ops: 5 % off, by law 22.", "Cooperativas: 5 % menos, ley 22."),
    lots=(
        Lot("7-1", both("East line", "Línea este"), {}, 60_000_00),
        Lot("7-2", both("West line", "Línea oeste"), {}, 50_000_00, ended=START + 25 * DAY),
    ),
    criteria=(
        Criterion(both("Price", "Precio"), 60, {}, is_price=True),
        Criterion(both("Plan", "Plan"), 40, both("How it works.", "Cómo funciona.")),
    ),
    bids=(
        Bid("b1", (WHEELHOUSE, SUNDIAL), (Offer("7-1", 57_500_50),), START + 19 * DAY),
        Bid("b2", (FIRM,), (Offer("7-1", 59_000_00, is_excluded=True),)),
    ),
)
CONTRACT = Contract(
    "agreement-3",
    "award-3",
    CITY,
    (
        Amendment(
            1,
            START + 40 * DAY,
            57_500_50,
            (
                Milestone("M1", both("Buses run", "Hay autobuses"), date(2027, 9, 1), 40_000_00),
                Milestone("M2", both("Half a year", "Medio año"), date(2028, 3, 1), 17_500_50),
            ),
            {},
        ),
        Amendment(
            2,
            START + 70 * DAY,
            56_000_00,
            (
                Milestone("M1", both("Buses run", "Hay autobuses"), date(2027, 10, 1), 40_000_00),
                Milestone("M3", both("A year", "Un año"), date(2028, 9, 1), 16_000_00),
            ),
            both("The depot is late.", "La cochera se retrasa."),
        ),
    ),
    (
        Acceptance("M1", START + 60 * DAY, "partiallyMet"),
        Acceptance("M1", START + 80 * DAY, "met"),
    ),
    (
        Transaction("p1", START + 65 * DAY, date(2027, 8, 5), 20_000_00, CITY, WHEELHOUSE),
        Transaction("p2", START + 82 * DAY, date(2027, 8, 22), 20_000_01, CITY, WHEELHOUSE),
        Transaction("p2-back", START + 83 * DAY, date(2027, 8, 23), -20_000_01, CITY, WHEELHOUSE),
        Transaction("p3", START + 83 * DAY, date(2027, 8, 23), 20_000_00, CITY, WHEELHOUSE),
    ),
    ended=START + 500 * DAY,
)
AWARD = Award(
    "award-3",
    START + 31 * DAY,
    57_500_50,
    (WHEELHOUSE, SUNDIAL),
    both("First.", "Primera."),
    both("East line", "Línea este"),
    "call",
    lot="7-1",
    bid="b1",
)
BUS = Contracting(
    "ocds-000000-riverbend-2027-4",
    both("Night bus", "Autobús nocturno"),
    both("Fridays and Saturdays.", "Viernes y sábados."),
    "https://pb.example/delivery/riverbend-2027/4/",
    "USD",
    2,
    "en",
    START,
    CITY,
    118_000_00,
    (
        Pot("pot-1", both("Expense", "Gastos"), CITY, 100_000_00),
        Pot("pot-2", both("Commons", "Común"), SUNDIAL, 18_000_00),
    ),
    both("Riverbend decides", "Riverbend decide"),
    calls=(CALL,),
    awards=(
        Award(
            "award-2",
            START + 26 * DAY,
            57_000_00,
            (FIRM,),
            both("Cheapest.", "La más barata."),
            both("East line", "Línea este"),
            "call",
            lot="7-1",
            annulled=START + 30 * DAY,
        ),
        AWARD,
    ),
    contracts=(CONTRACT,),
)
TOOLS = Contracting(
    "ocds-000000-riverbend-2027-3",
    both("Tool library", "Biblioteca de herramientas"),
    {},
    "https://pb.example/delivery/riverbend-2027/3/",
    "USD",
    2,
    "en",
    START,
    CITY,
    48_000_00,
    (Pot("pot-1", both("Capital", "Inversión"), CITY, 48_000_00),),
    both("Riverbend decides", "Riverbend decide"),
    awards=(
        Award(
            "award-9",
            START + 3 * DAY,
            48_000_00,
            (SUNDIAL,),
            both("The only one.", "La única."),
            both("Tool library", "Biblioteca de herramientas"),
            "grant",
            method="direct",
        ),
    ),
)
BOTH = (BUS, TOOLS)
PUBLISHER = Publisher(
    "City of Riverbend",
    "https://pb.example/",
    "https://pb.example/delivery/riverbend-2027/ocds.json",
    START + 600 * DAY,
)
