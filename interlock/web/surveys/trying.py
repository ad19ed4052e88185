"""A questionnaire tried out by whoever runs the survey. Nothing of it is stored anywhere.

What was answered so far travels in the page itself; it is walked anew at each step, as with
respondents, and drawn by the same templates.
"""

import json
from collections.abc import Mapping

from django.http import HttpRequest

from interlock.methods.questionnaires import Kept, Step, opened, pages, resumed, shown, submitted
from interlock.web.surveys import actions, queries
from interlock.web.surveys.answering import drawn, language_of
from interlock.web.surveys.models import FormVersion

#: So many signs of answers come back with a page at most.
LARGEST = 200_000


def try_out(request: HttpRequest, version: FormVersion) -> Mapping[str, object]:
    """The page that comes next, as the context of its template."""
    form, language = queries.form_of(version), language_of(version)
    kept = {**_kept(request.POST.get("kept", "")), **_agreed(version)}
    page = request.POST.get("page", "")
    if "back" in request.POST:
        step = opened(form, kept, request.POST["back"], language=language)
    elif page:
        posted = {name: request.POST.getlist(name) for name in request.POST}
        step = submitted(form, kept, page, posted, language=language)
    else:
        step = resumed(form, kept, language=language)
    asked = [drawn(one, language) for one in shown(form, step, language=language, seed="preview")]
    group = form.groups_by_name.get(step.page.group) if step.page else None
    is_again = bool(page) and "back" not in request.POST
    return {
        "step": step,
        "kept": json.dumps({name: list(values) for name, values in step.kept.items()}),
        "title": form.said(group.label, language) if group else "",
        "hint": form.said(group.hint, language) if group else "",
        "language": language,
        "asked": asked,
        "wrong": [one for one in asked if one.error] if is_again else [],
        "before": _before(version, step),
        "number": step.page.number - _skipped(version) if step.page else 0,
        "of": len(pages(form)) - _skipped(version),
    }


def _kept(text: str) -> dict[str, tuple[str, ...]]:
    """What came back with the page; anything else than that is as if nothing was answered."""
    if not text or len(text) > LARGEST:
        return {}
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(said, dict):
        return {}
    return {
        str(name): tuple(str(value) for value in values)
        for name, values in said.items()
        if isinstance(values, list)
    }


def _agreed(version: FormVersion) -> Kept:
    agreed = actions.agreed(queries.form_of(version))
    return {name: tuple(values) for name, values in agreed.items()}


def _skipped(version: FormVersion) -> int:
    """Pages that consenting answers already."""
    agreed = set(_agreed(version))
    return sum(set(page.names) <= agreed for page in pages(queries.form_of(version)))


def _before(version: FormVersion, step: Step) -> str:
    """The page before this one that was asked, to go back to."""
    form = queries.form_of(version)
    agreed = set(_agreed(version))
    here = step.page.number if step.page else len(pages(form)) + 1
    earlier = [
        one.key
        for one in pages(form)
        if one.number < here
        and any(name in step.answers for name in one.names)
        and not set(one.names) <= agreed
    ]
    return earlier[-1] if earlier else ""
