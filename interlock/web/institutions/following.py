"""Profiles on other sites, followed: given by address, looked at, entered, read again every day.

An institution that nobody looks after here is entered from its Murmurations profile, or brought up to
date by it. What its own people wrote is never touched: when somebody claims its page, nothing is read
any more. Anybody could put up a profile that names an institution of the register, so that one which was
here before lets only the site its page names replace what it says, and of a site that many share only
what lies below the address that its page names. Any other fills in what is empty, and
none but one that the operator gave brings the e-mail address, by which the page could be claimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.methods.formats.faults import FormatError
from interlock.methods.formats.murmurations import Organization, read_organization
from interlock.methods.formats.register import Address, Record
from interlock.methods.formats.register import Identifier as Number
from interlock.web.institutions import actions, records, whereabouts
from interlock.web.institutions.fetching import Answer, FetchError, fetch, target_of
from interlock.web.institutions.matching import Register
from interlock.web.institutions.models import Followed, Identifier, Institution
from interlock.web.institutions.rules import is_of_undone_list
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person

DAY = timedelta(days=1)
# So many looks a person may ask for in a day, and so long between two at the same address.
MOST_LOOKS = 20
BETWEEN_LOOKS = timedelta(minutes=5)
# Who fetches one has so long, before another worker takes it for lost.
LEASE = timedelta(minutes=15)
# After each failure in a row it is tried later; after the last one no more.
PAUSES = [timedelta(hours=hours) for hours in (1, 3, 8, 24, 48, 96, 168, 168, 168)]
# The kind of what a profile enters: it says nothing of that.
USUAL_KIND = "community_organisation"
NEW = "new"
MOST_TAGS = 20
#: Where many publish under one host: what lies there is not said by whoever runs it.
SHARED = frozenset({
    "archive.org", "bitbucket.org", "cdn.jsdelivr.net", "codeberg.org", "docs.google.com", "drive.google.com",
    "dropbox.com", "facebook.com", "firebasestorage.googleapis.com", "gist.github.com",
    "gist.githubusercontent.com", "github.com", "gitlab.com", "ipfs.io", "linkedin.com", "medium.com",
    "pastebin.com", "raw.githubusercontent.com", "s3.amazonaws.com", "sites.google.com",
    "storage.googleapis.com", "test-tools.murmurations.network", "tools.murmurations.network", "unpkg.com",
    "web.archive.org", "wordpress.com",
})  # fmt: skip

REASONS: Mapping[str, str | Promise] = {
    "no-address": gettext_lazy("This is no web address that can be asked. Copy it whole from a browser."),
    "not-https": gettext_lazy("Only addresses that begin with https:// are asked."),
    "credentials": gettext_lazy("There is a name or a password in this address. Give one without."),
    "port": gettext_lazy("The address has a port, %(port)s. Only the usual one is asked."),
    "not-public": gettext_lazy("%(host)s is not on the public internet, so it is not asked."),
    "not-found": gettext_lazy("There is no %(host)s. Look for a typing error."),
    "unreachable": gettext_lazy("%(host)s does not answer, or breaks off."),
    "not-trusted": gettext_lazy("The certificate of %(host)s is not valid. Tell whoever runs it."),
    "too-slow": gettext_lazy("It did not answer whole within %(seconds)s seconds."),
    "redirects": gettext_lazy("It sends from one address to the next, more than %(most)s times."),
    "status": gettext_lazy("It answers with the error %(status)s. Is there a profile at this address?"),
    "not-json": gettext_lazy("It answers with something that is no JSON, such as a page. The profile has an address of its own."),
    "too-large": gettext_lazy("The answer is larger than %(most)s kilobytes."),
    "no-profile": gettext_lazy("It is no profile of an organization as Murmurations has it. Wrong in it: %(fields)s."),
}  # fmt: skip


@dataclass
class Plan:
    """What a profile would change, in the order of a page; nothing is written yet."""

    name: str
    values: dict[str, Any]
    institution: Institution | None = None
    candidates: list[Institution] = field(default_factory=list)
    changed: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    why_not: str | Promise = ""
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    is_synthetic: bool = False


def reason_of(followed: Followed) -> str:
    """Why it could not be read the last time, in the reader's language; empty when it could."""
    error = followed.error
    return str(REASONS[error["code"]]) % error["given"] if error else ""


