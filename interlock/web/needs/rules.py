"""Who may do what with needs, offers and introductions; an answer is a reason, or None."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution
from interlock.web.needs.models import Closing, Introduction, Listing, Sequel, Transaction
from interlock.web.people.models import Person

DAY = timedelta(days=1)
#: How long a listing holds when nobody says otherwise, how long at most, and when its people are told
#: that it ends.
USUAL_LIFE = 91 * DAY
LONGEST_LIFE = 366 * DAY
REMINDED_BEFORE = 7 * DAY
#: So many listings an institution has open, and posts within a day.
MOST_OPEN = 200
MOST_POSTED = 40
#: So many introductions one person asks for within a day: each is a mail to others.
MOST_ASKED = 10
#: So many may wait for the answer of one institution.
MOST_WAITING = 50
# Who was declined asks about the same listing again after this.
BEFORE_ASKING_AGAIN = 30 * DAY
MOST_TAGS = 12
LONGEST_TAG = 60
LONGEST_TEXT = 4_000


def why_not_post(institution: Institution, at: datetime) -> str | None:
    if institution.left_at:
        return _("This institution has left the site.")
    if institution.listings.open(at).count() >= MOST_OPEN:
        return _("It has %(most)s needs and offers open. Close some first.") % {"most": MOST_OPEN}
    if institution.listings.filter(posted_at__gt=at - DAY).count() >= MOST_POSTED:
        return _("%(most)s needs and offers within a day are enough. Go on tomorrow.") % {
            "most": MOST_POSTED
        }
    return None


def why_not_post_again(
    institution: Institution, said: Mapping[str, Any], at: datetime
) -> str | None:
    """Why a need of a process is not posted a second time, as by a button that is pressed twice."""
    if not said.get("of_process"):
        return None
    open_ones = institution.listings.open(at).filter(of_process=True)
    if any(str(one) == str(said["title"]) for one in open_ones.defer("terms")):
        return _("“%(title)s” is open already.") % {"title": said["title"]}
    return None


def why_not_say(said: Mapping[str, Any], at: datetime) -> str | None:
    """Why this cannot be said of a listing; `said` are its fields."""
    if not str(said["title"]).strip():
        return _("It needs a title.")
    if reason := why_not_tags(said["tags"]):
        return reason
    transactions = said["transaction_types"]
    if not transactions or not set(transactions) <= set(Transaction.values):
        return _("Say how it changes hands: for money, as a gift, or lent.")
    return why_not_until(said["expires_at"], at)


def why_not_tags(tags: Sequence[str]) -> str | None:
    if len(tags) > MOST_TAGS:
        return _("At most %(most)s tags.") % {"most": MOST_TAGS}
    if any(len(tag) > LONGEST_TAG for tag in tags):
        return _("A tag has at most %(most)s characters.") % {"most": LONGEST_TAG}
    return None


def why_not_until(expires_at: datetime, at: datetime) -> str | None:
    if expires_at <= at:
        return _("The day on which it ends has to lie ahead.")
    if expires_at > at + LONGEST_LIFE:
        return _("It holds for a year at most. You can renew it then.")
    return None


def why_not_change(listing: Listing) -> str | None:
    """Why nobody can change, renew or close it. One that has only expired can be renewed."""
    if listing.closed_at:
        return _("This is closed. Post it anew if it holds again.")
    return None


def why_not_close(closing: str) -> str | None:
    if closing not in set(Closing.values) - {Closing.LEFT}:
        return _("Say why it is closed.")
    return None


def why_not_ask(
    listing: Listing,
    acting: Institution,
    person: Person,
    at: datetime,
    own_listing: Listing | None = None,
) -> str | None:
    """Why a person cannot ask for an introduction about a listing, for an institution of theirs."""
    if not listing.is_open(at):
        return _("This is not open any more.")
    asked = listing.institution
    if acting == asked:
        return _("This is your own.")
    if acting.left_at:
        return _("This institution has left the site.")
    if own_listing and (
        own_listing.institution_id != acting.pk
        or own_listing.exchange_type == listing.exchange_type
        or not own_listing.is_open(at)
    ):
        return _("This is no open need or offer of yours that could meet it.")
    if not asked.memberships.speakers().exists():
        return _("Nobody looks after the page of %(name)s, so nobody could answer.") % {
            "name": asked
        }
    return _why_not_ask_again(listing, acting, at, own_listing) or _why_not_more(asked, person, at)


def _why_not_ask_again(
    listing: Listing, acting: Institution, at: datetime, own_listing: Listing | None
) -> str | None:
    about = listing.introductions.filter(asker=acting)
    if about.waiting().exists():
        return _("You have asked already. Wait for the answer, or withdraw it.")
    if about.accepted().exists():
        return _("You are introduced already.")
    if about.filter(accepted=False, answered_at__gt=at - BEFORE_ASKING_AGAIN).exists():
        return _("They declined less than 30 days ago. Talk with them elsewhere first.")
    if own_listing:
        back = own_listing.introductions.filter(asker=listing.institution, own_listing=listing)
        if back.waiting().exists():
            return _("They have asked you already: answer them on your desk.")
        if back.accepted().exists():
            return _("You are introduced already.")
    return None


def _why_not_more(asked: Institution, person: Person, at: datetime) -> str | None:
    sent = Introduction.objects.filter(asked_by=person, asked_at__gt=at - DAY)
    if sent.count() >= MOST_ASKED:
        return _("You asked %(most)s times within a day. Go on tomorrow.") % {"most": MOST_ASKED}
    if asked.introductions_answered.waiting().count() >= MOST_WAITING:
        return _("Too many wait for their answer already. Try again later.")
    return None


def why_not_settle(introduction: Introduction) -> str | None:
    """Why it can be neither answered nor withdrawn any more."""
    if introduction.withdrawn_at:
        return _("This was withdrawn.")
    if introduction.answered_at:
        return _("This was answered already.")
    return None


def why_not_accept(introduction: Introduction, at: datetime) -> str | None:
    """Why nobody can say yes any more: what it is about, or what they came with, has ended."""
    if not introduction.listing.is_open(at):
        return _("“%(title)s” has ended. Renew it, then say yes; or decline.") % {
            "title": introduction.listing
        }
    own = introduction.own_listing
    if own and not own.is_open(at):
        return _("“%(title)s”, which they came with, has ended. Decline; they can ask anew.") % {
            "title": own
        }
    return None


def why_not_conclude(introduction: Introduction, side: Institution, sequel: str) -> str | None:
    """Why one side cannot say what became of it."""
    if side not in introduction.sides:
        return _("This introduction is between two others.")
    if not introduction.accepted:
        return _("Only what both sides accepted can have led somewhere.")
    if sequel not in Sequel.values:
        return _("Say what became of it.")
    return None
