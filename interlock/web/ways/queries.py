"""Questions about joint proposals."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from interlock.methods.formats.register.cells import sameness
from interlock.web.institutions.models import Institution, Membership, Role
from interlock.web.institutions.queries import LONGEST_SEARCH, MOST_WORDS, Panel
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting
from interlock.web.ways.models import Message, Party, Proposal, Signature, State, Version
from interlock.web.ways.rules import LEAST_PARTIES, LONGEST_SECTION
from interlock.web.ways.writing import Text

A_PAGE = 20
MOST_WAITING = 20
MOST_FOUND = 20

_THOSE = Prefetch(
    "parties", Party.objects.bound().select_related("institution"), to_attr="those"
)


def agreed() -> QuerySet[Proposal]:
    """What everybody may see, latest first, each with `those` who signed it."""
    found = Proposal.objects.filter(agreed_at__isnull=False)
    return found.order_by("-agreed_at", "-pk").prefetch_related(_THOSE)


def agreed_by_way() -> dict[str, int]:
    found = Proposal.objects.filter(agreed_at__isnull=False).exclude(way="")
    return dict(found.order_by().values_list("way").annotate(Count("pk")))


def of_person(person: Person) -> QuerySet[Proposal]:
    """Those in which a person speaks for a party, or for one that is invited."""
    own = person.memberships.speakers().values("institution")
    parts = Party.objects.filter(
        Q(accepted_at__isnull=False) | Q(declined_at=None),
        proposal=OuterRef("pk"),
        institution__in=own,
        left_at=None,
    )
    return Proposal.objects.filter(Exists(parts))


def drafts_of(person: Person) -> QuerySet[Proposal]:
    found = of_person(person).filter(state=State.DRAFT)
    return found.order_by("-begun_at", "-pk").prefetch_related(_THOSE)


@dataclass(frozen=True)
class Seat:
    """A party as the page of a proposal shows it."""

    party: Party
    signature: Signature | None
    own: bool
    looked_after: bool

    @property
    def institution(self) -> Institution:
        return self.party.institution


@dataclass
class Table:
    """A proposal with those around it, for one reader: four queries, however many they are."""

    proposal: Proposal
    reader: Person | AnonymousUser
    version: Version
    seats: list[Seat] = field(default_factory=list)

    @property
    def text(self) -> Text:
        return Text.of(self.version.title, self.version.sections)

    @cached_property
    def own(self) -> list[Institution]:
        """The parties that the reader speaks for."""
        return [one.institution for one in self.seats if one.own and one.party.takes_part]

    @cached_property
    def asked(self) -> list[Party]:
        """Invitations that the reader can answer."""
        return [one.party for one in self.seats if one.own and one.party.is_asked]

    @cached_property
    def around(self) -> list[Seat]:
        """Those who take part or are asked to; of an agreed one, also who withdrew."""
        return [
            one
            for one in self.seats
            if one.party.takes_part
            or one.party.is_asked
            or (self.proposal.agreed_at and one.signature)
        ]

    @cached_property
    def declined(self) -> list[Seat]:
        return [one for one in self.seats if one.party.declined_at and not one.party.left_at]

    @property
    def signed(self) -> list[Seat]:
        return [one for one in self.seats if one.signature]

    @property
    def nobody_there(self) -> list[Seat]:
        """Invited, and nobody looks after their page who could answer."""
        return [one for one in self.seats if one.party.is_asked and not one.looked_after]

    @property
    def to_sign(self) -> list[Institution]:
        """Own parties that can sign the text as it stands."""
        if not self.proposal.is_draft or any(one.party.is_asked for one in self.seats):
            return []
        if sum(one.party.takes_part for one in self.seats) < LEAST_PARTIES:
            return []
        if not any(one.text for one in self.text.sections):
            return []
        return [
            one.institution
            for one in self.seats
            if one.own and one.party.takes_part and not one.signature
        ]

    @property
    def names(self) -> str:
        """Who takes part, in one line."""
        return ", ".join(
            str(one.institution)
            for one in self.seats
            if one.party.takes_part or (self.proposal.agreed_at and one.signature)
        )


def table(proposal: Proposal, reader: Person | AnonymousUser) -> Table:
    version = proposal.versions.get(number=proposal.version)
    parties = list(
        proposal.parties.select_related("institution", "invited_by").order_by("accepted_at", "pk")
    )
    signatures = {one.party_id: one for one in version.signatures.all()}
    roles = Membership.objects.filter(
        institution__in=[one.institution_id for one in parties], until=None
    ).filter(Q(role=Role.STEWARD) | Q(role=Role.DELEGATE, person=reader.pk))
    told = list(roles.values_list("institution", "role", "person"))
    seats = [
        Seat(
            party=one,
            signature=signatures.get(one.pk),
            own=reader.pk is not None
            and any(place == one.institution_id and who == reader.pk for place, _role, who in told),
            looked_after=any(
                place == one.institution_id and role == Role.STEWARD for place, role, _who in told
            ),
        )
        for one in parties
    ]
    return Table(proposal, reader, version, seats)


@dataclass(frozen=True)
class Thread:
    messages: list[Message]
    older: int | None


def thread(proposal: Proposal, before: int | None) -> Thread:
    """The latest messages before that one, or the latest of all; no more than a page of them."""
    found = proposal.messages.select_related("institution", "person")
    if before is not None:
        found = found.filter(pk__lt=before)
    some = list(found[: A_PAGE + 1])
    return Thread(some[:A_PAGE], some[A_PAGE - 1].pk if len(some) > A_PAGE else None)


def called(text: str) -> list[Institution]:
    """Institutions with each of these words in their name or town; a handful of them."""
    said = [sameness(word) for word in text[:LONGEST_SEARCH].replace("\0", "").split()]
    known = [word for word in said if word][:MOST_WORDS]
    if not known:
        return []
    found = Institution.objects.filter(left_at=None).select_related("kind")
    for word in known:
        found = found.filter(searched__contains=word)
    stewards = Membership.objects.stewards().filter(institution=OuterRef("pk"))
    some = found.annotate(looked_after=Exists(stewards)).order_by("slug")
    return list(some[: MOST_FOUND + 1])


def waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: invitations to answer, and texts that another party has signed already."""
    own = person.memberships.speakers().values("institution")
    asked = Party.objects.asked().filter(institution__in=own, proposal__state=State.DRAFT)
    for party in asked.select_related("proposal", "institution", "invited_by")[:MOST_WAITING]:
        yield Waiting(
            _("%(name)s is invited to a joint proposal") % {"name": party.institution},
            party.proposal.get_absolute_url(),
            _("“%(title)s”, with %(name)s.")
            % {"title": party.proposal, "name": party.invited_by},
        )
    signed = Signature.objects.filter(version__number=F("version__proposal__version"))
    here = signed.filter(version__proposal=OuterRef("proposal"))
    unsigned = (
        Party.objects.taking_part()
        .filter(Exists(here), institution__in=own, proposal__state=State.DRAFT)
        .exclude(Exists(here.filter(party=OuterRef("pk"))))
    )
    for party in unsigned.select_related("proposal", "institution")[:MOST_WAITING]:
        yield Waiting(
            _("A text waits for the signature of %(name)s") % {"name": party.institution},
            party.proposal.get_absolute_url(),
            _("“%(title)s”. Another party has signed it.") % {"title": party.proposal},
        )


