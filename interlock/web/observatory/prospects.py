"""What could be done next: three lists of what is there on both sides and has not come together.

Each row says why it is there and leads to the act that would realise it. None is a forecast: a list knows
less than the people in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from interlock.methods.matching.ranking import REACH_KM
from interlock.methods.matching.words import stem, words
from interlock.methods.places.distance import distance_km
from interlock.methods.places.states import state_of
from interlock.web.budgets import queries as budgets
from interlock.web.budgets.models import Project
from interlock.web.delivery.models import Delivery
from interlock.web.explore import delivering
from interlock.web.explore.delivering import Answer, Asked, Candidate, Spot
from interlock.web.institutions.models import Institution, Kind, Status
from interlock.web.institutions.queries import countries
from interlock.web.institutions.whereabouts import county_in_state
from interlock.web.look import amounts
from interlock.web.needs.models import Exchange, Introduction, Listing
from interlock.web.needs.queries import Told, matches_of_each

#: So many projects and needs are looked at for one page, the latest first.
MOST_PROJECTS, MOST_NEEDS = 60, 40
#: So many who could are named in a row.
FEW = 3
LONGEST = 120


class What(models.TextChoices):
    """The three lists."""

    PROJECTS = "projects", gettext_lazy("Projects that a co-op could deliver")
    NEEDS = "needs", gettext_lazy("Needs with an offer nearby")
    PLACES = "places", gettext_lazy("Places with one of the two")


class By(models.TextChoices):
    """What counts as a place."""

    TOWN = "town", gettext_lazy("town")
    COUNTY = "county", gettext_lazy("county")


@dataclass(frozen=True)
class Wanted:
    """Which list, where, and by which unit places are told apart."""

    what: What = What.PROJECTS
    where: str = ""
    by: By = By.TOWN


def wanted(asked: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it cannot mean is left out."""
    what, by = asked.get("what", ""), asked.get("by", "")
    return Wanted(
        What(what) if what in What.values else What.PROJECTS,
        asked.get("where", "").replace("\0", "").strip()[:LONGEST],
        By(by) if by in By.values else By.TOWN,
    )


@dataclass(frozen=True)
class Act:
    """A link to where one would do it."""

    label: str
    url: str


@dataclass(frozen=True)
class Row:
    """Something that could come about: what and where, why it is told, and what would realise it.

    It is made up where anybody it is about is.
    """

    title: str
    url: str
    where: str
    why: tuple[str, ...]
    acts: tuple[Act, ...]
    is_synthetic: bool = False


@dataclass(frozen=True)
class Found:
    """Rows, read or to be read in pages; `looked_at` of those there are, where they are not all."""

    rows: Sequence[Any] | QuerySet[Any]
    told: Callable[[Any], Row]
    looked_at: int = 0
    is_cut: bool = False


def found(wanted: Wanted, at: datetime) -> Found:
    """The list that is asked for, in a bounded number of queries."""
    if wanted.what == What.PLACES:
        return Found(_places(wanted), lambda one: _place(one, wanted.by))
    rows, looked_at, is_cut = (_projects if wanted.what == What.PROJECTS else _needs)(wanted, at)
    return Found(rows, lambda one: one, looked_at, is_cut)


def _at(where: str, prefix: str = "") -> Q:
    """That something is in a town or a state, as "Peoria", "Peoria, IL" or "Illinois"."""
    if not where:
        return Q()
    town, _comma, region = (part.strip() for part in where.partition(","))
    names = {name: state_of(name) for name in (town, region) if name}

    def in_region(name: str) -> Q:
        state = names.get(name)
        said = {name, state.name, state.code} if state else {name}
        found = Q(pk__in=[])
        for one in said:
            found |= Q(**{f"{prefix}region__iexact": one})
        return found

    in_town = Q(**{f"{prefix}place__iexact": town})
    return in_town & in_region(region) if region else in_town | in_region(town)


# Projects.


@dataclass(frozen=True)
class _Project:
    """What residents funded and nobody delivers yet, or what they are about to vote on."""

    project: Project
    delivery: Delivery | None
    buyer: Institution


