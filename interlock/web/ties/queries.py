"""Questions about ties."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.methods.formats.murmurations import MOST_ITEMS, Relationship
from interlock.web.institutions.models import Institution, Membership
from interlock.web.institutions.queries import LONGEST_SEARCH, Panel, searched_words
from interlock.web.look import amounts
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting
from interlock.web.ties.models import TERMS, Act, Change, Predicate, Standing, Tie, Word
from interlock.web.ties.rules import GIVING

#: So many on an institution's own page, and on a page of a list.
FEW = 20
A_PAGE = 50
MOST_WAITING = 20
#: The latest steps of a tie's story; a day's limits keep it short.
MOST_STEPS = 60
#: Of a web address; the whole of it is where it leads.
LONGEST_ADDRESS = 34

_NAMES = ("subject", "object", "said_by", "disputed_by")


def current() -> QuerySet[Tie]:
    """All that is shown to everybody: whatever was not withdrawn, confirmed or not."""
    return Tie.objects.filter(withdrawn_at=None).select_related(*_NAMES)


def of(institution: Institution) -> QuerySet[Tie]:
    """All that is shown of one institution's ties, from either side."""
    return current().filter(Q(subject=institution) | Q(object=institution))


def said_before(
    *,
    subject: Institution,
    predicate: str,
    object: Institution,
    since: date | None,
    speaker: Institution,
) -> Tie | None:
    """The tie that somebody means who says this one, if it was said before.

    That is the one with the same beginning. Of one that only the other side said, the speaker may
    know the beginning or not: it is the same tie unless it had ended before.
    """
    same = current().filter(subject=subject, predicate=predicate, object=object, witness="")
    for tie in same.filter(since=since):
        return tie
    found = [
        tie
        for tie in same
        if (since is None or tie.since is None)
        and not (since and tie.until and tie.until < since)
        and tie.is_side(speaker)
        and not tie.said_at_by(speaker)
    ]
    return found[0] if len(found) == 1 else None