def followed_by(person: Person) -> QuerySet[Followed]:
    """What a person sees: what they gave, and all of it for whoever runs the site."""
    mine = Q() if person.is_superuser else Q(by=person)
    found = Followed.objects.filter(mine, stopped_at=None).select_related("institution")
    return found.defer("contents", "given")


def why_not_follow(person: Person) -> str | Promise | None:
    if person.is_superuser or person.memberships.stewards().exists():
        return None
    return gettext_lazy("Only people who look after an institution here can do that.")


def why_not_look(person: Person, at: datetime) -> str | None:
    if person.followed.filter(asked_at__gt=at - DAY).count() >= MOST_LOOKS:
        return _("You asked for %(most)s addresses within a day. Go on tomorrow.") % {
            "most": MOST_LOOKS
        }
    return None


def why_not_handle(followed: Followed, person: Person | AnonymousUser) -> str | Promise | None:
    if isinstance(person, Person) and (person.is_superuser or followed.by_id == person.pk):
        return None
    return gettext_lazy("Only who gave this address, or an administrator of the site, can do that.")


@transaction.atomic
def follow(*, url: str, at: datetime, by: Person | None = None) -> Followed:
    """Give the address of a profile. The worker looks at it; nothing is entered before you say so."""
    try:
        target_of(url, settings.INTERLOCK_NEARBY)
    except FetchError as error:
        raise Refused(str(REASONS[error.code]) % error.given, status=422) from None
    if by:
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        if lacking := why_not_follow(by):
            raise Refused(lacking, status=403)
        if reason := why_not_look(by, at):
            raise Refused(reason, status=429)
    if Followed.objects.filter(url=url, stopped_at=None).exists():
        raise Refused(_("This address is followed already."), _("Nothing is left to do."))
    return Followed.objects.create(url=url, by=by, asked_at=at, next_at=at)


@transaction.atomic
def look_again(*, followed: Followed, by: Person, at: datetime) -> Followed:
    """Let it be read once more, before its time."""
    held = _held_by(followed, by)
    if held.looked_at and held.looked_at + BETWEEN_LOOKS > at:
        raise Refused(_("It was read a moment ago."), _("Look again in five minutes."), status=429)
    if reason := why_not_look(by, at):
        raise Refused(reason, status=429)
    held.asked_at = held.next_at = at
    held.save(update_fields=["asked_at", "next_at"])
    return held


@transaction.atomic
def stop(*, followed: Followed, by: Person | None, at: datetime) -> Followed:
    """Read it no more. What it entered stays."""
    held = _held_by(followed, by)
    _stop(held, at)
    if held.institution:
        actions.note("unfollowed", held.institution, at, by, facts={"url": held.url})
    return held


def plan(followed: Followed, *, about: str = "") -> Plan:
    """What entering it, or reading it again, would do; `about` chooses among those it may be about.

    `about` is an institution's number, or "new" for one that is not here yet.
    """
    profile, _notes = read_organization(followed.contents.encode())
    values = _values(profile)
    number = Number.of(profile.unique_id)
    record = _record(profile, values, number)
    made = Plan(profile.name, values, is_synthetic=profile.is_synthetic)
    target = followed.institution
    if target is None:
        register = Register.load([record])
        found = register.certain(record)
        found = found if found.pk or found.candidates else register.likely(record)
        pks = [found.pk] if found.pk else list(found.candidates)
        near = Institution.objects.in_bulk([pk for pk in pks if pk])
        made.candidates = [near[pk] for pk in pks if pk in near]
        chosen = {str(one.pk): one for one in made.candidates}.get(about)
        target = chosen or (made.candidates[0] if found.pk and about != NEW else None)
        if target is None and made.candidates and about != NEW:
            made.why_not = gettext_lazy("It may be one that is here already. Say which.")
    if number and not Identifier.objects.filter(scheme=number.scheme, value=number.id).exists():
        made.identifiers = [(number.scheme, number.id)]
    made.institution = target
    if target is None:
        made.changed = {**values, **whereabouts.placed(values)}
    else:
        made.why_not = _why_not_touch(target, followed) or _why_not_mix(target, profile)
        made.changed, made.kept = _changes(followed, target, values)
    return made


