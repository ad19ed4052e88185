"""After the core: the code, what to pass on, cards and leaflets to print."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from interlock.web.look.printing import pdf_answer
from interlock.web.surveys import actions, codes, cookies, queries, rules
from interlock.web.surveys.models import CameBy, Coupon, Purpose, Respondent, Role, Study


@dataclass(frozen=True)
class Text:
    """What somebody can send along with the link, in one language."""

    language: str
    name: str
    line: str
    message: str
    subject: str
    mail: str

    @property
    def mailto(self) -> str:
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.mail)}"

    @property
    def sms(self) -> str:
        return f"sms:?&body={quote(self.message)}"


@dataclass(frozen=True)
class Card:
    """A coupon to hand on, or the one link: where it leads, and what goes along."""

    number: int
    address: str
    texts: tuple[Text, ...]
    coupon: Coupon | None = None


@cookies.private
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The core is submitted: thank you, the code, and what to pass on."""
    code, respondent = _somebody(request)
    if respondent is None:
        return redirect("surveys:resume")
    if not respondent.finished_on:
        return redirect("surveys:mine")
    may_go_on = not respondent.completed_on and respondent.study.is_open
    cards = _cards(respondent, code)
    context = {
        "study": respondent.study,
        "respondent": respondent,
        "code": codes.grouped(code),
        "may_go_on": may_go_on,
        "in_chain": respondent.came_by == CameBy.COUPON and bool(cards),
        "is_neither": respondent.role == Role.NEITHER,
        "cards": cards,
        "used": queries.used_until(respondent, timezone.now()),
        "lifetime": rules.COUPON_LIFETIME.days,
        "leaves": queries.still_open(_leaves(code)),
    }
    return render(request, "surveys/thanks.html", context)


@cookies.private
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """Save and finish later: the code to come back with."""
    code, respondent = _somebody(request)
    if respondent is None:
        return redirect("surveys:resume")
    context = {
        "study": respondent.study,
        "code": codes.grouped(code),
        "address": settings.INTERLOCK_ORIGIN + reverse("surveys:resume"),
    }
    return render(request, "surveys/code.html", context)


@cookies.private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Nothing of the answers stays on this device."""
    return cookies.drop(redirect("surveys:home"), cookies.MINE, cookies.MINE_PATH)


@cookies.private
@require_safe
def cards(request: HttpRequest, paper: bool = False) -> HttpResponse:
    """The coupons to cut out, or the leaflet of a personal link; as a PDF on `paper`."""
    code, respondent = _somebody(request)
    found = _cards(respondent, code) if respondent and respondent.finished_on else []
    if respondent is None or not found:
        return redirect("surveys:thanks")
    if found[0].coupon is None:
        return _leaflet(request, respondent.study, found[0], reverse("surveys:cards_paper"), paper)
    context = {"study": respondent.study, "cards": found}
    if paper:
        return pdf_answer(request, "surveys/cards_paper.html", context, "survey-cards.pdf")
    return render(request, "surveys/cards.html", context)


@require_safe
def leaflet(request: HttpRequest, slug: str, paper: bool = False) -> HttpResponse:
    """The same leaflet with the public page's address, for whoever hangs it up."""
    study = queries.shown_studies().filter(slug=slug).first()
    if study is None:
        raise Http404
    address = public_address(study)
    card = Card(1, address, texts(address))
    return _leaflet(request, study, card, reverse("surveys:leaflet_paper", args=[slug]), paper)


def _leaflet(
    request: HttpRequest, study: Study, card: Card, address: str, paper: bool
) -> HttpResponse:
    context = {"study": study, "card": card, "paper": address}
    if paper:
        return pdf_answer(request, "surveys/leaflet_paper.html", context, "survey.pdf")
    return render(request, "surveys/leaflet.html", context)


def public_address(study: Study) -> str:
    return settings.INTERLOCK_ORIGIN + study.get_absolute_url()


def texts(address: str) -> tuple[Text, ...]:
    """Ready texts in each language of the site, the reader's first."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(
                Text(
                    language,
                    get_language_info(language)["name_local"].capitalize(),
                    _(
                        "Are you in a worker co-op, or do you take part in participatory budgeting? "
                        "Three minutes, no name asked: what could the two do together?"
                    ),
                    _(
                        "Are you in a worker co-op, or do you take part in participatory budgeting? "
                        "Three minutes for a survey on what the two can do together, no name asked: "
                        "%(address)s"
                    )
                    % {"address": address},
                    _("A survey for cooperators and PBers: three minutes"),
                    _(
                        "Hello,\n\nthere is a survey for people in worker co-ops and in participatory "
                        "budgeting. It asks how near the two are, and what they could do for each "
                        "other. I took part. It takes three minutes, needs no name and no account, and "
                        "lives from being passed on:\n\n%(address)s\n\nThank you!"
                    )
                    % {"address": address},
                )
            )
    return tuple(sorted(found, key=lambda one: one.language != get_language()))


def address_of(code: str) -> str:
    """Where a coupon or a personal link leads. Nothing is used up by opening it."""
    return settings.INTERLOCK_ORIGIN + reverse("surveys:arrive", args=[code])


def _somebody(request: HttpRequest) -> tuple[str, Respondent | None]:
    code = cookies.mine(request)
    return code, queries.respondent_of(code) if code else None


def _cards(respondent: Respondent, code: str) -> list[Card]:
    """What somebody hands on, worked out anew from their code; nothing once the survey is closed."""
    study = respondent.study
    if not study.is_open:
        return []
    if not study.is_chain or respondent.role == Role.NEITHER:
        address = public_address(study)
        return [Card(1, address, texts(address))]
    if respondent.came_by == CameBy.OPEN:
        return [card(1, actions.link_code(code))]
    handed = list(actions.coupon_codes(code))
    known = queries.coupons_of(handed)
    return [card(number, one, known[one]) for number, one in enumerate(handed, 1) if one in known]


def card(number: int, code: str, coupon: Coupon | None = None) -> Card:
    """A coupon or a link as it is shown and printed."""
    address = address_of(code)
    return Card(number, address, texts(address), coupon)


def _leaves(code: str) -> dict[str, str]:
    return {one: codes.derived(code, one) for one in Purpose.values}