def _projects(wanted: Wanted, at: datetime) -> tuple[list[Row], int, bool]:
    some, is_cut = _open_projects(wanted)
    located = [one for one in some if one.buyer.latitude is not None]
    asked = {one.project.pk: _answer(one, at) for one in located}
    if not asked:
        return [], len(some), is_cut
    is_cut = delivering.read_together(list(asked.values()), kind=Kind.WORKER_COOP) or is_cut
    rows = []
    for one in located:
        answer = asked[one.project.pk]
        able = [each for each in answer.candidates if _is_able(each, answer)][:FEW]
        if able:
            rows.append(_project_row(one, able))
    return rows, len(some), is_cut


def _open_projects(wanted: Wanted) -> tuple[list[_Project], bool]:
    """Funded first, then proposed; the latest of each."""
    funded = (
        Delivery.objects.filter(_at(wanted.where, "responsible__"), cost__gt=F("awarded"))
        .filter(awarded_at=None, done_at=None, given_up_at=None)
        .filter(project__process__is_internal=False, project__delivery_partner=None)
        .select_related("project__process", "responsible")
        .order_by("-recorded_at", "-pk")[: MOST_PROJECTS + 1]
    )
    proposed = (
        Project.objects.filter(_at(wanted.where, "process__institution__"))
        .filter(process__in=budgets.listed().order_by().values("pk"), process__counted_at=None)
        .filter(delivery_partner=None)
        .select_related("process__institution")
        .order_by("-process__created_at", "-pk")[: MOST_PROJECTS + 1]
    )
    found = [_Project(one.project, one, one.responsible) for one in funded]
    found += [_Project(one, None, one.process.institution) for one in proposed]
    return found[:MOST_PROJECTS], len(found) > MOST_PROJECTS


def _is_able(one: Candidate, answer: Answer) -> bool:
    """Whether more speaks for it than one word somewhere on its page, which may be that of its street.

    Two words do; or one that is a tag, stands in the title of an offer, or names its kind of work.
    """
    titles = (str(offer.title.data) for offer in one.offers)
    told = words("\n".join([*one.institution.tags, *titles]))
    stems = {stem(word, code) for word in told for code, _name in settings.LANGUAGES}
    # Short stems stand within other words: "par" of "paradas" in "reparación".
    named = any(
        not stems.isdisjoint(word.stems)
        or (min(map(len, word.stems)) > 3 and one.institution.activity in word.activities)
        for word in answer.sought
    )
    return named or len({*one.shared, *one.offered}) > 1


def _answer(one: _Project, at: datetime) -> Answer:
    buyer = one.buyer
    assert buyer.latitude is not None
    assert buyer.longitude is not None
    spot = Spot(str(buyer.name), buyer.latitude, buyer.longitude, buyer)
    return Answer(Asked(words=str(one.project.title), at=buyer.slug), spot, at)


def _project_row(one: _Project, able: Sequence[Candidate]) -> Row:
    delivery = one.delivery
    why = [
        _("Residents funded it, and it is not awarded yet.")
        if delivery
        else _("It is on the ballot, and names no delivery partner.")
    ]
    why += [_who(each) for each in able]
    question = {"q": str(one.project.title), "at": one.buyer.slug}
    look = Act(_("Everybody who could"), f"{reverse('explore:deliver')}?{urlencode(question)}")
    if delivery and not delivery.called_at:
        act = Act(_("Open a call"), reverse("delivery:new_call", args=[delivery.pk]))
    elif delivery:
        act = Act(_("See the call"), delivery.get_absolute_url())
    else:
        query = {"way": "deliver-what-was-chosen", "with": able[0].institution.slug}
        act = Act(_("Propose it jointly"), f"{reverse('ways:new')}?{urlencode(query)}")
    page = delivery.get_absolute_url() if delivery else one.project.get_absolute_url()
    about = (one.buyer, *(each.institution for each in able))
    return Row(
        str(one.project.title),
        page,
        _where(one.buyer),
        tuple(why),
        (act, look),
        any(each.is_synthetic for each in about),
    )


def _who(one: Candidate) -> str:
    shared = list(dict.fromkeys((*one.shared, *one.offered)))
    told = {"name": one.institution.name, "away": one.away, "words": ", ".join(shared)}
    if not shared:
        return _("%(name)s, %(away)s away, offers such work.") % told
    return _("%(name)s, %(away)s away, says: %(words)s.") % told


# Needs.


