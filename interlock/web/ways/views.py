"""The twelve ways, and the pages of joint proposals."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import spoken_for_by
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of
from interlock.web.people.models import Person
from interlock.web.ways import actions, queries, rules
from interlock.web.ways.forms import (
    ActingForm,
    BeginForm,
    DeclineForm,
    LeaveForm,
    MessageForm,
    MoveForm,
    WritingForm,
)
from interlock.web.ways.models import Proposal
from interlock.web.ways.twelve import WAYS, template_of
from interlock.web.ways.twelve.shape import Begins, Money
from interlock.web.ways.writing import Text, changes

P = ParamSpec("P")
AboutOne = Callable[Concatenate[HttpRequest, queries.Table, P], HttpResponse]
ByNumber = Callable[Concatenate[HttpRequest, int, P], HttpResponse]


def _found(request: HttpRequest, number: int) -> queries.Table:
    """One that the reader may see; finding it is the permission check."""
    public = queries.agreed().prefetch_related(None).filter(pk=number).first()
    if public is None:
        own = queries.of_person(person_of(request))
        public = get_object_or_404(own, pk=number)
    return queries.table(public, request.user)


def for_readers(view: AboutOne[P]) -> ByNumber[P]:
    """An agreed proposal for everybody; a draft for those who speak for a party or an invited one."""

    @wraps(view)
    def wrapped(request: HttpRequest, number: int, *args: P.args, **named: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            if not Proposal.objects.filter(pk=number, agreed_at__isnull=False).exists():
                return redirect_to_login(request.get_full_path())
            public = Proposal.objects.get(pk=number)
            return view(request, queries.table(public, request.user), *args, **named)
        return view(request, _found(request, number), *args, **named)

    return wrapped


def for_parties(view: AboutOne[P]) -> ByNumber[P]:
    """Only for those who speak for an institution that takes part."""

    @wraps(view)
    def wrapped(request: HttpRequest, number: int, *args: P.args, **named: P.kwargs) -> HttpResponse:
        table = _found(request, number)
        if not table.own:
            raise Refused(
                _("Only stewards and delegates of an institution that takes part can do that."),
                _("If yours is invited, accept the invitation first."),
                status=403,
            )
        return view(request, table, *args, **named)

    return login_required(wrapped)


# The twelve ways.


def ways(request: HttpRequest) -> HttpResponse:
    """All twelve, by who begins or by what money they take."""
    by_money = request.GET.get("by") == "money"
    groups = [
        (
            kind.label,
            [
                way
                for way in WAYS.values()
                if kind == (way.facts.money if by_money else way.facts.begins)
            ],
        )
        for kind in (Money if by_money else Begins)
    ]
    context = {"groups": groups, "by_money": by_money, "agreed": queries.agreed_by_way()}
    return render(request, "ways/ways.html", context)


def way(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in WAYS:
        raise Http404
    found = WAYS[slug]
    told, facts = found.told, found.facts
    context = {
        "way": found,
        "told": told,
        "evidence": list(zip(told.evidence, facts.evidence, strict=True)),
        "needs": [
            (_("Money"), told.needs.money),
            (_("Law"), told.needs.law),
            (_("People"), told.needs.people),
            (_("Time"), told.needs.time),
        ],
        "roles": [
            (_("The city"), told.roles.city),
            (_("The co-op"), told.roles.coop),
            (_("The federation"), told.roles.federation),
            (_("Residents"), told.roles.residents),
        ],
        "helps": [(one.label, one.url()) for one in facts.helps],
        "proposals": list(queries.agreed().filter(way=slug)[: queries.FEW]),
        "next": WAYS.get(list(WAYS)[found.number % len(WAYS)]),
    }
    return render(request, "ways/way.html", context)


# Joint proposals.


def proposals(request: HttpRequest) -> HttpResponse:
    """What was agreed here; and the drafts of who is signed in."""
    page = Paginator(queries.agreed(), queries.A_PAGE).get_page(request.GET.get("page"))
    user = request.user
    drafts = queries.drafts_of(user)[: queries.A_PAGE] if isinstance(user, Person) else []
    return render(request, "ways/proposals.html", {"page": page, "drafts": list(drafts)})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    own = list(spoken_for_by(person_of(request)).order_by("slug"))
    if not own:
        raise Refused(
            _("A proposal is made by an institution, and you speak for none yet."),
            _("Register yours, or ask its stewards for a role as steward or delegate."),
            status=403,
        )
    way, other = request.GET.get("way", ""), request.GET.get("with", "")
    initial = {"way": way if way in WAYS else ""}
    form = BeginForm(own, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["way"]
        try:
            made = actions.begin(
                institution=form.acting,
                title=form.cleaned_data["title"],
                way=chosen,
                sections=template_of(chosen),
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The draft is there. Invite another institution to it."))
            named = Institution.objects.filter(slug=other).first()
            query = {"q": str(named)} if named else {}
            return redirect("ways:invite", made.pk, query=query)
    context = {"form": form, "way": WAYS.get(way)}
    return render(request, "ways/new.html", context, status=422 if form.errors else 200)


@for_readers
def proposal(request: HttpRequest, table: queries.Table) -> HttpResponse:
    return _page(request, table)


def _page(
    request: HttpRequest,
    table: queries.Table,
    *,
    refusal: Refused | None = None,
    status: int = 200,
    **sent: ActingForm | DeclineForm,
) -> HttpResponse:
    """The page of one; with what was sent wrong in its place, or what was refused at its head."""
    before = request.GET.get("before", "")
    own, proposal = table.own, table.proposal
    acting = Acting(own, proposal) if own else None
    context: dict[str, Any] = {
        "proposal": proposal,
        "table": table,
        "way": WAYS.get(proposal.way),
        "thread": queries.thread(proposal, int(before) if before.isdecimal() else None)
        if own
        else None,
        "before": before,
        "steps": proposal.steps.select_related("institution") if proposal.agreed_at else [],
        "refusal": refusal,
        "decline_form": DeclineForm() if table.asked else None,
        **(acting.forms() if acting else {}),
        **sent,
    }
    return render(request, "ways/proposal.html", context, status=status)


class Acting:
    """The forms of those who take part."""

    def __init__(self, own: list[Institution], proposal: Proposal) -> None:
        self.own, self.proposal = own, proposal

    def forms(self, data: Mapping[str, Any] | None = None) -> dict[str, ActingForm]:
        found: dict[str, ActingForm] = {"message_form": MessageForm(self.own, prefix="message")}
        if self.proposal.is_alive:
            found["leave_form"] = LeaveForm(self.own, prefix="leave")
        if self.proposal.moves:
            found["move_form"] = MoveForm(self.proposal, self.own, prefix="move")
        return found
