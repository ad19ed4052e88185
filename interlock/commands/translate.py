"""`interlock translate`: gather strings, check and compile the catalogues, without system tools.

Django's own command needs GNU gettext's programs. This does the same with Babel: Django's
`templatize` turns a template into the Python it stands for, Babel reads that and all modules.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.home import ROOT

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

SUMMARY = "Gather strings for translators, check the catalogues, compile them."
CODE = ROOT / "interlock"
LOCALES = CODE / "locale"
LANGUAGES = ("es",)
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 if a string is missing"
    )


def run(arguments: argparse.Namespace) -> int:
    from babel.messages.pofile import read_po, write_po

    template = gathered()
    wrong = []
    for language in LANGUAGES:
        path = catalogue_path(language)
        catalogue = read_po(BytesIO(path.read_bytes()) if path.exists() else BytesIO(), language)
        known = {message.id for message in catalogue if message.id}
        wanted = {message.id for message in template if message.id}
        if arguments.check:
            wrong += [f"{language}: not gathered yet: {text!r}" for text in wanted - known]
            wrong += [f"{language}: used nowhere any more: {text!r}" for text in known - wanted]
            wrong += [f"{language}: {fault}" for fault in faults(catalogue)]
            continue
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        out = BytesIO()
        write_po(out, catalogue, width=96, omit_header=False, sort_output=True, no_location=True)
        path.write_bytes(out.getvalue())
    for line in wrong:
        print(line, file=sys.stderr)
    if not arguments.check:
        compile_catalogues()
    return 1 if wrong else 0


def catalogue_path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def compile_catalogues() -> None:
    """Make each `.mo` that is missing or older than its `.po`."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for language in LANGUAGES:
        source = catalogue_path(language)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        out = BytesIO()
        write_mo(out, read_po(BytesIO(source.read_bytes()), language))
        aside = target.with_suffix(".mo.new")
        aside.write_bytes(out.getvalue())
        aside.replace(target)


def gathered() -> "Catalog":
    """Every string marked for translation in modules and templates, as a Babel catalogue."""
    from babel.messages.catalog import Catalog

    catalogue = Catalog(project="Interlock", charset="utf-8")
    for text in _marked():
        catalogue.add(text)
    return catalogue


def _marked() -> Iterator[str | tuple[str, ...]]:
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    for path in sorted(CODE.rglob("*.py")):
        if "migrations" not in path.parts:
            source = path.read_bytes()
            yield from (m[1] for m in extract("python", BytesIO(source), KEYWORDS))
    for path in sorted([*CODE.rglob("templates/**/*.html"), *CODE.rglob("templates/**/*.txt")]):
        code = templatize(path.read_text(), origin=str(path))
        # It stands in for a template's text with Xs; indented, they would be no Python.
        flat = "\n".join(line.lstrip() for line in code.splitlines()).encode()
        yield from (m[1] for m in extract("python", BytesIO(flat), KEYWORDS))


def faults(catalogue: "Catalog") -> Iterator[str]:
    """Strings without a translation, marked unsure, or naming other values than the original."""
    names = re.compile(r"%\(\w+\)(?:\.\d+)?[sd]")
    for message in catalogue:
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        told = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy or not all(told):
            yield f"not translated: {originals[0]!r}"
        elif set(names.findall(str(told[-1]))) != set(names.findall(str(originals[-1]))):
            yield f"other values than the original: {originals[0]!r}"