_DISPUTED = Q(disputed_at__isnull=False)
_BOTH = Q(subject_said_at__isnull=False, object_said_at__isnull=False)
_SAID = Q(witness="")
STANDINGS: Mapping[str, Q] = {
    Standing.WITNESSED: ~_SAID,
    Standing.DISPUTED: _SAID & _DISPUTED,
    Standing.CONFIRMED: _SAID & ~_DISPUTED & _BOTH,
    Standing.SAID: _SAID & ~_DISPUTED & ~_BOTH,
}


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for among ties; empty is everything."""

    words: str = ""
    predicate: str = ""
    standing: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.predicate or self.standing)


def wanted(asked: Mapping[str, str]) -> Wanted:
    """A search as an address tells it; what nobody could have chosen is left out."""
    predicate, standing = asked.get("predicate", ""), asked.get("state", "")
    return Wanted(
        words=asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        predicate=predicate if predicate in Predicate.values else "",
        standing=standing if standing in Standing.values else "",
    )


def narrowed(ties: QuerySet[Tie], wanted: Wanted) -> QuerySet[Tie]:
    """Those of them that match; words are looked for in the names and towns of both sides."""
    if wanted.predicate:
        ties = ties.filter(predicate=wanted.predicate)
    if wanted.standing:
        ties = ties.filter(STANDINGS[wanted.standing])
    for word in searched_words(wanted.words):
        ties = ties.filter(Q(subject__searched__contains=word) | Q(object__searched__contains=word))
    return ties


@dataclass(frozen=True)
class Line:
    """A tie as one of its sides tells it."""

    tie: Tie
    does: str
    other: Institution

    @property
    def says_more(self) -> bool:
        """Whether there is more to say than who it is with, and that it is so."""
        tie = self.tie
        dated = tie.since or tie.until
        return bool(dated) or tie.amount is not None or not tie.is_confirmed


def lines(institution: Institution, ties: list[Tie]) -> list[tuple[str, list[Line]]]:
    """Ties under what it does, or what is done for it, in the order of the predicates."""
    told = []
    for tie in ties:
        own = tie.subject_id == institution.pk
        word = Predicate(tie.predicate)
        does = word.label if own else word.inverse
        place = Predicate.values.index(tie.predicate)
        mutual = own or word.is_mutual
        told.append((place, not mutual, Line(tie, str(does), tie.other(institution))))
    told.sort(key=lambda one: one[:2])
    return [
        (capfirst(does), [line for _place, _own, line in some])
        for does, some in groupby(told, key=lambda one: one[2].does)
    ]


def panel(institution: Institution, reader: Person | AnonymousUser) -> Panel | None:
    """Its ties, on its page: what has most behind it first."""
    worth = Case(
        When(STANDINGS[Standing.WITNESSED] | STANDINGS[Standing.CONFIRMED], then=0),
        When(STANDINGS[Standing.DISPUTED], then=2),
        default=1,
    )
    found = list(of(institution).order_by(worth, "-said_at", "-pk")[: FEW + 1])
    shared = shared_people(institution, timezone.now())
    if institution.left_at and not found:
        return None
    context = {
        "institution": institution,
        "groups": lines(institution, found[:FEW]),
        "more": len(found) > FEW,
        "shared": shared,
        "reader": reader,
    }
    return Panel("ties/panel.html", context)


# Shares people with.

#: Fewer people than these are nobody's business, nor are fewer that two institutions do not share.
LEAST_SHARED = 3
#: What a count is told as. Exact counts told at two moments, or of two who are nearly the same,
#: would tell of one person by their difference.
AT_LEAST = (3, 5, 10, 20, 50, 100, 200, 500, 1_000)
MOST_SHARED = 20


@dataclass(frozen=True)
class Shared:
    """Another institution, and at least how many people have a role in both."""

    slug: str
    name: LazyI18nString | str
    at_least: int


@dataclass(frozen=True)
class SharedPeople:
    day: date
    others: list[Shared]


def shared_people(institution: Institution, at: datetime) -> SharedPeople | None:
    """With whom it shares people, as numbers only. One query.

    Four things keep a number from telling of one person. Only who said so themselves is counted:
    stewards who enter others learn nothing of them. It is told in coarse steps. It is told as
    it stood when the month began, so that nobody who sees one person come or go sees the number
    move on that day. And it is told only if at least three people on either side are *not* shared:
    who knows all members of a small co-op would else learn from "at least 3" that each of them is a
    member of the union.
    """
    began = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    there = Membership.objects.filter(Q(until=None) | Q(until__gte=began), accepted_at__lt=began)
    people = Count("person", distinct=True)
    own = there.filter(institution=institution)

    def total(of: OuterRef | int) -> Subquery:
        some = there.filter(institution_id=of).order_by().values("institution")
        return Subquery(some.annotate(number=people).values("number"))

    rows = (
        there.filter(person__in=own.values("person"), institution__left_at=None)
        .exclude(institution=institution)
        .order_by()
        .values("institution", "institution__slug", "institution__name")
        .annotate(shared=people, theirs=total(OuterRef("institution")), ours=total(institution.pk))
        .filter(shared__gte=LEAST_SHARED)
        .order_by("-shared", "institution__slug")[:MOST_SHARED]
    )
    others = [
        Shared(
            row["institution__slug"],
            row["institution__name"],
            max(step for step in AT_LEAST if step <= row["shared"]),
        )
        for row in rows
        if min(row["theirs"], row["ours"]) - row["shared"] >= LEAST_SHARED
    ]
    return SharedPeople(began.date(), others) if others else None


# One tie.


@dataclass(frozen=True)
class Told:
    """One of the terms, in words."""

    label: str | Promise
    value: str
    url: str = ""


def told_terms(terms: Mapping[str, object]) -> list[Told]:
    """What is said of a tie, in words; what nobody said is left out. Days may be ISO texts."""
    return [_told(name, terms) for name in TERMS if _is_said(name, terms)]


def told_changes(before: Mapping[str, object], after: Mapping[str, object]) -> list[Told]:
    """What is said otherwise after a change, in words; also what is not said any more."""
    told = []
    for name in TERMS:
        was = _told(name, before) if _is_said(name, before) else None
        is_ = _told(name, after) if _is_said(name, after) else None
        if is_ and is_ != was:
            told.append(is_)
        elif was and not is_:
            told.append(Told(was.label, _("not said any more")))
    return told


def _is_said(name: str, terms: Mapping[str, object]) -> bool:
    return name != "currency" and terms.get(name) not in ("", None)


def _told(name: str, terms: Mapping[str, object]) -> Told:
    value = terms[name]
    label = capfirst(str(Tie._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    if name in ("since", "until"):
        day = date.fromisoformat(value) if isinstance(value, str) else value
        assert isinstance(day, date)
        return Told(label, amounts.calendar_day(day))
    if name == "amount":
        assert isinstance(value, int)
        return Told(label, amounts.money(value, str(terms["currency"])))
    if name == "evidence":
        shown = str(value).partition("://")[2].removeprefix("www.").rstrip("/")
        return Told(label, Truncator(shown).chars(LONGEST_ADDRESS), str(value))
    return Told(label, str(value))


@dataclass(frozen=True)
class Step:
    """One step of a tie's story: who did what, and what it says otherwise than before."""

    word: Word
    terms: list[Told]


def story(tie: Tie) -> list[Step]:
    """What happened, in its order; who spoke for an institution is nobody's business."""
    latest = list(tie.words.select_related("institution").order_by("-at", "-pk")[:MOST_STEPS])
    steps: list[Step] = []
    before: Mapping[str, object] = {}
    for word in reversed(latest):
        asked = word.act == Act.ASKED
        steps.append(Step(word, [] if asked else told_changes(before, word.terms)))
        # What is asked, proposed and declined changes nothing yet, or ever.
        if word.act in (Act.SAID, Act.CONFIRMED, Act.CHANGED, Act.AGREED):
            before = word.terms
    return steps


