"""Who may say what of a tie; an answer is a reason, or None when they may."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_trust_address
from interlock.web.look.amounts import is_currency
from interlock.web.people.models import Person
from interlock.web.ties.models import (
    LONGEST_REASON,
    Act,
    Change,
    Predicate,
    Tie,
    TieLink,
    Word,
)

DAY = timedelta(days=1)
#: So much a person says within a day, and so much of it of two others than the one they speak for.
MOST_SAID = 60
MOST_OF_OTHERS = 20
#: So often one side acts on one tie within a day: each time may be a mail to the other.
MOST_ACTS = 6
#: So many mails about ties an institution's stewards get within a day; or, where nobody looks after
#: its page, its published address. More waits on the desk, or until somebody asks again.
MOST_MAILS = 10
MOST_MAILS_TO_STRANGERS = 3
BEFORE_ASKING_AGAIN = 14 * DAY
#: Shared mailboxes are read seldom, and by somebody who asks somebody else first.
LINK_LIFETIME = 30 * DAY
#: By which a side gives its word for what a tie says.
GIVING = (Act.SAID, Act.CONFIRMED, Act.CHANGED, Act.PROPOSED, Act.AGREED)
#: Amounts fit a database's 64 bits with room for sums of them.
LARGEST_AMOUNT = 10**16


def why_not_tie(
    subject: Institution, predicate: str, object: Institution, speaker: Institution
) -> str | None:
    """Why there can be no such tie, whoever says it."""
    if predicate not in Predicate.values:
        return _("There is no such word for a tie: %(word)s.") % {"word": predicate}
    if subject == object:
        return _("A tie is between two institutions. This is one and the same.")
    for one in (subject, object, speaker):
        if one.left_at:
            return _("%(name)s has left this site.") % {"name": one}
    return None


def why_not_say_more(speaker: Institution, of_others: bool, by: Person, at: datetime) -> str | None:
    """Why a person has said enough for today.

    Anybody may say what two others do; so few of these a day that nobody fills the register with
    what neither side ever said.
    """
    said = Word.objects.filter(act=Act.SAID, person=by, at__gt=at - DAY)
    if said.count() >= MOST_SAID:
        return _("You said %(most)s ties within a day. Go on tomorrow.") % {"most": MOST_SAID}
    if of_others:
        own = Word.objects.filter(act=Act.SAID, institution=speaker, at__gt=at - DAY)
        strange = own.exclude(tie__subject=F("institution")).exclude(tie__object=F("institution"))
        if strange.count() >= MOST_OF_OTHERS:
            return _("%(most)s ties of others within a day are enough. Go on tomorrow.") % {
                "most": MOST_OF_OTHERS
            }
    return None


def why_not_terms(terms: Mapping[str, Any]) -> str | None:
    """Why this cannot be said of a tie."""
    since, until = terms["since"], terms["until"]
    amount, currency = terms["amount"], terms["currency"]
    for day in (since, until):
        if isinstance(day, date) and not 1000 <= day.year <= 2999:
            return _("This is not a year that a tie could be of: %(year)s.") % {"year": day.year}
    if since and until and until < since:
        return _("It ends before it begins.")
    if amount is not None and not 0 <= amount <= LARGEST_AMOUNT:
        return _("This is not an amount that a tie could be of.")
    if currency and not is_currency(currency):
        return _("There is no such currency: %(code)s.") % {"code": currency}
    if amount is not None and not currency:
        return _("An amount needs its currency.")
    evidence = terms["evidence"]
    if evidence and not evidence.startswith(("https://", "http://")):
        return _("Evidence is a web address that begins with https:// or http://.")
    return None


def why_not_other_terms(tie: Tie, terms: Mapping[str, Any]) -> str | None:
    """Why the terms of a tie cannot become these: there is one with that beginning already."""
    if reason := why_not_terms(terms):
        return reason
    same = Tie.objects.filter(
        subject=tie.subject_id,
        predicate=tie.predicate,
        object=tie.object_id,
        since=terms["since"],
        witness="",
        withdrawn_at=None,
    )
    if same.exclude(pk=tie.pk).exists():
        return _("There is such a tie since that day already.")
    return None


def why_not_touch(tie: Tie) -> str | None:
    """Why nobody's word changes anything about a tie."""
    if tie.withdrawn_at:
        return _("This tie was withdrawn.")
    if tie.witness:
        return _("This site witnessed it itself. It needs nobody's word, and stands.")
    return None


def why_not_a_side(tie: Tie, speaker: Institution) -> str | None:
    """Only the two confirm or dispute what is said of them."""
    if not tie.is_side(speaker):
        return _("Only the two institutions of a tie can do that, and %(name)s is neither.") % {
            "name": speaker
        }
    return None


def why_not_act_again(tie: Tie, speaker: Institution, at: datetime) -> str | None:
    acts = tie.words.filter(institution=speaker, at__gt=at - DAY).exclude(act=Act.ASKED)
    if acts.count() >= MOST_ACTS:
        return _("%(name)s changed its word often enough today. Go on tomorrow.") % {
            "name": speaker
        }
    return None


def why_not_confirm(tie: Tie, speaker: Institution) -> str | None:
    if reason := why_not_touch(tie):
        return reason
    if tie.said_at_by(speaker):
        return _("%(name)s has said so already.") % {"name": speaker}
    return None


