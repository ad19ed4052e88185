"""The pages of those who ask: launch a study, word it, open it, watch it, let researchers read."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from interlock.methods.questionnaires import Form
from interlock.web.institutions.queries import looked_after_by
from interlock.web.look.printing import pdf_answer
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of
from interlock.web.surveys import (
    actions,
    authoring,
    exporting,
    packing,
    passing,
    progress,
    queries,
    researching,
    rules,
)
from interlock.web.surveys.answering import language_of
from interlock.web.surveys.desk_forms import (
    AskForm,
    CorrectForm,
    ExtendForm,
    GiveForm,
    LaunchForm,
    QuestionsForm,
    SeedsForm,
    StudyForm,
)
from interlock.web.surveys.models import FormVersion, ResearcherAccess, Retained, Study
from interlock.web.surveys.trying import try_out

A_PAGE = 30


def own_study(request: HttpRequest, slug: str) -> Study:
    """A study that the signed-in person looks after; finding it is the permission check."""
    study = get_object_or_404(Study.objects.select_related("institution"), slug=slug)
    if reason := rules.why_not_own(study, request.user):
        raise Refused(reason, _("Ask one of them to let you in."), status=403)
    if study.is_open and rules.is_over(study.closes_on, timezone.now()):
        return actions.close_if_due(study=study, at=timezone.now())
    return study


@login_required
@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """The surveys that a person looks after, or how one begins."""
    own = looked_after_by(person_of(request)).filter(left_at=None)
    found = Study.objects.filter(institution__in=own).select_related("institution")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may": bool(page.paginator.count) or own.exists()}
    return render(request, "surveys/desk/desks.html", context)


@login_required
def launch(request: HttpRequest) -> HttpResponse:
    """One press: a study with the questions of the essay, in all languages of the site."""
    person, at = person_of(request), timezone.now()
    own = looked_after_by(person).filter(left_at=None)
    if not own.exists():
        return redirect("surveys:desks")
    chosen = own.filter(slug=request.GET.get("for", "")).first() or own.first()
    form = LaunchForm(person, request.POST or None, at=at, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        study = actions.launch(**form.cleaned_data, by=person, at=at)
        messages.success(
            request, _("Prepared. Nobody can answer before you open it: look at each part first.")
        )
        return redirect("surveys:desk", study.slug)
    context = {"form": form, "own": own, "kinds": packing.KINDS}
    return render(request, "surveys/desk/launch.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """One study: what is missing before it opens, how it fares afterwards, what was destroyed."""
    return _desk(request, own_study(request, slug))


def _desk(request: HttpRequest, study: Study, extend: ExtendForm | None = None) -> HttpResponse:
    at = timezone.now()
    versions = list(study.versions.defer("document")[: rules.MOST_VERSIONS])
    current = next((one for one in versions if one.published_at), None)
    retention = list(study.retention.all()) if study.opened_at else []
    context: dict[str, Any] = {
        "study": study,
        "current": current,
        "latest": versions[0] if versions else None,
        "why_not_open": rules.why_not_open(study, at),
        "retention": retention,
        "links_kept": all(one.what != Retained.LINKS for one in retention),
        "asking": researching.current(study).filter(given_at=None).count(),
    }
    if study.opened_at:
        context["progress"] = progress.progress_of(study, current, at)
        context["latest_close"] = rules.latest_close(study)
        context["extend"] = extend or ExtendForm(study)
    wrong = extend is not None and bool(extend.errors)
    return render(request, "surveys/desk/desk.html", context, status=422 if wrong else 200)


@login_required
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """Title, texts, contacts and days: all of them before it opens, a few afterwards."""
    study, at, person = own_study(request, slug), timezone.now(), person_of(request)
    kind = CorrectForm if study.opened_at else StudyForm
    form = kind(study, request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        change = actions.correct_study if study.opened_at else actions.change_study
        change(study=study, **form.cleaned_data, by=person, at=at)
        messages.success(request, _("Saved."))
        return redirect("surveys:desk", slug)
    context = {"study": study, "form": form}
    return render(request, "surveys/desk/texts.html", context, status=422 if form.errors else 200)


@login_required
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions of the questions; another one is uploaded, or every fault of it is listed."""
    study, at = own_study(request, slug), timezone.now()
    # A form of files alone posts nothing else, and is bound all the same.
    form = QuestionsForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    faults: Sequence[authoring.SheetFaults] = []
    if request.method == "POST" and form.is_valid():
        try:
            reading, files = authoring.looked_at(form.uploads)
            faults = authoring.told(reading.faults)
            if reading.form:
                made = actions.add_version(
                    study=study,
                    files=files,
                    note=form.cleaned_data["note"],
                    by=person_of(request),
                    at=at,
                )
                return redirect("surveys:version", slug, made.number)
        except Refused as refusal:
            form.add_error("questionnaire", f"{refusal.reason} {refusal.remedy}")
    page = Paginator(study.versions.defer("document"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "study": study,
        "form": form,
        "faults": faults,
        "number": sum(len(one.lines) for one in faults),
        "page": page,
        "kinds": list(packing.KINDS),
    }
    status = 422 if form.errors or faults else 200
    return render(request, "surveys/desk/questions.html", context, status=status)


def _version(study: Study, number: int) -> FormVersion:
    found = get_object_or_404(study.versions, number=number)
    found.study = study
    return found


@login_required
@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version: what differs from the one before, what is worth knowing, how it is tried."""
    study = own_study(request, slug)
    held = _version(study, number)
    former = (
        study.versions.filter(number__lt=number, published_at__isnull=False).first()
        or study.versions.filter(number__lt=number).first()
    )
    form = queries.form_of(held)
    context = {
        "study": study,
        "version": held,
        "former": former,
        "changes": authoring.changes_since(held, former) if former else [],
        "tongues": authoring.languages_since(held, former) if former else ([], []),
        "warnings": authoring.told(authoring.reading_of(held).warnings),
        "facts": authoring.facts_of(form),
        "pages": authoring.listed(form, language_of(held)),
        "read_in": language_of(held),
        "why_not_publish": rules.why_not_publish(held),
        "kinds": list(packing.KINDS),
    }
    return render(request, "surveys/desk/version.html", context)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    study = own_study(request, slug)
    held = _version(study, number)
    actions.publish_version(version=held, by=person_of(request), at=timezone.now())
    messages.success(request, _("Published. Whoever begins from now on is asked these questions."))
    return redirect("surveys:desk", slug)


@login_required
@never_cache
def preview(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version as respondents see it, page by page. Nothing that is typed here is kept."""
    study = own_study(request, slug)
    held = _version(study, number)
    context = {"study": study, "version": held, **try_out(request, held)}
    return render(
        request, "surveys/desk/preview.html", context, status=422 if context["wrong"] else 200
    )


@login_required
@require_safe
def questionnaire(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    """A version as a file to edit elsewhere."""
    study = own_study(request, slug)
    form = queries.form_of(_version(study, number))
    return _file(f"{slug}-{number}.{kind}", form, kind)


@require_safe
def instrument(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """One of our own questionnaires, for whoever wants to begin from it."""
    if name not in authoring.OWN:
        raise Http404
    return _file(f"{name}.{kind}", authoring.own_instrument(name), kind)


def _file(name: str, form: Form, kind: str) -> HttpResponse:
    if kind not in packing.KINDS:
        raise Http404
    data = packing.given_back(form, kind)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        data,
        content_type=packing.KINDS[kind],
        headers={"Content-Disposition": disposition},
    )


@login_required
@require_POST
def open_(request: HttpRequest, slug: str) -> HttpResponse:
    study = own_study(request, slug)
    actions.open_study(study=study, by=person_of(request), at=timezone.now())
    messages.success(request, _("The survey is open. Hand out the first cards."))
    return redirect("surveys:desk", slug)


@login_required
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    study = own_study(request, slug)
    if "sure" not in request.POST:
        raise Refused(
            _("A survey that is closed is not opened again."),
            _("Tick that you are sure, then close it."),
        )
    actions.close_study(study=study, by=person_of(request), at=timezone.now())
    messages.success(request, _("The survey is closed. Nobody can answer any more."))
    return redirect("surveys:desk", slug)


@login_required
@require_POST
def extend(request: HttpRequest, slug: str) -> HttpResponse:
    study = own_study(request, slug)
    form = ExtendForm(study, request.POST)
    if not form.is_valid():
        return _desk(request, study, form)
    actions.extend_study(study=study, **form.cleaned_data, by=person_of(request), at=timezone.now())
    messages.success(request, _("The survey lasts longer: its pages say so from now on."))
    return redirect("surveys:desk", slug)


@login_required
@never_cache
def seeds(request: HttpRequest, slug: str) -> HttpResponse:
    """Cards for those who begin a chain. Their codes leave the server in this one answer."""
    study, at = own_study(request, slug), timezone.now()
    if reason := rules.why_not_seed(study, 1):
        raise Refused(reason)
    form = SeedsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_seeds(study=study, **form.cleaned_data, by=person_of(request), at=at)
        except Refused as refusal:
            form.add_error("number", f"{refusal.reason} {refusal.remedy}")
        else:
            known = queries.coupons_of([one.code for one in made])
            cards = [passing.card(one.number, one.code, known[one.code]) for one in made]
            context = {"study": study, "cards": cards}
            if "paper" in request.POST:
                return pdf_answer(request, "surveys/cards_paper.html", context, "survey-cards.pdf")
            return render(request, "surveys/desk/cards.html", context)
    context = {"study": study, "form": form, "days": rules.COUPON_LIFETIME.days}
    return render(request, "surveys/desk/seeds.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def doubts(request: HttpRequest, slug: str) -> HttpResponse:
    """What makes somebody look closer, without a single answer."""
    study = own_study(request, slug)
    found, doubtful, full = progress.doubts_of(study, timezone.now())
    context = {"study": study, "doubts": found, "doubtful": doubtful, "full": full}
    return render(request, "surveys/desk/doubts.html", context)


@login_required
@never_cache
@require_safe
def researchers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who asks to read single answers, who may, and each time that somebody did."""
    return _researchers(request, own_study(request, slug))


def _researchers(
    request: HttpRequest, study: Study, wrong: tuple[int, GiveForm] | None = None
) -> HttpResponse:
    at = timezone.now()
    current = list(researching.current(study))
    asking = [
        (one, wrong[1] if wrong and wrong[0] == one.pk else GiveForm(at=at, prefix=str(one.pk)))
        for one in current
        if one.given_at is None
    ]
    page = Paginator(researching.openings_of(study), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "study": study,
        "asking": asking,
        "reading": [one for one in current if one.given_at],
        "page": page,
        "today": at.date(),
    }
    return render(request, "surveys/desk/researchers.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give leave, decline it, or end it."""
    study, at, person = own_study(request, slug), timezone.now(), person_of(request)
    access = get_object_or_404(ResearcherAccess.objects.filter(study=study), pk=number)
    access.study = study
    if "decline" in request.POST:
        researching.decline(access=access, by=person, at=at)
        messages.success(request, _("Declined."))
    elif "end" in request.POST:
        researching.end(access=access, by=person, at=at)
        messages.success(request, _("Ended. They read nothing more from now on."))
    else:
        form = GiveForm(request.POST, at=at, prefix=str(number))
        if form.is_valid():
            try:
                researching.give(access=access, **form.cleaned_data, by=person, at=at)
            except Refused as refusal:
                form.add_error("until", str(refusal.reason))
        if form.errors:
            return _researchers(request, study, (number, form))
        messages.success(request, _("Given. Each time they open the answers, you see it here."))
    return redirect("surveys:researchers", slug)


# What researchers open.


@never_cache
def research(request: HttpRequest, slug: str) -> HttpResponse:
    """How often single answers were opened; for whoever signs in, how one gets leave to read them."""
    study, at = _opened_study(slug), timezone.now()
    context: dict[str, Any] = {
        "study": study,
        "opened": researching.openings_of(study).count(),
        "retention": list(study.retention.all()),
        "why_not_open": researching.why_not_read(request.user),
    }
    if not request.user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(request.get_full_path())
        return render(request, "surveys/desk/research.html", context)
    person = person_of(request)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            researching.ask(study=study, **form.cleaned_data, by=person, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Asked. Those who run the survey answer; look here again."))
            return redirect("surveys:research", slug)
    access = researching.access_of(study, person)
    context |= {
        "form": form,
        "access": access,
        "why_not_ask": researching.why_not_ask(study, person),
        "why_not_open": researching.why_not_open(access, person, at),
    }
    return render(
        request, "surveys/desk/research.html", context, status=422 if form.errors else 200
    )


def _opened_study(slug: str) -> Study:
    opened = Study.objects.filter(opened_at__isnull=False).select_related("institution")
    return get_object_or_404(opened, slug=slug)


@login_required
@require_POST
def give_back(request: HttpRequest, slug: str) -> HttpResponse:
    study, person = _opened_study(slug), person_of(request)
    access = researching.current(study).filter(person=person).first()
    if access is None:
        raise Refused(_("There is no leave that could be ended."))
    researching.give_back(access=access, by=person, at=timezone.now())
    messages.success(request, _("Ended. Destroy what you took along."))
    return redirect("surveys:research", slug)


@login_required
@never_cache
@require_POST
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    """All single answers as an archive. That they were opened is written down first."""
    study = _opened_study(slug)
    name = f"{slug}-answers.zip"
    researching.open_answers(study=study, what=name[-60:], by=person_of(request), at=timezone.now())
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        exporting.archive(study),
        content_type="application/zip",
        headers={"Content-Disposition": disposition},
    )


#: Joined by `urls`, before the addresses of respondents.
addresses = [
    path("desk/", desks, name="desks"),
    path("desk/instruments/<slug:name>.<str:kind>", instrument, name="instrument"),
    path("launch/", launch, name="launch"),
    path("<slug:slug>/desk/", desk, name="desk"),
    path("<slug:slug>/desk/texts/", texts, name="texts"),
    path("<slug:slug>/desk/questions/", questions, name="questions"),
    path("<slug:slug>/desk/questions/<int:number>/", version, name="version"),
    path("<slug:slug>/desk/questions/<int:number>/publish/", publish, name="publish"),
    path("<slug:slug>/desk/questions/<int:number>/preview/", preview, name="preview"),
    path("<slug:slug>/desk/questions/<int:number>.<str:kind>", questionnaire, name="questionnaire"),
    path("<slug:slug>/desk/open/", open_, name="open"),
    path("<slug:slug>/desk/close/", close, name="close"),
    path("<slug:slug>/desk/extend/", extend, name="extend"),
    path("<slug:slug>/desk/seeds/", seeds, name="seeds"),
    path("<slug:slug>/desk/doubts/", doubts, name="doubts"),
    path("<slug:slug>/desk/researchers/", researchers, name="researchers"),
    path("<slug:slug>/desk/researchers/<int:number>/", answer, name="answer"),
    path("<slug:slug>/research/", research, name="research"),
    path("<slug:slug>/research/answers.zip", answers, name="answers"),
    path("<slug:slug>/research/end/", give_back, name="give_back"),
]
