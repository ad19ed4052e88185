"""The pages of questions. Whoever answers is known by the cookie of this device alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from interlock.methods.questionnaires import (
    Form,
    Question,
    Shown,
    Step,
    core_pages,
    pages,
    seconds,
    shown,
)
from interlock.web.surveys import actions, cookies, queries, rules
from interlock.web.surveys.models import FormVersion, Respondent

#: Who answers in less than a part of the time that reading takes has hardly read.
TOO_FAST = 4
#: A range of more numbers than these unfolds; longer words than these stand below each other.
MOST_IN_A_ROW = 11
LONGEST_IN_A_ROW = 20


@dataclass(frozen=True)
class Asked:
    """A question as its template draws it: `widget` names the way, `options` are value and label."""

    name: str
    widget: str
    shown: Shown
    language: str
    options: tuple[tuple[str, str, str], ...]
    error: str

    @property
    def id(self) -> str:
        return f"q-{self.name}"

    @property
    def value(self) -> str:
        return self.shown.values[0] if self.shown.values else ""

    @property
    def places(self) -> list[tuple[int, str]]:
        """Of a ranking: each place with what was put there."""
        values = self.shown.values
        return [
            (place + 1, values[place] if place < len(values) else "")
            for place in range(len(self.options))
        ]


def language_of(version: FormVersion) -> str:
    """The reader's language, if the questions are in it; else that in which they all are."""
    form, wanted = queries.form_of(version), get_language() or ""
    return wanted if wanted in form.languages else form.default


@cookies.private
def mine(request: HttpRequest) -> HttpResponse:
    """The page of questions where somebody is; what they post is kept, and leads to the next."""
    code = cookies.mine(request)
    respondent = queries.respondent_of(code) if code else None
    if respondent is None:
        return redirect("surveys:resume")
    if reason := rules.why_not_answer(respondent.study, timezone.now()):
        return render(
            request, "surveys/over.html", {"reason": reason, "study": respondent.study}, status=410
        )
    if request.method == "POST":
        return _posted(request, respondent, code)
    step = actions.where(
        respondent=respondent,
        language=language_of(respondent.version),
        page=request.GET.get("page", ""),
    )
    if step.page is None:
        return redirect("surveys:thanks")
    return _page(request, respondent, step)


def _posted(request: HttpRequest, respondent: Respondent, code: str) -> HttpResponse:
    posted = {name: request.POST.getlist(name) for name in request.POST}
    later = "later" in request.POST
    if later and not any(
        any(values) for name, values in posted.items() if name in _names(respondent)
    ):
        return redirect("surveys:code")
    page = request.POST.get("page", "")
    step = actions.save_page(
        code=code,
        page=page,
        posted=posted,
        language=language_of(respondent.version),
        at=timezone.now(),
        flags=_flags(request, respondent),
    )
    if later:
        return redirect("surveys:code")
    if step.page and step.page.key == page and step.errors:
        return _page(request, respondent, step, status=422)
    is_submitted = step.core_done and not respondent.finished_on
    return redirect("surveys:thanks" if is_submitted or step.page is None else "surveys:mine")


def _names(respondent: Respondent) -> frozenset[str]:
    return frozenset(queries.form_of(respondent.version).by_name)


def _flags(request: HttpRequest, respondent: Respondent) -> list[str]:
    """A doubt, when the core comes back sooner than anybody reads it. The time itself is not kept."""
    if respondent.finished_on:
        return []
    form, language = queries.form_of(respondent.version), language_of(respondent.version)
    core = [name for page in pages(form)[: core_pages(form)] for name in page.names]
    is_last = request.POST.get("page") == pages(form)[core_pages(form) - 1].key
    needed = int(seconds(form, language, core) / TOO_FAST)
    return ["fast"] if is_last and cookies.is_faster(request, needed) else []


def _page(
    request: HttpRequest, respondent: Respondent, step: Step, *, status: int = 200
) -> HttpResponse:
    form, language = queries.form_of(respondent.version), language_of(respondent.version)
    assert step.page
    asked = [
        drawn(one, language)
        for one in shown(form, step, language=language, seed=str(respondent.ref))
    ]
    group = form.groups_by_name.get(step.page.group)
    context = {
        "study": respondent.study,
        "page": step.page,
        "title": form.said(group.label, language) if group else respondent.study.title,
        "hint": form.said(group.hint, language) if group else "",
        "language": language,
        "asked": asked,
        "wrong": [one for one in asked if one.error],
        "some_needed": any(one.shown.question.required for one in asked),
        "before": _before(form, step),
        **_progress(form, step),
    }
    return render(request, "surveys/page.html", context, status=status)


def _progress(form: Form, step: Step) -> Mapping[str, object]:
    """Which page of the core this is; after it, how many pages are left at most."""
    assert step.page
    skipped = sum(1 for page in pages(form) if set(page.names) <= set(actions.agreed(form)))
    core, number = core_pages(form) - skipped, step.page.number - skipped
    if number > core:
        return {"is_core": False, "left": step.left, "done": step.done - skipped}
    return {"is_core": True, "number": number, "of": core, "is_last": number == core}


def _before(form: Form, step: Step) -> str:
    """The page before this one that somebody was asked, to go back to."""
    assert step.page
    agreed = set(actions.agreed(form))
    earlier = [
        page.key
        for page in pages(form)
        if page.number < step.page.number
        and any(name in step.answers for name in page.names)
        and not set(page.names) <= agreed
    ]
    return earlier[-1] if earlier else ""


def drawn(one: Shown, language: str) -> Asked:
    """A question as its template draws it."""
    question = one.question
    options = tuple((choice.name, label.text, label.language) for choice, label in one.choices)
    if question.range:
        options = tuple((value, value, language) for value in question.range.values)
    error = one.error.told(gettext) if one.error else ""
    widget = _widget(question, [label for _value, label, _language in options])
    return Asked(question.name, widget, one, language, options, error)


def _widget(question: Question, labels: Sequence[str]) -> str:
    fits = len(labels) <= MOST_IN_A_ROW and max(map(len, labels), default=0) <= LONGEST_IN_A_ROW
    if question.type == "select_one" and question.appearance == "minimal":
        return "select"
    if question.type == "select_one":
        return "likert" if question.appearance == "likert" and fits else "radios"
    if question.type == "range":
        return "likert" if fits else "select"
    if question.type == "text":
        return "lines" if question.appearance == "multiline" else "text"
    return {
        "select_multiple": "checks",
        "rank": "rank",
        "integer": "whole",
        "decimal": "decimal",
        "date": "date",
        "note": "note",
    }[question.type]