def why_not_for_both(tie: Tie, speaker: Institution, by: Person) -> str | None:
    """Two institutions have said so only where two people have: nobody answers themselves."""
    other = tie.other(speaker)
    said = Word.objects.filter(tie=tie, institution=other, act__in=GIVING).order_by("at", "pk")
    last = said.last()
    if last and last.person_id == by.pk:
        told = {"name": speaker, "other": other}
        return _("You said this for %(other)s: somebody else answers for %(name)s.") % told
    return None


def why_not_read(said: Tie | Change, read: str) -> str | None:
    """A word is for what was read: terms that came later were not."""
    if read and read != said.fingerprint:
        return _("What is said of this tie changed while you read it.")
    return None


def why_not_dispute(tie: Tie, speaker: Institution, reason: str) -> str | None:
    if why := why_not_touch(tie):
        return why
    if tie.disputed_by_id == speaker.pk:
        return _("%(name)s disputes it already.") % {"name": speaker}
    if tie.said_by_id == speaker.pk and len(tie.silent) == 1:
        return _("%(name)s said so itself: it can take its word back.") % {"name": speaker}
    if not reason.strip():
        return _("Say in a sentence what is wrong.")
    if len(reason) > LONGEST_REASON:
        return _("That is too long: %(most)s characters at most.") % {"most": LONGEST_REASON}
    return None


def why_not_withdraw(tie: Tie, speaker: Institution) -> str | None:
    if reason := why_not_touch(tie):
        return reason
    if speaker.pk in (tie.said_by_id, tie.disputed_by_id):
        return None
    if tie.is_side(speaker) and tie.said_at_by(speaker):
        return None
    return _("%(name)s has said nothing here that it could take back.") % {"name": speaker}


def why_not_change(tie: Tie, speaker: Institution) -> str | None:
    """A side may say other terms; a third party only while its word is the only one."""
    if reason := why_not_touch(tie):
        return reason
    if tie.is_side(speaker):
        return None
    if tie.said_by_id != speaker.pk:
        return why_not_a_side(tie, speaker)
    if len(tie.silent) < 2 or tie.disputed_by_id:
        return _("One of the two has answered: what it says is theirs now.")
    return None


def why_not_agree(tie: Tie, change: Change | None, speaker: Institution) -> str | None:
    if reason := why_not_touch(tie):
        return reason
    if change is None:
        return _("There is no change to answer: it was answered or taken back.")
    if change.said_by_id == speaker.pk:
        return _("It is for the other side to agree.")
    return None


def why_not_drop(tie: Tie, change: Change | None) -> str | None:
    if change is None:
        return _("There is no change to answer: it was answered or taken back.")
    return why_not_touch(tie)


def why_not_ask(tie: Tie, speaker: Institution, at: datetime) -> str | Promise | None:
    """Why the silent side is not asked by e-mail again."""
    if reason := why_not_touch(tie):
        return reason
    if speaker.pk != tie.said_by_id and not (tie.is_side(speaker) and tie.said_at_by(speaker)):
        return _("%(name)s has not said so itself.") % {"name": speaker}
    asked = unanswered(tie, speaker)
    if not asked:
        return _("Nobody is left to be asked.")
    recently = tie.words.filter(act=Act.ASKED, at__gt=at - BEFORE_ASKING_AGAIN)
    if recently.filter(institution__in=asked).exists():
        return _("They were asked less than two weeks ago.")
    reasons = [why_not_write_to(one, at) for one in asked]
    return None if None in reasons else reasons[0]


def unanswered(tie: Tie, speaker: Institution) -> list[Institution]:
    """The sides that have not answered what a speaker said: the tie, or its change of one."""
    change = Change.objects.filter(tie=tie, said_by=speaker).first()
    if change and tie.is_side(speaker):
        return [tie.other(speaker)]
    return [one for one in tie.silent if one.pk not in (speaker.pk, tie.disputed_by_id)]


def why_not_write_to(institution: Institution, at: datetime) -> str | Promise | None:
    """Why no mail goes to a side now. Its stewards are asked; where there are none, its address."""
    if institution.left_at:
        return _("%(name)s has left this site.") % {"name": institution}
    looked_after = institution.memberships.stewards().exists()
    if not looked_after and (reason := why_not_trust_address(institution)):
        return reason
    asked = Word.objects.filter(institution=institution, act=Act.ASKED, at__gt=at - DAY)
    if asked.count() >= (MOST_MAILS if looked_after else MOST_MAILS_TO_STRANGERS):
        return _("%(name)s got enough mails about ties today.") % {"name": institution}
    return None


def why_not_use(link: TieLink | None, address_hash: str, at: datetime) -> str | None:
    """Why a link from a mail does not answer; `address_hash` is of the address the page shows now."""
    if link is None:
        return _("This link is not one of ours, or was cut off on its way.")
    if link.used_at:
        return _("This link was used already: it answers once.")
    if link.expires_at <= at:
        return _("This link is too old.")
    if link.address_hash != address_hash:
        return _("The page shows another e-mail address now, so this link holds no longer.")
    if link.institution.memberships.stewards().exists():
        return _("Its own people look after its page now: they answer there.")
    return why_not_touch(link.tie)
