"""The answers of a study as researchers take them: one archive, opened by leave and written down.

Identifiers are drawn anew for each archive, and rows stand in their order, so two archives cannot be
laid upon each other by them. No day is in it. Answers that are made up say so in a column more. While codes and chains are kept there is the
recruitment table too; afterwards tree and wave, which lead to nobody.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from interlock.methods.formats.surveys import (
    codebook,
    coded_lines,
    columns,
    ddi,
    labelled_lines,
    r_script,
    spss_script,
    stata_script,
)
from interlock.methods.questionnaires import Form, incomparable
from interlock.web.look.made_up import INVENTED
from interlock.web.surveys import statistical
from interlock.web.surveys.models import CameBy, FormVersion, Retained, Study
from interlock.web.surveys.packing import given_back, zipped
from interlock.web.surveys.queries import form_of

#: The question whose answer is how many of the population somebody knows.
DEGREE = "degree"
CODES, LABELS, RECRUITMENT = "answers-codes.csv", "answers-labels.csv", "recruitment.csv"


@dataclass(frozen=True)
class Row:
    """One respondent, or the empty place of one who took their answers back."""

    id: str
    recruiter: str
    tree: str
    wave: str
    came_by: str
    version: int
    doubts: str
    finished: bool
    answers: Mapping[str, str]


def archive(study: Study) -> bytes:
    """Everything that a researcher with leave may take along, as a zip."""
    rows = _rows(study)
    used = _versions(study, {row.version for row in rows})
    if not used:
        used = list(study.versions.filter(published_at__isnull=False)[:1])
    newest = used[0]
    files: dict[str, bytes | str] = {}
    files |= _tables(newest, _merged(rows, used), "")
    for version in used[1:]:
        own = [row for row in rows if row.version == version.number]
        if not _is_comparable(form_of(version), form_of(newest)):
            files |= _tables(version, own, f"version-{version.number}/")
    if _has_chains(study):
        form = form_of(newest)
        files[RECRUITMENT] = "".join(_recruitment(form, _merged(rows, used), _mark(study)))
    files["questionnaire.xlsx"] = given_back(form_of(newest), "xlsx")
    files["README.txt"] = readme(study, newest, files)
    return zipped(files)


def _has_chains(study: Study) -> bool:
    return study.is_chain and not study.retention.filter(what=Retained.LINKS).exists()


def _versions(study: Study, numbers: set[int]) -> list[FormVersion]:
    """The versions that somebody answered, the newest first."""
    return list(study.versions.filter(number__in=numbers))


def _rows(study: Study) -> list[Row]:
    """All who submitted, and whoever took their answers back but recruited; in an order of no meaning."""
    found = list(
        study.respondents.filter(finished_on__isnull=False)
        .select_related("answer", "coupon", "version")
        .defer("version__document")
    )
    drawn = {one.pk: secrets.token_hex(6) for one in found}
    trees = {tree: secrets.token_hex(4) for tree in {one.tree for one in found} if tree}
    with_chains = _has_chains(study)
    rows = []
    for one in found:
        parent = one.coupon.parent_id if with_chains and one.coupon else None
        given = getattr(one, "answer", None) if one.withdrawn_on is None else None
        rows.append(
            Row(
                id=drawn[one.pk],
                recruiter=drawn.get(parent, "") if parent else "",
                tree=trees.get(one.tree, "") if one.tree else "",
                wave="" if one.wave is None else str(one.wave),
                came_by=one.came_by,
                version=one.version.number,
                doubts=" ".join(one.flags),
                finished=given is not None,
                answers=given.document if given else {},
            )
        )
    return sorted(rows, key=lambda row: row.id)


def _is_comparable(old: Form, new: Form) -> bool:
    return not incomparable(old, new)


def _merged(rows: Sequence[Row], used: Sequence[FormVersion]) -> list[Row]:
    """Rows by the newest questions: what an older version asked otherwise counts as not asked."""
    newest = form_of(used[0])
    lost = {version.number: incomparable(form_of(version), newest) for version in used[1:]}
    return [
        Row(
            **{
                **row.__dict__,
                "answers": {
                    name: answer
                    for name, answer in row.answers.items()
                    if name in newest.by_name and name not in lost.get(row.version, ())
                },
            }
        )
        for row in rows
    ]


def _tables(version: FormVersion, rows: Sequence[Row], folder: str) -> dict[str, bytes | str]:
    """Answers by codes and by labels, what the columns mean, and scripts that read them."""
    form, is_synthetic = form_of(version), version.study.is_synthetic
    language = _language(form)
    marks = _mark(version.study)
    leading = _unlike(form, ("id", "version", "came_by", "tree", "wave", "doubts", *marks))
    told = [
        (
            (
                row.id,
                str(row.version),
                row.came_by,
                row.tree,
                row.wave,
                row.doubts,
                *marks.values(),
            ),
            row.answers,
        )
        for row in rows
        if row.finished
    ]
    translations = {code: _translator(code) for code in form.languages}
    translate = translations[language]
    own = {"language": language, "leading": leading, "translate": translate}
    boxed = statistical.files(
        version.document, told, leading=leading, language=language, translate=translate
    )
    return {
        **{f"{folder}{name}": data for name, data in boxed.items()},
        f"{folder}{CODES}": "".join(coded_lines(form, told, leading=leading)),
        f"{folder}{LABELS}": "".join(labelled_lines(form, told, **own)),  # type: ignore[arg-type]
        f"{folder}codebook.json": json.dumps(
            codebook(form, translations=translations, is_synthetic=is_synthetic),
            ensure_ascii=False,
            indent=2,
        ),
        f"{folder}codebook-ddi.xml": ddi(
            form, cases=len(told), translations=translations, is_synthetic=is_synthetic
        ),
        f"{folder}labels.sps": spss_script(form, file=CODES, **own),  # type: ignore[arg-type]
        f"{folder}labels.do": stata_script(form, file=CODES, **own),  # type: ignore[arg-type]
        f"{folder}labels.R": r_script(form, file=CODES, **own),  # type: ignore[arg-type]
    }


def _mark(study: Study) -> dict[str, str]:
    """The column more that made-up answers have, and what stands in each of its cells."""
    return {"synthetic": "true"} if study.is_synthetic else {}


def _recruitment(form: Form, rows: Sequence[Row], marks: Mapping[str, str]) -> Iterator[str]:
    """Who recruited whom, as `interlock referral` reads it; empty places hold the chains together."""
    leading = _unlike(form, ("id", "recruiter", "wave", "known", *marks))
    told = [
        (
            (row.id, row.recruiter, row.wave, row.answers.get(DEGREE, ""), *marks.values()),
            row.answers,
        )
        for row in rows
        if row.came_by == CameBy.COUPON
    ]
    return coded_lines(form, told, leading=leading)


def _unlike(form: Form, names: Sequence[str]) -> list[str]:
    """Names for columns of our own that no question has."""
    taken = {column.name.lower() for column in columns(form, language=form.default)}
    return [f"{name}_row" if name in taken else name for name in names]


def _language(form: Form) -> str:
    wanted = get_language() or ""
    return wanted if wanted in form.languages else form.default


def _translator(code: str) -> Callable[[str], str]:
    def told(text: str) -> str:
        with translation.override(code):
            return _(text)

    return told


def readme(study: Study, version: FormVersion, files: Mapping[str, bytes | str]) -> str:
    """What is in the archive, and what was promised to those who answered."""
    form = form_of(version)
    example = next(
        (one.name for one in form.questions if one.type == "select_one" and one.scale == "ordinal"),
        "",
    )
    said: list[str | Promise] = [
        str(study.title),
        _("Asked by %(name)s.") % {"name": study.institution.name},
        *([INVENTED] if study.is_synthetic else []),
        "",
        _(
            "These are single answers, given in confidence. Keep them where nobody else reads them, "
            "publish nothing of fewer than five people, and destroy them when you are done."
        ),
        _(
            "You opened them by leave of those who run the survey, and that you did is written down. "
            "Identifiers are drawn anew for each archive."
        ),
        "",
        f"{CODES}: "
        + _(
            "a row a person, every answer as a number: -1 don’t know, -2 rather not say, -3 not "
            "asked; an empty cell was asked and left blank"
        ),
        f"{LABELS}: " + _("the same in words"),
        "labels.sps, labels.do, labels.R: "
        + _("read the codes and label them, in SPSS or PSPP, Stata and R"),
        *(
            [
                "answers.sav, answers.dta: "
                + _("the codes with their labels in them, for SPSS and Stata")
            ]
            if "answers.sav" in files
            else []
        ),
        "codebook.json, codebook-ddi.xml: "
        + _("every column and value, in every language; the second is DDI Codebook 2.5"),
        "questionnaire.xlsx: " + _("the questions, as an XLSForm"),
        "",
        _(
            "Columns of ours: id; version of the questions; came_by (coupon: in a chain, open: by a "
            "link or a public page, to be analysed apart); tree and wave of the chain; doubts (fast, "
            "trap, alike: marks, no proof)."
        ),
    ]
    if RECRUITMENT in files:
        command = f"interlock referral {RECRUITMENT} --degree known --wave wave --missing=-1,-2,-3"
        said += [
            "",
            f"{RECRUITMENT}: "
            + _(
                "those who came by coupons, with who recruited them and how many they know. Rows "
                "without answers are of people who took theirs back."
            ),
            f"    {command} --outcome {example or 'NAME'}",
            _("By %(day)s at the latest destroy this file: until then people were told it exists.")
            % {"day": study.links_until.isoformat()},
        ]
    if any(name.startswith("version-") for name in files):
        said += [
            "",
            _(
                "Folders version-N: answers to earlier questions that cannot be compared with the "
                "newest ones; those that can stand above, too."
            ),
        ]
    return "\n".join([*map(str, said), ""])
