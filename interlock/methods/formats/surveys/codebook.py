"""The codebook as plain data, for JSON: what each column is, in every language of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlock.methods.formats.surveys.columns import Translate, in_each_language
from interlock.methods.questionnaires.form import Form, Question
from interlock.methods.questionnaires.versions import content_hash


def codebook(
    form: Form,
    *,
    translations: Mapping[str, Translate] | None = None,
    is_synthetic: bool = False,
) -> dict[str, Any]:
    """What a program needs to read the exported codes: columns, meanings, and who was asked.

    `translations` are, by language, what translates the few words that are the library's;
    `is_synthetic` says that the answers are made up.

    >>> from interlock.methods.questionnaires import read
    >>> form = read({"survey.csv": b"type,name,label\\ninteger,age,Age"}).must()
    >>> codebook(form)["columns"][0]["values"]
    [{'code': -3, 'label': {'en': 'not asked'}, 'missing': True}]
    """
    each = in_each_language(form, translations or {})
    told = []
    for at, column in enumerate(each[form.default]):
        values = [
            {
                "code": value.code,
                "label": {one: each[one][at].values[place].label for one in form.languages},
                "missing": value.is_missing,
            }
            for place, value in enumerate(column.values)
        ]
        told.append(
            {
                "name": column.name,
                "question": column.question.name,
                "kind": column.kind,
                "level": column.level,
                "label": {one: each[one][at].label for one in form.languages},
                "values": values,
                **_of(form, column.question),
            }
        )
    return {
        "form": form.id,
        "version": form.version,
        "hash": content_hash(form),
        "title": dict(form.title),
        "languages": list(form.languages),
        "columns": told,
    } | ({"synthetic": True} if is_synthetic else {})


def _of(form: Form, one: Question) -> dict[str, Any]:
    return {
        "type": one.type,
        "asked_if": universe(form, one),
        "required": one.required,
        "constraint": str(one.constraint or ""),
        "calculation": str(one.calculation or ""),
        "measure": one.measure,
        "core": one.core,
        "sensitive": one.sensitive,
    }


def universe(form: Form, one: Question) -> str:
    """Of whom a question is asked, as an expression; "" is everybody."""
    conditions = [str(condition) for condition in form.conditions(one)]
    return conditions[0] if len(conditions) == 1 else " and ".join(f"({it})" for it in conditions)
