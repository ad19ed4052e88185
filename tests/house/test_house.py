"""The house keeps its own promises: version, settings, licences, words."""

import ast
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from importlib.metadata import distribution, metadata, requires, version
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement

from interlock import __version__
from interlock.__main__ import VERBS, main
from interlock.home import ROOT

# What runs with the product; everything else in the environment is a tool of its makers.
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|LGPL|Zope|"
    r"HPND|Unlicense|0BSD|CC0)\b",
    re.IGNORECASE,
)
# Of several licences that are offered, the one that is taken.
TAKEN = {"pyphen": "MPL 1.1"}
STRICT = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|Affero|proprietary)", re.IGNORECASE)


def test_version_is_the_first_heading_of_the_changelog() -> None:
    heading = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert heading is not None
    assert (__version__, version("interlock")) == (heading[1], heading[1])


def shipped() -> set[str]:
    """What runs with the product: numpy and the extras of a site, with all that these need."""
    found: set[str] = set()
    waiting = [Requirement("interlock[export,pdf,web]")]
    while waiting:
        wanted = waiting.pop()
        for text in requires(wanted.name) or []:
            needed = Requirement(text)
            extras = wanted.extras or {""}
            if needed.marker and not any(needed.marker.evaluate({"extra": e}) for e in extras):
                continue
            if needed.name.lower() not in found:
                found.add(needed.name.lower())
                waiting.append(needed)
    return found


def test_licence_of_everything_shipped_is_permissive() -> None:
    wrong = []
    for name in sorted(shipped()):
        meta = metadata(name)
        told = [meta.get("License-Expression") or ""]
        told += [one for one in meta.get_all("Classifier") or [] if one.startswith("License")]
        told.append(meta.get("License") or "")  # last, for some give all of its text
        words = TAKEN.get(name, " ".join(told)[:500])
        if STRICT.search(words) or not PERMISSIVE.search(words):
            wrong.append((name, words))
    assert {"django", "django-js-lib-leaflet", "pyreadstat", "weasyprint"} <= shipped()
    assert wrong == []


#: As Leaflet's makers publish them of version 1.9.4, for pages that load it from elsewhere.
LEAFLET = {
    "leaflet.js": "20nQCchB9co0qIjJZRGuk2/Z9VM+kNiyxNV1lvTlZBo=",
    "leaflet.css": "p4NxAoJBhIIN+hmNHrzRCf9tD/miZyoHS5obTRR9BMY=",
}


@pytest.mark.parametrize("name", LEAFLET)
def test_leaflet_is_the_one_its_makers_published(name: str) -> None:
    """Somebody else packed it: to the byte what the makers published, and its licence in NOTICE."""
    file = distribution("django-js-lib-leaflet").locate_file(
        f"js_lib_leaflet/static/js_lib_leaflet/{name}"
    )
    told = sha256(Path(str(file)).read_bytes()).digest()
    assert b64encode(told).decode() == LEAFLET[name]
    assert "Leaflet 1.9.4" in (ROOT / "NOTICE").read_text()


def test_lock_names_no_host() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text()


def test_setting_of_every_environment_variable_is_documented() -> None:
    code = "".join(
        path.read_text()
        for path in (ROOT / "interlock").rglob("*.py")
        if "migrations" not in path.parts
    )
    used = set(re.findall(r"\"(INTERLOCK_[A-Z]+|DATABASE_URL|EMAIL_URL)\"", code))
    told = (ROOT / "docs" / "operating.md").read_text()
    assert {name for name in used if f"`{name}`" not in told} == set()


def test_verb_is_documented_and_answers_help(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text() + (ROOT / "docs" / "operating.md").read_text()
    assert {verb for verb in VERBS if f"interlock {verb}" not in readme} == set()
    for verb in VERBS:
        with pytest.raises(SystemExit) as ended:
            main([verb, "--help"])
        assert ended.value.code == 0
    assert "usage: interlock" in capsys.readouterr().out


def test_no_text_for_translators_stands_in_an_f_string() -> None:
    """Whatever gathers them does not look into f-strings, and the text would stay English."""
    marks = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "interlock").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in marks
    ]
    assert hidden == []


def test_style_sheet_is_light() -> None:
    import gzip

    sheet = ROOT / "interlock/web/look/static/look/interlock.css"
    assert len(gzip.compress(sheet.read_bytes())) <= 8_000


#: Of a report that stands alone as a file, which brings its style along; no page of the site has them.
ALONE = {"report.html", "ink.html"}


def test_template_has_no_inline_style_or_script() -> None:
    """A script element of a data type holds what machines read, and runs nothing."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "interlock").rglob("*.html")
        if path.name not in ALONE
        and re.search(
            r"\sstyle=|<style|\son[a-z]+=|https?://"
            r"|<script(?![^>]*\ssrc=|\stype=\"application/ld\+json\">)",
            path.read_text(),
        )
    ]
    assert wrong == []


def test_settings_are_safe_enough_for_ballots() -> None:
    options = settings.DATABASES["default"].get("OPTIONS", {})
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        assert options["transaction_mode"] == "IMMEDIATE"
        assert "synchronous=FULL" in options["init_command"]
    assert settings.DEBUG is False


def test_web_process_never_loads_what_is_heavy() -> None:
    code = (
        "import sys, django; django.setup(); "
        "import interlock.web.config.urls, interlock.web.config.wsgi, interlock.web.look.printing; "
        "print(*{'numpy', 'pandas', 'pyreadstat', 'weasyprint'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "interlock.web.config.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "\n")


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("interlock/methods/counting/names.py", "import django"),
        ("interlock/web/voting/models.py", "import interlock.web.budgets.models"),
        ("interlock/web/institutions/models.py", "import interlock.web.institutions.views"),
        ("interlock/web/budgets/views.py", "import interlock.web.budgets.counting"),
    ],
)
def test_import_contract_breaks_when_a_room_imports_upwards(
    room: str, line: str, tmp_path: Path
) -> None:
    """In a copy of the house: the same contracts, one import too many."""
    import shutil

    shutil.copytree(
        ROOT / "interlock", tmp_path / "interlock", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changed = tmp_path / room
    changed.write_text(f"{changed.read_text()}\n{line}\n")
    linted = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 1, linted.stdout
    assert line.split()[1] in linted.stdout