def panel(institution: Institution, reader: Person | AnonymousUser) -> Panel | None:
    """What it has agreed with others, on its page."""
    if institution.left_at:
        return None
    part = Party.objects.bound().filter(proposal=OuterRef("pk"), institution=institution)
    found = list(agreed().filter(Exists(part))[: A_PAGE + 1])
    address = f"{reverse('ways:new')}?with={institution.slug}"
    if not found and not reader.is_authenticated:
        return None
    more = len(found) > A_PAGE
    context = {"institution": institution, "proposals": found[:A_PAGE], "more": more}
    return Panel("ways/panel.html", {**context, "begin": address})


def export(institution: Institution) -> Iterator[dict[str, object]]:
    """All joint proposals an institution takes part in, with their threads, for its own file."""
    parts = institution.proposal_parts.filter(accepted_at__isnull=False)
    for party in parts.select_related("proposal").order_by("pk").iterator():
        proposal = party.proposal
        # One that left a draft sees no more of it than what it saw.
        versions = proposal.versions.order_by("number")
        messages = proposal.messages.order_by("pk").select_related("institution")
        if party.left_at and not proposal.agreed_at:
            versions = versions.filter(made_at__lt=party.left_at)
            messages = messages.filter(written_at__lt=party.left_at)
        yield {
            "number": proposal.pk,
            "way": proposal.way,
            "state": proposal.state,
            "begun_at": proposal.begun_at,
            "agreed_at": proposal.agreed_at,
            "versions": [
                {
                    "number": one.number,
                    "cause": one.cause,
                    "by": one.institution.slug,
                    "made_at": one.made_at,
                    "note": one.note,
                    "text": one.document,
                    "sha256": one.fingerprint,
                    "signatures": [
                        {"by": each.party.institution.slug, "at": each.signed_at}
                        for each in one.signatures.all()
                    ],
                }
                for one in versions.select_related("institution").prefetch_related(
                    "signatures__party__institution"
                )
            ],
            "messages": [
                {"by": one.institution.slug, "at": one.written_at, "text": one.text}
                for one in messages
            ],
            "steps": [
                {
                    "state": one.state,
                    "sentence": one.sentence,
                    "by": one.institution.slug,
                    "at": one.at,
                }
                for one in proposal.steps.select_related("institution")
            ],
        }
