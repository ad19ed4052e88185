"""What Riverbend's next vote needs, and two co-ops that could do it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from i18nfield.strings import LazyI18nString

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.needs import actions
from interlock.web.needs.drafts import DRAFTS, in_all_languages
from interlock.web.needs.models import Exchange, Item, Listing, Transaction
from interlock.web.people.models import Person

#: Each with who looks after it, what it is, and what it offers: title, text, tags. All made up.
# fmt: off
COOPS: Sequence[dict[str, Any]] = (
    {
        "name": ("Common Tongue Interpreters", "Intérpretes Lengua Común"), "steward": "desk@commontongue.example", "activity": "AM40",
        "about": ("Six fictional interpreters who own their firm and work in four languages.", "Seis intérpretes ficticias, dueñas de su empresa, que trabajan en cuatro idiomas."),
        "street": "8 Mill Street", "postcode": "00001", "latitude": 40.5040, "longitude": -89.6502, "email": "hello@commontongue.example",
        "offer": (
            ("Translation and interpreting, Spanish and Arabic", "Traducción e interpretación, español y árabe"),
            ("Ballots, project texts and letters within a week; interpreters for evening meetings, with equipment.", "Papeletas, textos de proyectos y cartas en una semana; intérpretes para reuniones de tarde, con equipo."),
            ["translation", "interpreting", "Spanish", "traducción"],
        ),
    },
    {
        "name": ("Levee Press Cooperative", "Imprenta Cooperativa El Dique"), "steward": "desk@leveepress.example", "activity": "AM10",
        "about": ("A fictional print shop of five, on recycled paper.", "Una imprenta ficticia de cinco personas, con papel reciclado."),
        "street": "2 Levee Row", "postcode": "00002", "latitude": 40.4969, "longitude": -89.6444, "email": "shop@leveepress.example",
        "offer": (
            ("Printing: posters, flyers, numbered ballots", "Impresión: carteles, volantes, papeletas numeradas"),
            ("Up to 20,000 sheets in three days, numbered and folded, delivered by bicycle.", "Hasta 20 000 hojas en tres días, numeradas y dobladas, entregadas en bicicleta."),
            ["printing", "ballots", "posters", "imprenta"],
        ),
    },
)
# fmt: on


def _both(pair: tuple[str, str]) -> LazyI18nString:
    return LazyI18nString({"en": pair[0], "es": pair[1]})


def make(
    institutions: Mapping[str, Institution], people: Mapping[str, Person], *, at: datetime
) -> None:
    """The needs of the process, two offers, one introduction accepted and one that waits."""
    city, organiser = institutions["City of Riverbend"], people["organiser"]
    posted = at - timedelta(days=6)
    needs = {
        draft.key: actions.post(
            institution=city,
            by=organiser,
            at=posted,
            exchange_type=Exchange.WANT,
            item_type=draft.item,
            transaction_types=[Transaction.BUY_SELL],
            title=in_all_languages(draft.title),
            text=in_all_languages(draft.text),
            tags=draft.tags().split(", "),
            geographic_scope="local",
            of_process=True,
        )
        for draft in DRAFTS
    }
    offers = [_offer(said, at=posted) for said in COOPS]
    accepted, _waiting = (
        actions.ask(
            listing=needs[key],
            own_listing=offer,
            acting=offer.institution,
            by=_steward(said),
            at=at - timedelta(days=days),
            sentence=sentence,
            reach=said["steward"],
        )
        for key, offer, said, days, sentence in (
            ("translation", offers[0], COOPS[0], 4, "Last year we translated a whole ballot, thirty projects. We have time in May."),
            ("printing", offers[1], COOPS[1], 1, "We can print, fold, deliver within three days."),
        )
    )  # fmt: skip
    actions.accept(
        introduction=accepted,
        by=organiser,
        at=at - timedelta(days=3),
        answer="Yes, please. Call me on any morning.",
        reach=organiser.email,
    )
    actions.post(
        institution=institutions["Wheelhouse Cooperative"],
        by=people["wheelhouse"],
        at=posted,
        exchange_type=Exchange.OFFER,
        item_type=Item.GOOD,
        transaction_types=[Transaction.BORROW_LEND],
        title=_both(("Three cargo bikes to borrow", "Tres bicicletas de carga en préstamo")),
        text=_both(("For deliveries and meetings, with locks. We lend tools too, and would help to run a tool library.", "Para repartos y reuniones, con candado. También prestamos herramientas, y ayudaríamos a llevar una biblioteca de herramientas.")),
        tags=["cargo bikes", "delivery"],
        geographic_scope="local",
    )  # fmt: skip


def _steward(said: Mapping[str, Any]) -> Person:
    return Person.objects.by_email(said["steward"])


def _offer(said: Mapping[str, Any], *, at: datetime) -> Listing:
    """One of the two co-ops, and what it offers."""
    coop = register(
        name=_both(said["name"]),
        about=_both(said["about"]),
        kind=Kind.WORKER_COOP,
        steward=_steward(said),
        at=at,
        is_synthetic=True,
        structure="OS115",
        membership_type="BMT30",
        scope="local",
        place="Riverbend",
        region="Illinois",
        country="US",
        **{
            name: said[name]
            for name in ("activity", "street", "postcode", "latitude", "longitude", "email")
        },
    )
    title, text, tags = said["offer"]
    return actions.post(
        institution=coop,
        by=_steward(said),
        at=at,
        exchange_type=Exchange.OFFER,
        item_type=Item.SERVICE,
        transaction_types=[Transaction.BUY_SELL],
        title=_both(title),
        text=_both(text),
        tags=tags,
        geographic_scope="regional",
    )
