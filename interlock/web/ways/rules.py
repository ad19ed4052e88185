"""Who may do what with a joint proposal; an answer is a reason, or None when they may."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_speak_for
from interlock.web.people.models import Person
from interlock.web.ways.models import Party, Proposal, Signature, State
from interlock.web.ways.twelve import WAYS
from interlock.web.ways.writing import Text

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEAST_PARTIES, MOST_PARTIES = 2, 6
MOST_SECTIONS = 20
#: Characters of one section in one language, of a message, of a whole text in all its languages.
LONGEST_SECTION = 8_000
LONGEST_MESSAGE = 4_000
LONGEST_TEXT = 60_000
# So much one person may begin, invite to and say within a day; each invitation is a mail to others.
MOST_BEGUN = 10
MOST_INVITED = 20
MOST_SAID = 100
# Who declined is asked again after this.
BEFORE_ASKING_AGAIN = 7 * DAY
MOST_VERSIONS = 2_000


def why_not_act_for(
    proposal: Proposal, institution: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    """Why a person cannot act in it for that institution: it takes part, and they speak for it."""
    if reason := why_not_speak_for(institution, person):
        return reason
    if not proposal.parties.taking_part().filter(institution=institution).exists():
        return _("%(name)s does not take part in this proposal.") % {"name": institution}
    return None


def why_not_begin(
    institution: Institution, person: Person, way: str, at: datetime
) -> str | Promise | None:
    if reason := why_not_speak_for(institution, person):
        return reason
    if way and way not in WAYS:
        return _("There is no such way to interlock.")
    begun = Proposal.objects.filter(
        versions__number=1, versions__person=person, begun_at__gt=at - DAY
    )
    if begun.count() >= MOST_BEGUN:
        return _("You began %(most)s proposals within a day. Go on tomorrow.") % {
            "most": MOST_BEGUN
        }
    return None


def why_not_invite(
    proposal: Proposal, institution: Institution, person: Person, at: datetime
) -> str | None:
    if not proposal.is_draft:
        return _("This proposal is no draft any more: nobody can join it.")
    if institution.left_at:
        return _("This institution has left the site.")
    known = {one.institution_id: one for one in proposal.parties.all()}
    part = known.get(institution.pk)
    if part and part.takes_part:
        return _("%(name)s takes part already.") % {"name": institution}
    if part and part.is_asked:
        return _("%(name)s is invited already.") % {"name": institution}
    if part and part.declined_at and part.declined_at > at - BEFORE_ASKING_AGAIN:
        return _("%(name)s declined less than a week ago. Talk with them first.") % {
            "name": institution
        }
    if part and part.left_at and not part.accepted_at and part.invited_at > at - DAY:
        return _("An invitation to %(name)s was taken back today. Invite them again tomorrow.") % {
            "name": institution
        }
    if sum(one.takes_part or one.is_asked for one in known.values()) >= MOST_PARTIES:
        return _("At most %(most)s institutions write a proposal together.") % {
            "most": MOST_PARTIES
        }
    own = person.memberships.speakers().values("institution")
    sent = Party.objects.filter(invited_by__in=own, invited_at__gt=at - DAY)
    if sent.count() >= MOST_INVITED:
        return _("%(most)s invitations within a day are enough. Go on tomorrow.") % {
            "most": MOST_INVITED
        }
    return None


def why_not_answer(party: Party, person: Person | AnonymousUser) -> str | Promise | None:
    if reason := why_not_speak_for(party.institution, person):
        return reason
    if not party.is_asked:
        return _("This invitation was answered or taken back.")
    if not party.proposal.is_draft:
        return _("This proposal is no draft any more: nobody can join it.")
    return None


def why_not_write(proposal: Proposal, text: Text) -> str | None:
    """Why this cannot be the text of a proposal."""
    if not proposal.is_draft:
        return _("This text was signed by all. It cannot change any more; begin a new one.")
    if proposal.version >= MOST_VERSIONS:
        return _("This text was changed too often. Begin a new proposal.")
    if not text.title:
        return _("A proposal needs a title.")
    if any(not one.heading for one in text.sections):
        return _("Each section needs a heading.")
    if len(text.sections) > MOST_SECTIONS:
        return _("At most %(most)s sections.") % {"most": MOST_SECTIONS}
    if text.length() > LONGEST_TEXT:
        return _("The whole text has more than %(most)s characters. Make it shorter.") % {
            "most": LONGEST_TEXT
        }
    return None


def why_not_say(proposal: Proposal, person: Person, at: datetime) -> str | None:
    said = proposal.messages.filter(person=person, written_at__gt=at - DAY)
    if said.count() >= MOST_SAID:
        return _("You wrote %(most)s messages within a day. Go on tomorrow.") % {"most": MOST_SAID}
    return None


def why_not_ready(proposal: Proposal, text: Text, parties: Sequence[Party]) -> str | None:
    """Why nobody can sign the text as it stands."""
    if not proposal.is_draft:
        return _("This proposal is no draft any more.")
    if waiting := [str(one.institution) for one in parties if one.is_asked]:
        return _(
            "Not answered yet: %(names)s. Wait for the answer, or take the invitation back."
        ) % {"names": ", ".join(waiting)}
    if sum(one.takes_part for one in parties) < LEAST_PARTIES:
        return _("It takes two. Invite another institution first.")
    if not text.says_something:
        return _("There is no text yet. Write what you propose.")
    return None


def why_not_sign(proposal: Proposal, institution: Institution, by: Person) -> str | None:
    """Why a person cannot sign the text for a party. That it was read is for the verb."""
    latest = proposal.versions.get(number=proposal.version)
    parties = list(proposal.parties.select_related("institution"))
    if reason := why_not_ready(proposal, Text.of(latest.title, latest.sections), parties):
        return reason
    if Signature.objects.filter(version=latest, party__institution=institution).exists():
        return _("%(name)s has signed this text already.") % {"name": institution}
    own = Signature.objects.filter(version=latest, person=by).select_related("party__institution")
    if signed := own.first():
        told = {"name": institution, "other": signed.party.institution}
        return _("You signed this text for %(other)s: somebody else signs for %(name)s.") % told
    return None


def why_not_move(proposal: Proposal, state: str) -> str | None:
    if state not in proposal.moves:
        return _("This proposal stands at “%(state)s”, which does not lead there.") % {
            "state": State(proposal.state).label
        }
    return None


def why_not_leave(proposal: Proposal) -> str | None:
    if not proposal.is_alive:
        return _("This proposal has come to its end.")
    return None


def bond(institution: Institution) -> str | None:
    """What an institution has promised or is writing with others keeps it here."""
    parts = institution.proposal_parts.taking_part().select_related("proposal")
    open_ones = [str(one.proposal) for one in parts if one.proposal.is_alive]
    if not open_ones:
        return None
    return _("It takes part in joint proposals; leave or end them first: %(titles)s.") % {
        "titles": ", ".join(open_ones)
    }
