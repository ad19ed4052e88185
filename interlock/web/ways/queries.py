"""Questions about joint proposals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution, Membership, Role
from interlock.web.institutions.queries import Panel, called
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting
from interlock.web.ways.models import (
    Message,
    Party,
    Proposal,
    Signature,
    State,
    Step,
    Version,
)
from interlock.web.ways.rules import why_not_ready
from interlock.web.ways.writing import Reading, Text, readings

A_PAGE = 20
FEW = 6
MOST_WAITING = 20
MOST_FOUND = 20
#: Proposals of an institution that are read at a time while its file is written.
CHUNK = 20

_THOSE = Prefetch("parties", Party.objects.bound().select_related("institution"), to_attr="those")


def agreed() -> QuerySet[Proposal]:
    """What everybody may see, latest first, each with `those` who signed it."""
    found = Proposal.objects.filter(agreed_at__isnull=False)
    return found.order_by("-agreed_at", "-pk").prefetch_related(_THOSE)


def agreed_by_way() -> dict[str, int]:
    found = Proposal.objects.filter(agreed_at__isnull=False).exclude(way="")
    return dict(found.order_by().values_list("way").annotate(Count("pk")))


def agreed_of(institution: Institution) -> QuerySet[Proposal]:
    part = Party.objects.bound().filter(proposal=OuterRef("pk"), institution=institution)
    return agreed().filter(Exists(part))


def _own(person: Person) -> Q:
    """Those in which a person speaks for a party, or for one that is invited."""
    own = person.memberships.speakers().values("institution")
    return Q(
        Exists(
            Party.objects.filter(
                proposal=OuterRef("pk"), institution__in=own, declined_at=None, left_at=None
            )
        )
    )


def readable_by(reader: Person | AnonymousUser) -> QuerySet[Proposal]:
    """What was agreed, for everybody; a draft for those who speak for a party or an invited one."""
    public = Q(agreed_at__isnull=False)
    return Proposal.objects.filter(public | _own(reader) if isinstance(reader, Person) else public)


def drafts_of(person: Person) -> QuerySet[Proposal]:
    found = Proposal.objects.filter(_own(person), state=State.DRAFT)
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

    @cached_property
    def text(self) -> Text:
        return Text.of(self.version.title, self.version.sections)

    @cached_property
    def readings(self) -> list[Reading]:
        found = readings(self.text, get_language() or "")
        return found if self.text.says_something else found[:1]

    @cached_property
    def own(self) -> list[Institution]:
        """The parties that the reader speaks for."""
        return [one.institution for one in self.seats if one.own and one.party.takes_part]

    @cached_property
    def asked(self) -> list[Party]:
        """Invitations that the reader can answer, while it can be answered."""
        if not self.proposal.is_draft:
            return []
        return [one.party for one in self.seats if one.own and one.party.is_asked]

    @cached_property
    def bound(self) -> list[Seat]:
        """Who takes part; of an agreed one everybody who signed it, also who withdrew since."""
        agreed = self.proposal.agreed_at
        return [one for one in self.seats if one.party.takes_part or (agreed and one.signature)]

    @cached_property
    def waiting(self) -> list[Seat]:
        """Invited, and has not answered."""
        return [one for one in self.seats if self.proposal.is_draft and one.party.is_asked]

    @cached_property
    def declined(self) -> list[Seat]:
        return [one for one in self.seats if one.party.declined_at]

    @cached_property
    def signed(self) -> list[Seat]:
        return [one for one in self.seats if one.signature and one.party.takes_part]

    @cached_property
    def unsigned(self) -> list[Seat]:
        return [one for one in self.seats if one.party.takes_part and not one.signature]

    @cached_property
    def why_not_ready(self) -> str | None:
        return why_not_ready(self.proposal, self.text, [one.party for one in self.seats])

    @cached_property
    def to_sign(self) -> list[Institution]:
        """Own parties that can sign the text as it stands."""
        if self.why_not_ready:
            return []
        return [one.institution for one in self.unsigned if one.own]

    @property
    def is_last_signature(self) -> bool:
        return len(self.unsigned) == 1

    @property
    def next_step(self) -> str:
        """What the reader can do next that brings it forward; or what others have to do."""
        if self.asked:
            return "answer"
        if not self.own or not self.proposal.is_alive:
            return ""
        if not self.proposal.is_draft:
            return "move"
        if self.to_sign:
            return "sign"
        if not self.text.says_something:
            return "write"
        if len(self.bound) + len(self.waiting) < 2:
            return "invite"
        return "wait"

    @property
    def names(self) -> str:
        """Who takes part, in one line."""
        return _in_line(self.bound)

    @property
    def signed_names(self) -> str:
        return _in_line(self.signed)

    @property
    def unsigned_names(self) -> str:
        return _in_line(self.unsigned)


def _in_line(seats: Sequence[Seat]) -> str:
    return ", ".join(str(one.institution) for one in seats)


def table(proposal: Proposal, reader: Person | AnonymousUser) -> Table:
    version = proposal.versions.select_related("institution").get(number=proposal.version)
    parties = list(
        proposal.parties.select_related("institution", "invited_by").order_by("accepted_at", "pk")
    )
    signatures = {one.party_id: one for one in version.signatures.all()}
    roles = Membership.objects.filter(
        institution__in=[one.institution_id for one in parties], until=None
    ).filter(Q(role=Role.STEWARD) | Q(role=Role.DELEGATE, person=reader.pk))
    told = list(roles.values_list("institution", "role", "person"))
    own = {place for place, _role, who in told if who == reader.pk}
    looked_after = {place for place, role, _who in told if role == Role.STEWARD}
    seats = [
        Seat(
            party=one,
            signature=signatures.get(one.pk),
            own=one.institution_id in own,
            looked_after=one.institution_id in looked_after,
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


@dataclass(frozen=True)
class Found:
    """Institutions of a name, each with `looked_after`; `more` says that there are others."""

    institutions: Sequence[Institution]
    more: bool


def to_invite(text: str) -> Found:
    """Institutions with each of these words in their name or town; a handful of them."""
    stewards = Membership.objects.stewards().filter(institution=OuterRef("pk"))
    some = list(called(text).annotate(looked_after=Exists(stewards))[: MOST_FOUND + 1])
    return Found(some[:MOST_FOUND], more=len(some) > MOST_FOUND)


def waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: invitations to answer, and texts that another party has signed already."""
    own = person.memberships.speakers().values("institution")
    asked = Party.objects.asked().filter(institution__in=own, proposal__state=State.DRAFT)
    for party in asked.select_related("proposal", "institution", "invited_by")[:MOST_WAITING]:
        yield Waiting(
            _("%(name)s is invited to a joint proposal") % {"name": party.institution},
            party.proposal.get_absolute_url(),
            _("“%(title)s”, with %(name)s.") % {"title": party.proposal, "name": party.invited_by},
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
    found = list(agreed_of(institution)[: FEW + 1])
    if not found and not reader.is_authenticated:
        return None
    context = {"institution": institution, "proposals": found[:FEW], "more": len(found) > FEW}
    return Panel("ways/panel.html", context)


def export(institution: Institution) -> Iterator[dict[str, object]]:
    """All joint proposals an institution takes part in, with their threads, for its own file."""
    parts = (
        institution.proposal_parts.filter(accepted_at__isnull=False)
        .select_related("proposal")
        .prefetch_related(
            Prefetch("proposal__versions", Version.objects.select_related("institution")),
            Prefetch(
                "proposal__versions__signatures",
                Signature.objects.select_related("party__institution"),
            ),
            Prefetch("proposal__messages", Message.objects.select_related("institution")),
            Prefetch("proposal__steps", Step.objects.select_related("institution")),
        )
    )
    for party in parts.order_by("pk").iterator(CHUNK):
        proposal = party.proposal
        # One that left has no more of it than what it saw.
        end = party.left_at
        yield {
            "number": proposal.pk,
            "way": proposal.way,
            "state": proposal.state,
            "begun_at": proposal.begun_at,
            "agreed_at": proposal.agreed_at,
            "accepted_at": party.accepted_at,
            "left_at": party.left_at,
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
                for one in reversed(proposal.versions.all())
                if not end or one.made_at < end
            ],
            "messages": [
                {"by": one.institution.slug, "at": one.written_at, "text": one.text}
                for one in reversed(proposal.messages.all())
                if not end or one.written_at < end
            ],
            "steps": [
                {
                    "state": one.state,
                    "sentence": one.sentence,
                    "by": one.institution.slug,
                    "at": one.at,
                }
                for one in proposal.steps.all()
            ],
        }
