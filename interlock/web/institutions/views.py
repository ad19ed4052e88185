"""The register's pages."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from i18nfield.strings import LazyI18nString

from interlock.web.files.actions import keep
from interlock.web.institutions import (
    actions,
    claiming,
    exporting,
    leaving,
    picturing,
    queries,
    rules,
    whereabouts,
)
from interlock.web.institutions.forms import (
    OWN,
    AnswerForm,
    AskForm,
    CodeForm,
    InstitutionForm,
    LeaveForm,
    NewForm,
    PictureForm,
    RoleForm,
)
from interlock.web.institutions.models import Institution, Role
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

A_PAGE = 60


class Counted(Paginator):  # type: ignore[type-arg]
    """Pages of what a search has counted already."""

    def __init__(self, found: queries.Found) -> None:
        super().__init__(found.institutions, A_PAGE)
        self.found = found

    @cached_property
    def count(self) -> int:
        return self.found.number


def own_institution(request: HttpRequest, slug: str) -> Institution:
    """One that the signed-in person looks after; finding it is the permission check."""
    institution = get_object_or_404(Institution, slug=slug)
    if reason := rules.why_not_look_after(institution, request.user):
        raise Refused(reason, _("Ask one of them to let you in."), status=403)
    return institution


def register(request: HttpRequest) -> HttpResponse:
    """The list, with all that it can be narrowed by; `register` is what the field calls it."""
    wanted = queries.wanted(request.GET.dict())
    found = queries.search(wanted)
    page = Counted(found).get_page(request.GET.get("page"))
    empty = not found.number and queries.is_empty()
    context = {
        "page": page,
        "wanted": wanted,
        "found": found,
        "empty": empty,
        "views": [view(wanted) for view in queries.views],
    }
    return render(request, "institutions/register.html", context)


def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = Institution.objects.select_related("kind", "picture").prefetch_related("identifiers")
    institution = get_object_or_404(found, slug=slug)
    roles = institution.memberships.filter(until__isnull=True).filter(
        Q(role=Role.STEWARD) | Q(person=request.user.pk)
    )
    stewards = {one.person_id for one in roles if one.role == Role.STEWARD}
    typed = request.user.is_authenticated and institution.entered_by_id == request.user.pk
    corrects = request.user.pk in stewards or (typed and not stewards and not institution.left_at)
    context = {
        "institution": institution,
        "facts": queries.facts_of(institution),
        "whereabouts": queries.whereabouts_of(institution),
        "places_by": whereabouts.ATTRIBUTION if institution.county else (),
        "identifiers": list(institution.identifiers.all()),
        "certifications": queries.certifications_of(institution, timezone.localdate()),
        "deeds": queries.deeds_of(institution),
        "followed": institution.followed.filter(stopped_at=None, entered_at__isnull=False)
        .defer("contents", "given")
        .first(),
        "panels": queries.panels_of(institution, request.user),
        "looked_after": bool(stewards),
        "how_claimed": queries.how_claimed(institution) if stewards else None,
        "own": request.user.pk in stewards,
        "corrects": corrects,
        "off_the_map": queries.why_not_on_the_map(institution) if corrects else None,
        "own_roles": [one for one in roles if one.person_id == request.user.pk],
        # What its script element holds is safe as it is: `jsonld.script` leaves no sign of markup.
        "json_ld": mark_safe(exporting.json_ld(institution)),
    }
    return render(request, "institutions/page.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A page for one's own institution, or for another that has none yet.

    `then` is where one goes on with it, such as the tie one wanted to record: its slug follows.
    """
    told = {"kind": request.GET.get("kind"), "whose": request.GET.get("whose") or OWN}
    if name := request.GET.get("name"):
        told["name"] = LazyI18nString({get_language() or "en": name[:200]})
    form = NewForm(request.POST or None, initial=told)
    same: list[Institution] = []
    if request.method == "POST" and form.is_valid():
        same = [] if "another" in request.POST else queries.same_names(form.names())
        if not same:
            made = actions.register(**form.said_by(person_of(request)), at=timezone.now())
            if why_not := queries.why_not_on_the_map(made):
                messages.info(request, why_not)
            then = request.GET.get("then", "")
            if then.startswith("/") and url_has_allowed_host_and_scheme(then, allowed_hosts=None):
                return redirect(f"{then}{made.slug}")
            return redirect(made)
    status = 422 if form.wrong() or same else 200
    return render(request, "institutions/new.html", {"form": form, "same": same}, status=status)


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    institution = get_object_or_404(Institution, slug=slug)
    if reason := rules.why_not_correct(institution, request.user):
        raise Refused(reason, _("Ask one of them to let you in."), status=403)
    form = InstitutionForm(request.POST or None, instance=copy(institution))
    if request.method == "POST" and form.is_valid():
        actions.change(
            institution=institution, by=person_of(request), at=timezone.now(), **form.said()
        )
        messages.success(request, _("Saved. The page says so from now on."))
        return redirect(institution)
    context = {"form": form, "institution": institution}
    return render(request, "institutions/edit.html", context, status=422 if form.wrong() else 200)


