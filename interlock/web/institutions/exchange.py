"""Lists in and out: the pages of an import, and the register as files.

Everybody who is signed in looks at a list; whom the site trusts enters it, also one that another looked
at and handed on by its address.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
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
from interlock.web.institutions import (
    exporting,
    importing,
    queries,
    remarks,
    rules,
    whereabouts,
)
from interlock.web.institutions.models import Import, ImportRow, Institution, Kind, Outcome
from interlock.web.institutions.vocabulary import membership_types
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

# So many doubtful rows are asked about one by one; the rest of a longer list in one question.
MOST_QUESTIONS = 100
ROWS_A_PAGE = 100
# So many of those who may enter a list are named to one who may not.
MOST_NAMED = 10


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
    credit = forms.CharField(
        label=_("Who made the list, and its licence"),
        required=False,
        max_length=300,
        help_text=_(
            "Such as “Co-operatives UK, ODC-BY 1.0”. Told wherever the register is taken away."
        ),
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
                credit=said["credit"],
            )
            return redirect(held)
        except Refused as refusal:
            form.add_error("file", f"{refusal.reason} {refusal.remedy}".strip())
    person = person_of(request)
    mine = Import.objects.filter(Q(by=person) | Q(entered_by=person))
    context = {
        "form": form,
        "mine": mine.defer("contents")[:20],
        "most": importing.MOST_ROWS,
        **_who_enters(person),
    }
    status = 422 if form.errors else 200
    return render(request, "institutions/import.html", context, status=status)


@login_required
def fates(request: HttpRequest, number: int) -> HttpResponse:
    """What becomes of each row, or what became of it."""
    held, person = _find(request, number), person_of(request)
    outcome = request.GET.get("outcome", "")
    rows = held.rows.select_related("institution")
    called = _called(held)
    counts = [(one.value, called[one], getattr(held, one.value)) for one in Outcome]
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    doubtful = [] if held.entered_at else _doubtful(held)
    kinds = {kind.pk: str(kind) for kind in Kind.objects.all()}
    context = {
        "held": held,
        "page": page,
        "outcome": outcome,
        "counts": [one for one in counts if one[2]],
        "rows": [(row, called[row.outcome], _told(row, kinds)) for row in page],
        "notes": [remarks.told(note) for note in held.notes],
        "doubtful": doubtful,
        "more_doubtful": held.doubtful - len(doubtful),
        "nothing": not held.created and not held.matched and not held.doubtful,
        "address": request.build_absolute_uri(held.get_absolute_url()),
        "may_undo": not importing.why_not_undo(held, person),
        **_who_enters(person),
    }
    return render(request, "institutions/import_rows.html", context)


def _who_enters(person: Person) -> dict[str, object]:
    """Whether a person may enter lists; where not, some of those who may."""
    why_not = rules.why_not_enter_lists(person)
    return {"why_not": why_not, "vouching": queries.vouching()[:MOST_NAMED] if why_not else []}


@require_POST
@login_required
def enter(request: HttpRequest, number: int) -> HttpResponse:
    held = _find(request, number)
    importing.enter(
        entering=held,
        by=person_of(request),
        at=timezone.now(),
        answers=_answers(request.POST),
        rest=request.POST.get("rest", ""),
    )
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
    """An import that the person may see."""
    held = get_object_or_404(Import.objects.defer("contents"), pk=number)
    if reason := importing.why_not_see(held, request.user):
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


# That of the register itself; a database keeps no order of what a row gives.
_ORDER = [field.attname for field in Institution._meta.concrete_fields]


def _told(row: ImportRow, kinds: Mapping[str, str]) -> dict[str, object]:
    """What a page says of a row beside its outcome: why, what it enters, what changes to what."""
    values = [
        (
            remarks.labels([name])[0],
            _shown(name, row.former, kinds) if row.outcome == Outcome.MATCHED else "",
            _shown(name, row.given, kinds),
        )
        for name in sorted(row.given, key=_ORDER.index)
        if not name.endswith("_year") and row.given[name] != row.name
    ]
    return {
        "remarks": [remarks.told(one) for one in (*row.faults, *row.notes)],
        "changes": values if row.outcome == Outcome.MATCHED else [],
        "enters": [(label, given) for label, _former, given in values if given]
        if row.outcome == Outcome.CREATED
        else [],
        "numbers": ["-".join(number) for number in row.numbers],
        "kept": remarks.labels(row.kept),
    }


def _shown(name: str, values: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    """A value as pages tell it: codes by what they are called, several things in one line."""
    value, field = values.get(name), Institution._meta.get_field(name)
    called = kinds if name == "kind_id" else dict(getattr(field, "flatchoices", ()))
    if name == "county":
        return whereabouts.county_in_state(value or "")
    if isinstance(value, list | dict):
        return ", ".join(
            str(called.get(one, one))
            for one in (value if isinstance(value, list) else value.values())
        )
    if value is None or value == "":
        return ""
    year = values.get(f"{name}_year")
    return f"{called.get(value, value)} ({year})" if year else str(called.get(value, value))


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
