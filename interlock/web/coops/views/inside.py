"""Finding a co-op is finding oneself in it: for everybody else there is no such page."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from interlock.web.coops.models import Coop
from interlock.web.coops.rules import access
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of


def entered(request: HttpRequest, slug: str) -> access.Inside:
    """The signed-in person inside the co-op of this name. Whoever left gets only `own`."""
    found = own(request, slug)
    if not found.belongs:
        raise Http404
    return found


def own(request: HttpRequest, slug: str) -> access.Inside:
    """The same, for pages that somebody who left may still open: what is theirs."""
    coop = get_object_or_404(Coop.objects.select_related("institution"), institution__slug=slug)
    found = access.inside(coop, person_of(request), timezone.now())
    if found is None:
        raise Http404
    return found


def keeping_register(request: HttpRequest, slug: str) -> access.Inside:
    found = entered(request, slug)
    if reason := access.why_not_keep_register(found):
        raise Refused(reason, status=403)
    return found


def keeping_money(request: HttpRequest, slug: str) -> access.Inside:
    found = entered(request, slug)
    if reason := access.why_not_keep_money(found):
        raise Refused(reason, status=403)
    return found


def key_of(text: str | None) -> int:
    """A key that was sent along with a form, or 0, which nothing has, for what is none."""
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0