@login_required
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a picture, say it in other words, take it off."""
    institution = own_institution(request, slug)
    by, at = person_of(request), timezone.now()
    if "remove" in request.POST:
        picturing.remove_picture(institution=institution, by=by, at=at)
        messages.success(request, _("The picture is off the page."))
        return redirect(institution)
    form = PictureForm(institution, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, alt = form.cleaned_data["file"], form.cleaned_data["alt"]
        try:
            kept = keep(file=file, size=file.size, at=at) if file else None
            picturing.show_picture(institution=institution, by=by, at=at, alt=alt, picture=kept)
            messages.success(request, _("Saved. The page says so from now on."))
            return redirect(institution)
        except Refused as refusal:
            form.add_error("file", f"{refusal.reason} {refusal.remedy}")
    context = {"institution": institution, "form": form, "picture": institution.picture}
    status = 422 if form.errors else 200
    return render(request, "institutions/picture.html", context, status=status)


@login_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has a role there, for those who look after it and nobody else."""
    institution = own_institution(request, slug)
    by, at = person_of(request), timezone.now()
    if ending := request.POST.get("end"):
        some = queries.people_of(institution)
        membership = get_object_or_404(some, pk=ending if ending.isdecimal() else 0)
        actions.end_role(membership=membership, by=by, at=at)
        messages.success(request, _("The role has ended."))
        if membership.person == by and rules.why_not_look_after(institution, by):
            return redirect(institution)
        return redirect("institutions:people", slug=slug)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = Person.objects.by_email(form.cleaned_data["email"])
        role = form.cleaned_data["role"]
        if reason := rules.why_not_give(institution, person, role, by, at):
            form.add_error("email", reason)
        else:
            actions.give_role(institution=institution, person=person, role=role, by=by, at=at)
            messages.success(request, _("Added. A mail tells them."))
            return redirect("institutions:people", slug=slug)
    return _people(request, institution, form)


def _people(
    request: HttpRequest,
    institution: Institution,
    form: RoleForm,
    answered: AnswerForm | None = None,
) -> HttpResponse:
    """The page of roles, with the form that was sent wrong in its place."""
    asked = queries.questions_to(institution)
    answers = [
        answered if answered and answered.claim.pk == one.pk else AnswerForm(one) for one in asked
    ]
    context = {
        "institution": institution,
        "people": queries.people_of(institution),
        "form": form,
        "answers": answers,
    }
    status = 422 if form.errors or answered else 200
    return render(request, "institutions/people.html", context, status=status)


@require_POST
@login_required
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say yes or no to somebody who asks to be let in, or to be vouched for elsewhere."""
    institution = own_institution(request, slug)
    claim = get_object_or_404(queries.questions_to(institution), pk=number)
    form = AnswerForm(claim, request.POST)
    if not form.is_valid():
        return _people(request, institution, RoleForm(), form)
    said, by, at = form.cleaned_data, person_of(request), timezone.now()
    if form.declines:
        claiming.decline(claim=claim, by=by, at=at, answer=said["answer"])
        messages.success(request, _("Declined. A mail tells them why."))
    else:
        role = said.get("role") or Role.MEMBER
        claiming.accept(claim=claim, by=by, at=at, role=role, answer=said["answer"])
        messages.success(request, _("Done. A mail tells them."))
    return redirect("institutions:people", slug=slug)


@require_POST
@login_required
def accept_role(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that a role one was given is right."""
    own = person_of(request).memberships.to_accept().filter(institution__slug=slug)
    membership = get_object_or_404(own.select_related("institution"), pk=number)
    actions.accept_role(membership=membership, by=person_of(request), at=timezone.now())
    messages.success(request, _("Thank you. Nobody but its stewards sees it."))
    return redirect(membership.institution)