def _needs(wanted: Wanted, at: datetime) -> tuple[list[Row], int, bool]:
    answered = Introduction.objects.accepted().filter(listing=OuterRef("pk"))
    some = list(
        Listing.objects.open(at)
        .filter(_at(wanted.where), ~Exists(answered), exchange_type=Exchange.WANT)
        .select_related("institution__kind")
        .order_by("-posted_at", "-pk")[: MOST_NEEDS + 1]
    )
    looked_at = some[:MOST_NEEDS]
    matches = matches_of_each(looked_at, at, most=FEW)
    rows = []
    for need in looked_at:
        near = [one for one in matches[need.pk] if not one.match.weak and _is_near(need, one)]
        if near:
            rows.append(_need_row(need, near[0]))
    return rows, len(looked_at), len(some) > MOST_NEEDS


def _is_near(need: Listing, told: Told) -> bool:
    offer = told.listing
    if None in (need.latitude, need.longitude, offer.latitude, offer.longitude):
        return bool(need.place) and (need.place, need.region) == (offer.place, offer.region)
    km = distance_km(need.latitude, need.longitude, offer.latitude, offer.longitude)  # type: ignore[arg-type]
    return km <= REACH_KM["local"]


def _need_row(need: Listing, told: Told) -> Row:
    offer = told.listing
    why = _("%(name)s offers “%(title)s”.") % {"name": offer.institution.name, "title": offer.title}
    ask = f"{reverse('needs:ask', args=[offer.pk])}?with={need.pk}"
    where = ", ".join(filter(None, (str(need.institution.name), need.place)))
    acts = (
        Act(_("Ask to be introduced"), ask),
        Act(_("See the offer"), offer.get_absolute_url()),
    )
    made_up = need.institution.is_synthetic or offer.institution.is_synthetic
    reasons = (why, *told.sentences)
    return Row(str(need.title), need.get_absolute_url(), where, reasons, acts, made_up)


# Places.

_UNIT = {By.TOWN: ("country", "region", "place"), By.COUNTY: ("county",)}


def _places(wanted: Wanted) -> QuerySet[Any]:
    """Places that have one of the two and not the other, those with most first."""
    votes = budgets.listed().filter(institution=OuterRef("pk")).order_by()
    here = Institution.objects.filter(
        _at(wanted.where),
        left_at=None,
        closed_on=None,
        status__in=[Status.ACTIVE, Status.IN_PLANNING],
    ).exclude(**{_UNIT[wanted.by][-1]: ""})
    found: QuerySet[Any] = (
        here.annotate(votes=Exists(votes))
        .order_by()
        .values(*_UNIT[wanted.by])
        .annotate(
            budgets=Count("pk", filter=Q(votes=True) | Q(kind=Kind.PB_AUTHORITY)),
            coops=Count("pk", filter=Q(kind=Kind.WORKER_COOP)),
            made_up=Count("pk", filter=Q(is_synthetic=True)),
        )
        .filter(Q(budgets=0, coops__gt=0) | Q(budgets__gt=0, coops=0))
        .order_by("-coops", "-budgets", *_UNIT[wanted.by])
    )
    return found


def _place(row: Mapping[str, Any], by: By) -> Row:
    if by == By.COUNTY:
        name, where = county_in_state(row["county"]) or row["county"], ""
        query = {"county": row["county"]}
    else:
        name = row["place"]
        where = ", ".join(
            filter(None, (row["region"], countries().get(row["country"], row["country"])))
        )
        query = {"q": name, "country": row["country"], "region": row["region"]}
    kept = urlencode({key: said for key, said in query.items() if said})
    url = f"{reverse('institutions:register')}?{kept}"
    if row["coops"]:
        text = ngettext(
            "%(number)s worker co-op, and no participatory budget in this register.",
            "%(number)s worker co-ops, and no participatory budget in this register.",
            row["coops"],
        )
        number, way, label = row["coops"], "campaign-for-pb", _("Campaign for a budget")
    else:
        text = ngettext(
            "%(number)s institution with a participatory budget, and no worker co-op in this register.",
            "%(number)s institutions with participatory budgets, and no worker co-op in this register.",
            row["budgets"],
        )
        number, way, label = row["budgets"], "city-co-op-programme", _("Begin a co-op programme")
    acts = (
        Act(label, reverse("ways:way", args=[way])),
        Act(_("Enter who is missing"), reverse("institutions:new")),
    )
    why = (text % {"number": amounts.number(number)},)
    return Row(name, url, where, why, acts, bool(row["made_up"]))


def _where(one: Institution) -> str:
    return ", ".join(filter(None, (str(one.name), one.place)))