@transaction.atomic
def enter(
    *,
    followed: Followed,
    by: Person | None,
    at: datetime,
    kind: str = USUAL_KIND,
    about: str = "",
) -> Institution:
    """Do what was looked at, and read it again every day from now on."""
    held = _held_by(followed, by)
    if held.entered_at:
        raise Refused(_("This was done already."), _("Its page says when it was read."))
    if not held.contents:
        raise Refused(_("Nothing was read there yet."), _("Wait a moment, and look again."))
    planned = plan(held, about=about)
    if planned.why_not:
        raise Refused(planned.why_not)
    if planned.institution is None:
        details: Any = {**planned.changed, "name": planned.name}
        institution = actions.register(
            kind=kind,
            at=at,
            identifiers=planned.identifiers,
            is_synthetic=planned.is_synthetic,
            **details,
        )
        held.made, held.given = True, _plain(planned.changed)
    else:
        institution = _write(held, planned)
    held.institution, held.entered_at, held.contents = institution, at, ""
    held.next_at = at + DAY
    held.save()
    actions.note("followed", institution, at, by, facts={"url": held.url})
    return institution


def refresh_due(at: datetime) -> bool:
    """Read one profile whose time has come, if there is one.

    No transaction is open while another site is waited for: the row is taken for a while before.
    """
    with transaction.atomic():
        due = Followed.objects.filter(next_at__lte=at, stopped_at=None).order_by("next_at")
        held = due.select_for_update(of=("self",), skip_locked=True).first()
        if held is None:
            return False
        held.next_at = at + LEASE
        held.save(update_fields=["next_at"])
    try:
        answer = fetch(
            held.url, etag=held.etag, modified=held.modified, nearby=settings.INTERLOCK_NEARBY
        )
        if answer.body is not None:
            read_organization(answer.body)
    except FetchError as error:
        _failed(held, at, error.code, error.given)
    except FormatError as error:
        paths = dict.fromkeys(fault.path or "JSON" for fault in error.faults)
        _failed(held, at, "no-profile", {"fields": ", ".join(list(paths)[:10])})
    else:
        _answered(held, answer, at)
    return True


@transaction.atomic
def _answered(held: Followed, answer: Answer, at: datetime) -> None:
    held = Followed.objects.select_for_update(of=("self",)).get(pk=held.pk)
    if held.stopped_at:
        return
    held.looked_at, held.failures, held.error = at, 0, {}
    held.etag, held.modified = answer.etag or held.etag, answer.modified or held.modified
    held.next_at = at + DAY if held.entered_at else None
    if answer.body is not None:
        held.contents = answer.body.decode()
        if held.institution:
            _bring_up_to_date(held, at)
    held.save()


def _bring_up_to_date(held: Followed, at: datetime) -> None:
    assert held.institution
    held.institution = actions.hold(held.institution)
    planned = plan(held)
    held.contents = ""
    if planned.why_not:
        _stop(held, at)
        actions.note("unfollowed", held.institution, at, facts={"url": held.url})
    elif planned.changed:
        _write(held, planned)
        fields = sorted(name.removesuffix("_id") for name in planned.changed)
        facts = {"url": held.url, "fields": fields}
        actions.note("refreshed", held.institution, at, facts=facts)


@transaction.atomic
def _failed(held: Followed, at: datetime, code: str, given: Mapping[str, object]) -> None:
    held = Followed.objects.select_for_update(of=("self",)).get(pk=held.pk)
    held.error = {"code": code, "given": dict(given)}
    held.looked_at = at
    if held.entered_at is None:
        held.next_at = None  # whoever gave it sees why, and lets it be read again
    elif held.failures < len(PAUSES):
        held.next_at = at + PAUSES[held.failures]
    else:
        _stop(held, at)
    held.failures += 1
    held.save()


def _held_by(followed: Followed, by: Person | None) -> Followed:
    """As it is stored, held until the act is done; nobody is `by` where it is the operator."""
    rows = Followed.objects.select_for_update(of=("self",)).select_related("institution", "by")
    held = rows.get(pk=followed.pk)
    if by and (reason := why_not_handle(held, by)):
        raise Refused(reason, status=403)
    if held.stopped_at:
        raise Refused(_("This address is not followed any more."), _("Give it again."))
    return held


def _stop(held: Followed, at: datetime) -> None:
    held.stopped_at, held.next_at, held.contents = at, None, ""
    held.save()


def _why_not_touch(institution: Institution, followed: Followed) -> str | Promise:
    if institution.left_at:
        return gettext_lazy("This institution has left the site.")
    if institution.memberships.stewards().exists():
        return gettext_lazy("Its own people look after its page here, and write it themselves.")
    others = institution.followed.filter(stopped_at=None).exclude(pk=followed.pk)
    if others.exclude(entered_at=None).exists():
        return gettext_lazy("Its page is kept up to date from another address already.")
    return ""