@require_POST
@login_required
def give_back(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """End a role of one's own."""
    own = person_of(request).memberships.filter(institution__slug=slug, until=None)
    membership = get_object_or_404(own.select_related("institution", "person"), pk=number)
    actions.end_role(membership=membership, by=person_of(request), at=timezone.now())
    messages.success(request, _("The role has ended."))
    return redirect(membership.institution)


def _here(slug: str) -> Institution:
    """One that people may come to."""
    institution = get_object_or_404(Institution, slug=slug)
    if institution.left_at:
        raise Refused(
            _("This institution has left the site."), _("Nobody can claim its page."), status=410
        )
    return institution


@login_required
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """How to come to a page: by a code, by a federation that vouches, by asking its stewards."""
    institution = _here(slug)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, code = person_of(request), form.cleaned_data["code"]
        try:
            claiming.prove(institution=institution, person=person, code=code, at=timezone.now())
        except Refused as refusal:
            form.add_error("code", str(refusal.reason))
        else:
            return _after_claiming(request, institution)
    return _claim(request, institution, code_form=form)


def _after_claiming(request: HttpRequest, institution: Institution) -> HttpResponse:
    if rules.why_not_look_after(institution, person_of(request)):
        messages.success(request, _("Others were first, so its stewards were asked to let you in."))
        return redirect("institutions:claim", slug=institution.slug)
    messages.success(request, _("You look after this page now. Correct it, and add others."))
    return redirect(institution)


def _claim(
    request: HttpRequest,
    institution: Institution,
    *,
    code_form: CodeForm | None = None,
    ask_form: AskForm | None = None,
) -> HttpResponse:
    person, at = person_of(request), timezone.now()
    looked_after = institution.memberships.stewards().exists()
    federations = None if looked_after else list(queries.vouching())
    mine = list(
        institution.claims.filter(person=person, settled_at=None).select_related("asked_of")
    )
    code = next((one for one in mine if one.asked_of is None), None)
    context = {
        "institution": institution,
        "looked_after": looked_after,
        "federations": federations,
        "code": None if rules.why_not_prove(code, at) else code,
        "question": next((one for one in mine if one.asked_of), None),
        "why_no_code": rules.why_not_send_code(institution, person, at),
        "why_not_join": looked_after and rules.why_not_ask(institution, person, institution, at),
        "code_form": code_form or CodeForm(),
        "ask_form": ask_form or AskForm(federations=federations),
    }
    wrong = (code_form and code_form.errors) or (ask_form and ask_form.errors)
    return render(request, "institutions/claim.html", context, status=422 if wrong else 200)


@require_POST
@login_required
def send_code(request: HttpRequest, slug: str) -> HttpResponse:
    claiming.send_code(institution=_here(slug), person=person_of(request), at=timezone.now())
    messages.success(request, _("A mail with a code is on its way."))
    return redirect("institutions:claim", slug=slug)


@require_POST
@login_required
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a federation to vouch; or, where there are any, its stewards to be let in."""
    institution = _here(slug)
    looked_after = institution.memberships.stewards().exists()
    federations = None if looked_after else list(queries.vouching())
    form = AskForm(request.POST, federations=federations)
    if form.is_valid():
        said, person, at = form.cleaned_data, person_of(request), timezone.now()
        asked_of = said.get("asked_of") or institution
        if not (reason := rules.why_not_ask(institution, person, asked_of, at)):
            claiming.ask(
                institution=institution,
                person=person,
                asked_of=asked_of,
                about=said["about"],
                at=at,
            )
            messages.success(request, _("Asked. A mail tells you the answer."))
            return redirect("institutions:claim", slug=slug)
        form.add_error(None, reason)
    return _claim(request, institution, ask_form=form)


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    claiming.withdraw(institution=_here(slug), person=person_of(request), at=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("institutions:claim", slug=slug)


@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes and what stays; the file to take along; the way out."""
    institution = own_institution(request, slug)
    form = LeaveForm(institution, request.POST or None)
    if request.method == "POST" and form.is_valid():
        leaving.announce(institution=institution, by=person_of(request), at=timezone.now())
        messages.success(request, _("It is announced. Every steward has a mail, and can stop it."))
        return redirect("institutions:leave", slug=slug)
    context = {
        "institution": institution,
        "form": form,
        "bonds": [] if institution.leaving_at else rules.bonds_of(institution),
        "days": rules.BEFORE_LEAVING.days,
    }
    return render(request, "institutions/leave.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def stay(request: HttpRequest, slug: str) -> HttpResponse:
    institution = own_institution(request, slug)
    leaving.stay(institution=institution, by=person_of(request), at=timezone.now())
    messages.success(request, _("It stays. Nothing has gone."))
    return redirect(institution)


@login_required
def everything(request: HttpRequest, slug: str) -> FileResponse:
    """All that is known of it, as one file."""
    institution = own_institution(request, slug)
    return FileResponse(
        exporting.everything(institution), as_attachment=True, filename=f"{slug}.zip"
    )