def spoken_for(tie: Tie, person: Person) -> list[Institution]:
    """Of those whose word counts here, the ones a person speaks for."""
    ends = {one.pk: one for one in (*tie.sides, tie.said_by) if one}
    own = person.memberships.speakers().filter(institution__in=ends)
    return [ends[pk] for pk in sorted(set(own.values_list("institution", flat=True)))]


def waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: ties and changes that wait for the word of those a person speaks for."""
    own = set(person.memberships.speakers().values_list("institution", flat=True))
    if not own:
        return
    # Side by side: who speaks for both is asked for the one that has not answered the other.
    silent = Q(pk__in=[])
    for side in ("subject", "object"):
        said_no = Q(disputed_by=F(side), disputed_by__isnull=False)
        silent |= Q(**{f"{side}__in": own, f"{side}_said_at": None}) & ~said_no
    alone = Word.objects.filter(tie=OuterRef("pk"), person=person, act__in=GIVING)
    unanswered = (
        current().filter(silent, witness="").exclude(Exists(alone), subject__in=own, object__in=own)
    )
    for tie in unanswered.order_by("-said_at", "-pk")[:MOST_WAITING]:
        yield Waiting(_("Is this so? %(tie)s") % {"tie": tie}, tie.get_absolute_url(), tie.state)
    asked = Q(tie__subject__in=own) & ~Q(said_by=F("tie__subject"))
    asked |= Q(tie__object__in=own) & ~Q(said_by=F("tie__object"))
    # Who proposed it for the one does not answer for the other.
    proposed = Word.objects.filter(
        tie=OuterRef("tie"), act=Act.PROPOSED, at=OuterRef("said_at"), person=person
    )
    changes = Change.objects.filter(asked, ~Exists(proposed), tie__withdrawn_at=None)
    named = changes.select_related("said_by", "tie__subject", "tie__object")
    for change in named.order_by("-said_at", "-pk")[:MOST_WAITING]:
        yield Waiting(
            _("Is this change right? %(tie)s") % {"tie": change.tie},
            change.tie.get_absolute_url(),
            _("%(name)s proposed it.") % {"name": change.said_by},
        )


# For other programs.


def export(institution: Institution) -> Iterator[dict[str, object]]:
    """All that was ever said of its ties, for its own file; who spoke is not in it."""
    found = Tie.objects.filter(
        Q(subject=institution) | Q(object=institution) | Q(said_by=institution)
    )
    told = found.select_related(*_NAMES).prefetch_related("words__institution").order_by("pk")
    for tie in told.iterator(500):
        yield {
            "number": tie.pk,
            **as_data(tie),
            "dispute": tie.dispute,
            "withdrawn_at": tie.withdrawn_at,
            "story": [
                {
                    "act": word.act,
                    "by": word.institution.slug,
                    "by_mail": word.by_mail,
                    "at": word.at,
                    "reason": word.reason,
                    "terms": word.terms,
                }
                for word in tie.words.all()
            ],
        }


def as_data(tie: Tie) -> dict[str, object]:
    """A tie as plain data: what the API and an institution's own file say of it."""
    return {
        "subject": tie.subject.slug,
        "predicate": tie.predicate,
        "object": tie.object.slug,
        "since": tie.since,
        "until": tie.until,
        "amount_minor_units": tie.amount,
        "currency": tie.currency,
        "evidence": tie.evidence,
        "note": tie.note,
        "state": tie.standing.value,
        "said_by": tie.said_by.slug if tie.said_by else None,
        "said_at": tie.said_at,
        "subject_said_at": tie.subject_said_at,
        "object_said_at": tie.object_said_at,
        "disputed_by": tie.disputed_by.slug if tie.disputed_by else None,
        "witness": tie.witness,
        "synthetic": tie.is_synthetic,
    }


def relationships(institution: Institution) -> Iterator[Relationship]:
    """Its lasting ties for its Murmurations profile: only what both sides stand for, or was seen."""
    lasting = of(institution).filter(STANDINGS[Standing.CONFIRMED] | STANDINGS[Standing.WITNESSED])
    today = timezone.localdate()
    for tie in lasting.filter(Q(until=None) | Q(until__gte=today)).order_by("pk")[:MOST_ITEMS]:
        other = tie.other(institution)
        yield Relationship(
            predicate_url=word_address(tie.predicate, inverse=tie.object_id == institution.pk),
            object_url=f"{settings.INTERLOCK_ORIGIN}{other.get_absolute_url()}",
        )


def word_address(predicate: str, *, inverse: bool) -> str:
    """Where it stands what a word for a tie means, as profiles name it."""
    place = f"{predicate}-inverse" if inverse and not Predicate(predicate).is_mutual else predicate
    return f"{settings.INTERLOCK_ORIGIN}{reverse('ties:words')}#{place}"


def network() -> QuerySet[Institution]:
    """The nodes of the network: all who are here, and those who left and have ties."""
    tied = Tie.objects.filter(
        Q(subject=OuterRef("pk")) | Q(object=OuterRef("pk")), withdrawn_at=None
    )
    return Institution.objects.filter(Q(left_at=None) | Exists(tied)).order_by("pk")