def _write(held: Followed, planned: Plan) -> Institution:
    assert planned.institution
    institution = actions.hold(planned.institution)
    if reason := _why_not_touch(institution, held):
        raise Refused(reason)
    for name, value in planned.changed.items():
        setattr(institution, name, value)
    institution.save()
    held.given = {**held.given, **_plain(planned.changed)}
    return institution


def _changes(
    followed: Followed, institution: Institution, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """What changes of an institution that is here, and the fields that stay as they are."""
    trusted = followed.made or _is_own(followed, institution)
    if not followed.made and not (followed.by is None or followed.by.is_superuser):
        values = {name: value for name, value in values.items() if name != "email"}
    values = {**values, **whereabouts.placed({**values, "country": values.get("country") or institution.country})}  # fmt: skip
    changed, kept = records.differences(institution, values, claimed=not trusted)
    ours = {
        name
        for name, was in followed.given.items()
        if records.plain(getattr(institution, name)) == was
    }
    for name in ours & set(kept):
        kept.remove(name)
        for one in (name, records.PAIRS.get(name, "")):
            if one in values:
                changed[one] = values[one]
    # What the profile says no more, and nobody has changed since, goes.
    for name in ours - values.keys() - whereabouts.DERIVED.keys() - {"name"}:
        changed[name] = Institution._meta.get_field(name).get_default()  # type: ignore[union-attr]
    return changed | whereabouts.following(institution, values, changed), kept


def _is_own(followed: Followed, institution: Institution) -> bool:
    """Whether a profile lies on the site that the page names, and nobody else publishes there."""
    site, profile = urlsplit(institution.website), urlsplit(followed.url)
    host = _host(institution.website)
    if not host or host != _host(followed.url):
        return False
    path = site.path.rstrip("/")
    steps = unquote(profile.path).split("/")
    if path and (not profile.path.startswith(f"{path}/") or ".." in steps):
        return False
    if not path and host in SHARED:
        return False
    # An address that a profile itself brought, or a list that was undone, says nothing of who owns it.
    brought = institution.followed.filter(made=False, given__website=institution.website)
    return not brought.exists() and not is_of_undone_list(institution, "website")


def _why_not_mix(target: Institution, profile: Organization) -> str | Promise:
    if target.is_synthetic == profile.is_synthetic:
        return ""
    return gettext_lazy("One of the two is made up, and the other is not.")


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: records.plain(value) for name, value in values.items()}


def _values(one: Organization) -> dict[str, Any]:
    """The fields of the register that a profile says something of; what is too long is left out."""
    said: dict[str, Any] = {
        "name": one.name,
        "about": one.description or one.mission,
        "status": one.status,
        "scope": one.geographic_scope,
        "street": one.full_address,
        "country": one.country.upper(),
        "website": one.primary_url,
        "email": one.email,
        "phone": one.telephone,
        "founded_on": _day(one.starts_at),
        "closed_on": _day(one.ends_at),
        "tags": list(one.tags)[:MOST_TAGS],
        "other_names": [one.nickname] if one.nickname not in ("", one.name) else [],
        "links": [url for _what, url in one.urls][:MOST_TAGS],
    }
    kept = {name: value for name, value in said.items() if value and _fits(name, value)}
    if records.why_not_dates(kept.get("founded_on"), kept.get("closed_on")):
        del kept["closed_on"]
    if one.latitude is not None and one.longitude is not None:
        kept |= {"latitude": one.latitude, "longitude": one.longitude}
    return kept


def _fits(name: str, value: Any) -> bool:
    longest = getattr(Institution._meta.get_field(name), "max_length", None)
    return not (isinstance(value, str) and longest and len(value) > longest)


def _record(one: Organization, values: Mapping[str, Any], number: Number | None) -> Record:
    """A profile as it is compared with the register."""
    return Record(
        line=0,
        name=one.name,
        identifiers=(number,) if number else (),
        address=Address(country=values.get("country", "")),
        latitude=one.latitude,
        longitude=one.longitude,
        website=one.primary_url,
        is_synthetic=one.is_synthetic,
    )


def _day(seconds: float | None) -> date | None:
    """The day of a moment in seconds since 1970; None for one that no calendar has."""
    if seconds is None:
        return None
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
    except OverflowError:
        return None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
