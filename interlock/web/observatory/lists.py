"""Lists of one's own, in the browser: two files in, a report out."""

import io
import zipfile
from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from interlock.methods.formats.observed_packages import REPORTS, ObservedPackage, opened
from interlock.methods.formats.register.sentences import SENTENCES as OF_ROWS
from interlock.methods.observatory.reasons import SENTENCES
from interlock.web.observatory import actions, queries
from interlock.web.observatory.figures.figure import Figure
from interlock.web.observatory.forms import COLUMNS, AskForm
from interlock.web.observatory.held import HELD
from interlock.web.observatory.models import Asked
from interlock.web.observatory.telling.told import Told, compared
from interlock.web.people.access import person_of


@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and what one asked before."""
    person = person_of(request)
    sent = request.method == "POST"
    form = AskForm(request.POST, request.FILES) if sent else AskForm()
    if sent and form.is_valid():
        made = actions.ask(
            by=person,
            at=timezone.now(),
            files=form.given(),
            columns=form.columns(),
            is_synthetic=form.cleaned_data["is_synthetic"],
        )
        return redirect(made)
    context = {"form": form, "before": queries.asked_by(person)}
    return render(request, "observatory/ask.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def asked(request: HttpRequest, code: str) -> HttpResponse:
    """Where it stands, what is wrong with a file, or the answer."""
    return render(request, "observatory/asked.html", _told(_asked(request, code)))


@require_safe
def held(request: HttpRequest, code: str) -> HttpResponse:
    """The answer of a list that comes with the site, for everybody."""
    one = get_object_or_404(queries.held(), code=code)
    return render(request, "observatory/asked.html", _told(one))


@require_safe
def every_held(request: HttpRequest) -> HttpResponse:
    """What the lists that come with the site say, apart and merged."""
    answers = {one.code: one for one in queries.held()}
    lists, found = [], []
    for name, about in HELD.items():
        one = answers.get(queries.held_code(name))
        told = Told(_package(one)) if one and one.package is not None else None
        lists.append({"about": about, "asked": one, "told": told})
        if told:
            found.append((str(about.title), told))
    context = {"lists": lists, "compared": compared(found)}
    return render(request, "observatory/held.html", context)


def _told(one: Asked) -> dict[str, object]:
    context: dict[str, object] = {
        "asked": one,
        "faults": [_fault(one, told) for told in one.faults],
    }
    if one.package is not None:
        told = Told(_package(one))
        found = (told.ratios, told.chances, told.power, told.map, told.distances, told.scales)
        context |= {
            "told": told,
            "drawn": [_on_page(figure) for figure in found if figure is not None],
            "reports": [name for name in _reports() if name in _names(one)],
        }
    return context


def _asked(request: HttpRequest, code: str) -> Asked:
    return get_object_or_404(Asked, code=code, by=person_of(request))


def _on_page(figure: Figure) -> Figure:
    """Its file lies in the archive, and nowhere else."""
    return replace(figure, csv="")


def _archive(one: Asked) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(bytes(one.package or b"")))


def _names(one: Asked) -> list[str]:
    with _archive(one) as archive:
        return archive.namelist()


def _package(one: Asked) -> ObservedPackage:
    with _archive(one) as archive:
        return opened({name: archive.read(name) for name in archive.namelist()})


def _reports() -> tuple[str, ...]:
    """Those in the reader's language."""
    return REPORTS["es" if get_language() == "es" else "en"]


def _fault(one: Asked, told: dict[str, object]) -> dict[str, object]:
    """What is wrong, in the reader's language; an option is told by the field that does the same."""
    given = dict(told["given"])  # type: ignore[call-overload]
    # Where a command names an option, a form has a field that does the same.
    if (option := str(given.get("option", "")).removeprefix("--")) in COLUMNS:
        given |= {
            "role": _("“%(field)s”") % {"field": COLUMNS[option]},
            "option": _("the field of that name in the form"),
        }
    sentence = {**OF_ROWS, **SENTENCES}.get(str(told["code"]))
    message = _(sentence) % given if sentence else told["english"]
    name = next((file.name for file in one.files.all() if file.role == told["role"]), "")
    return {**told, "message": message, "name": name}


@login_required
@require_safe
def download(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One of the reports; or all files as an archive."""
    return _file(_asked(request, code), name)


@require_safe
def held_file(request: HttpRequest, code: str, name: str) -> HttpResponse:
    return _file(get_object_or_404(queries.held(), code=code), name)


def _file(one: Asked, name: str) -> HttpResponse:
    if one.package is None:
        raise Http404
    if name == "interlock-observed.zip":
        data, kind = bytes(one.package), "application/zip"
    elif name in _names(one) and name in {each for pair in REPORTS.values() for each in pair}:
        with _archive(one) as archive:
            data = archive.read(name)
        kind = "application/pdf" if name.endswith(".pdf") else "text/html; charset=utf-8"
    else:
        raise Http404
    answer = HttpResponse(data, content_type=kind)
    # Saved, not shown: the report brings a style of its own, which no page of the site may.
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@login_required
@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    actions.take_back(asked=_asked(request, code))
    return redirect("observatory:ask")
