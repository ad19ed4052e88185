"""Lists in and out: the pages of an import, and the register as files."""

import json
from collections.abc import Iterable, Mapping

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import (
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from interlock.methods.formats.register.rows import LARGEST_FILE
from interlock.web.institutions import exporting, importing, remarks
from interlock.web.institutions.models import Import, ImportRow, Institution, Kind, Outcome
from interlock.web.institutions.vocabulary import membership_types
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of

# So many doubtful rows are asked about one by one; the rest of a longer list in one question.
MOST_QUESTIONS = 100
ROWS_A_PAGE = 100


class ListForm(forms.Form):
    """A list, and what it does not say of itself."""

    file = forms.FileField(
        label=_("The list, as CSV"),
        help_text=_(
            "With a row of headings. The columns of the Solidarity Economy Association are read, "
            "and many others by what they are called."
        ),
    )
    membership = forms.ChoiceField(
        label=_("Who the members are, where a row does not say"),
        required=False,
        help_text=_("Choose “Workers” for a list of worker co-ops. The list itself wins."),
    )
    kind = forms.ModelChoiceField(
        Kind.objects.all(),
        label=_("The kind of those whose members are not said to be workers"),
        initial=importing.USUAL_KIND,
    )
    scheme = forms.RegexField(
        importing.SCHEME,
        label=_("The list at org-id.guide that the identifiers are from"),
        required=False,
        help_text=_("Such as GB-COH. Empty when the file says it, or nobody knows."),
    )

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        field = self.fields["membership"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nobody said")), *membership_types()]

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            refusal = importing.too_large()
            raise forms.ValidationError(f"{refusal.reason} {refusal.remedy}")
        return file


@login_required
def look(request: HttpRequest) -> HttpResponse:
    """Take a list and show what would become of it."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        choices = importing.Choices(said["kind"].pk, said["membership"], said["scheme"])
        try:
            held = importing.look(
                data=said["file"].read(),
                file_name=said["file"].name,
                choices=choices,
                by=person_of(request),
                at=timezone.now(),
            )
            return redirect(held)
        except Refused as refusal:
            form.add_error("file", str(refusal.reason))
    status = 422 if form.errors else 200
    mine = Import.objects.filter(by=person_of(request)).defer("contents")[:20]
    return render(request, "institutions/import.html", {"form": form, "mine": mine}, status=status)


@login_required
def fates(request: HttpRequest, number: int) -> HttpResponse:
    """What becomes of each row, or what became of it."""
    held = _find(request, number)
    outcome = request.GET.get("outcome", "")
    rows = held.rows.select_related("institution")
    called = _called(held)
    counts = [(one.value, called[one], getattr(held, one.value)) for one in Outcome]
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    doubtful = [] if held.entered_at else _doubtful(held)
    context = {
        "held": held,
        "page": page,
        "outcome": outcome,
        "counts": [one for one in counts if one[2]],
        "rows": [(row, called[row.outcome], _told(row)) for row in page],
        "notes": [remarks.told(note) for note in held.notes],
        "doubtful": doubtful,
        "more_doubtful": held.doubtful - len(doubtful),
        "nothing": not held.created and not held.matched and not held.doubtful,
    }
    return render(request, "institutions/import_rows.html", context)


@require_POST
@login_required
def enter(request: HttpRequest, number: int) -> HttpResponse:
    held = _find(request, number)
    rest = request.POST.get("rest", "")
    importing.enter(entering=held, at=timezone.now(), answers=_answers(request.POST), rest=rest)
    messages.success(request, gettext("The list is entered. This is what became of its rows."))
    return redirect(held)


@require_POST
@login_required
def undo(request: HttpRequest, number: int) -> HttpResponse:
    held = _find(request, number)
    undone = importing.undo(entering=held, at=timezone.now(), by=person_of(request))
    said = ngettext(
        "The import is undone. %(stay)s institution stays; the list says why.",
        "The import is undone. %(stay)s institutions stay; the list says why.",
        len(undone.stay),
    )
    nothing = gettext("The import is undone.")
    messages.success(request, said % {"stay": len(undone.stay)} if undone.stay else nothing)
    return redirect(held)


def csv(request: HttpRequest) -> StreamingHttpResponse:
    return _file(exporting.csv(), "text/csv; charset=utf-8", "institutions.csv")


def map_file(request: HttpRequest) -> StreamingHttpResponse:
    return _file(exporting.map_file(), "application/geo+json", "institutions.geojson")


def profile(request: HttpRequest, slug: str) -> JsonResponse:
    """An institution's Murmurations profile, at the address that an index is given."""
    return JsonResponse(
        exporting.profile(get_object_or_404(exporting.present(), slug=slug)),
        json_dumps_params={"ensure_ascii": False},
    )


def profiles(request: HttpRequest) -> StreamingHttpResponse:
    """The addresses of all profiles, for whoever gives them to an index."""

    def text() -> Iterable[str]:
        yield '{"profiles": ['
        before = "\n"
        for url in exporting.profiles():
            yield before + json.dumps(url)
            before = ",\n"
        yield "\n]}\n"

    return StreamingHttpResponse(text(), content_type="application/json")


def _file(lines: Iterable[str], kind: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _find(request: HttpRequest, number: int) -> Import:
    """An import that the person may see and undo."""
    held = get_object_or_404(Import.objects.defer("contents"), pk=number)
    if reason := importing.why_not_handle(held, request.user):
        raise Refused(reason, status=403)
    return held


def _doubtful(held: Import) -> list[tuple[ImportRow, list[remarks.Told], list[Institution]]]:
    """The rows to be asked about, each with why and the institutions it may be about."""
    rows = list(held.rows.filter(outcome=Outcome.DOUBTFUL)[:MOST_QUESTIONS])
    found = Institution.objects.in_bulk({pk for row in rows for pk in row.candidates})
    return [
        (row, [*map(remarks.told, row.faults)], [found[pk] for pk in row.candidates if pk in found])
        for row in rows
    ]


def _answers(posted: QueryDict) -> Mapping[int, str]:
    """What was answered of each doubtful row, by its line."""
    said = {
        key.removeprefix("line-"): str(posted[key]) for key in posted if key.startswith("line-")
    }
    return {int(line): answer for line, answer in said.items() if line.isdecimal()}


def _called(held: Import) -> dict[str, str | Promise]:
    """What the outcomes of its rows are called: what happened, or what would."""
    if held.entered_at:
        return {one.value: one.label for one in Outcome}
    return {
        Outcome.CREATED: _("Would be entered"),
        Outcome.MATCHED: _("Already here, would change"),
        Outcome.UNCHANGED: Outcome.UNCHANGED.label,
        Outcome.DOUBTFUL: Outcome.DOUBTFUL.label,
        Outcome.REFUSED: _("Would be left out"),
    }


def _told(row: ImportRow) -> dict[str, object]:
    """What a page says of a row beside its outcome: why, and what changes from what to what."""
    changes = [
        (remarks.labels([name])[0], _flat(row.former.get(name)), _flat(value))
        for name, value in row.given.items()
        if row.outcome == Outcome.MATCHED and not name.endswith("_year")
    ]
    numbers = ["-".join(number) for number in row.numbers]
    return {
        "remarks": [remarks.told(one) for one in (*row.faults, *row.notes)],
        "changes": changes,
        "numbers": numbers,
        "kept": remarks.labels(row.kept),
    }


def _flat(value: object) -> object:
    """Several things in one line; the others as they are."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


#: Before a page's own address: "import" is none.
addresses = [
    path("import/", look, name="import_list"),
    path("import/<int:number>/", fates, name="import"),
    path("import/<int:number>/enter/", enter, name="enter_import"),
    path("import/<int:number>/undo/", undo, name="undo_import"),
    path("institutions.csv", csv, name="csv"),
    path("institutions.geojson", map_file, name="geojson"),
    path("murmurations.json", profiles, name="profiles"),
    path("<slug:slug>/murmurations.json", profile, name="profile"),
]
