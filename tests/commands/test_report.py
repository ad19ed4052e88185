"""The report of an observation: made of its package and nothing else, the same everywhere."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from interlock import __version__
from interlock.__main__ import main
from interlock.commands.report import drawn
from interlock.methods.formats.observed_packages import opened
from tests.commands.test_observe import files, made_up, observe

TELLS = {"report.html", "report.pdf", "report.es.html", "report.es.pdf"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An answer that one test may copy and spoil."""
    folder = tmp_path_factory.mktemp("report")
    table = made_up(folder / "t.csv", 3.0, states=25)
    assert observe(table, folder / "out", "--resamples", "99", "--seed", "4", "--synthetic") == 0
    return folder / "out"


@pytest.fixture
def answer(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "answer"))


def test_page_tells_the_numbers_of_the_package_and_asks_nobody(answer: Path) -> None:
    told = json.loads((answer / "results.json").read_bytes())
    page = (answer / "report.html").read_text()
    assert drawn(opened(files(answer)), "en").decode() == page
    assert told["finding"]["sentence"] in page
    assert '<html lang="en">' in page
    for number in (
        "200",
        f"{told['areas']['counted']:,}",
        told["inputs"][0]["sha256"],
        __version__,
        "seed 4",
    ):
        assert number in page, number
    assert "interlock observe --areas t.csv --out FOLDER --strata 20 --seed 4" in page
    assert (
        re.findall(r"<script|https?://(?!www\.w3\.org)|@import|url\(|<link(?! rel=\"icon\")", page)
        == []
    )
    for figure in ("ratios", "chances", "power", "left-out"):
        assert f'<figure class="stack" id="{figure}"' in page
    for link in re.findall(r'href="([^"#:]+)"', page):
        assert (answer / link).is_file(), link


def test_report_speaks_spanish_too(answer: Path) -> None:
    page = drawn(opened(files(answer)), "es").decode()
    assert '<html lang="es">' in page
    assert (
        "En estas listas, las áreas con presupuesto participativo tienen más cooperativas" in page
    )
    assert "Sorteo según la población, dentro de las regiones" in page
    assert "In these lists" not in page


def test_equal_packages_give_equal_bytes_in_any_process(answer: Path, tmp_path: Path) -> None:
    found = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        other = Path(shutil.copytree(answer, tmp_path / f"at another place {seed}"))
        done = subprocess.run(
            [sys.executable, "-m", "interlock", "report", str(other)],
            env={
                **{key: one for key, one in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "INTERLOCK_HOME": str(tmp_path / f"home {seed}"),
                "INTERLOCK_REGION": "ES" if seed == "1" else "US",
            },
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()[-500:]
        assert not (tmp_path / f"home {seed}").exists(), "a report needs no home"
        found.append(files(other))
        assert done.stdout.startswith(b"Written: report.html")
    assert found[0] == found[1]
    assert found[0].keys() - files(answer).keys() <= {"report.pdf"}
    if "report.pdf" not in found[0]:
        pytest.skip("WeasyPrint or Pango is not here (docs/operating.md)")
    pdf = found[0]["report.pdf"]
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    told = b"".join(
        [pdf, *(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"\x78")]
    )
    for mark in (b"%PDF-1.7", b"/Lang (en)", b"/Marked true", b'pdfuaid:part="1"', b"/S /Figure"):
        assert mark in told, mark
    assert b"/URI" not in told


@pytest.mark.parametrize("name", ["tables/ratios.csv", "results.json"])
def test_changed_file_is_refused_with_its_place(
    answer: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (answer / "report.html").unlink()
    (answer / name).write_bytes((answer / name).read_bytes().replace(b"1", b"2", 1))
    assert main(["report", str(answer)]) == 2
    assert capsys.readouterr().err.startswith(f"{name}: was changed: it has sha256:")
    assert not TELLS & set(files(answer))


def test_folder_of_others_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("results.json: is not there. Give a folder that")


def test_results_that_lack_what_is_told_are_refused(
    answer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads((answer / "results.json").read_bytes())
    del told["power"]
    data = json.dumps(told).encode()
    package = json.loads((answer / "datapackage.json").read_bytes())
    for one in package["resources"]:
        if one["path"] == "results.json":
            one["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
    (answer / "results.json").write_bytes(data)
    (answer / "datapackage.json").write_text(json.dumps(package))
    assert main(["report", str(answer)]) == 2
    assert "results.json lacks what this version tells ('power')" in capsys.readouterr().err


def test_made_up_data_are_told_in_every_file(answer: Path) -> None:
    assert json.loads((answer / "results.json").read_bytes())["synthetic"] is True
    package = json.loads((answer / "datapackage.json").read_bytes())
    assert package["synthetic"] is True
    assert package["title"].startswith("Made-up data")
    assert "Made-up data" in (answer / "CITATION.cff").read_text()
    for table in (answer / "tables").iterdir():
        head, first = table.read_text().splitlines()[:2]
        assert (head.split(",")[-1], first.split(",")[-1]) == ("synthetic", "true")
    assert (
        "Made-up data: nothing here says anything of any real place."
        in (answer / "report.html").read_text()
    )


def test_without_what_draws_it_is_told_what_to_install(
    answer: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "django", None)
    assert main(["report", str(answer)]) == 2
    assert "pip install 'interlock[web,pdf]'" in capsys.readouterr().err
    assert observe(made_up(tmp_path / "t.csv", 3.0), tmp_path / "out", "--resamples", "39") == 0
    assert "Note: `interlock report FOLDER` writes this for reading" in capsys.readouterr().err
    assert not TELLS & set(files(tmp_path / "out"))


def test_new_answer_takes_old_reports_away(answer: Path, tmp_path: Path) -> None:
    for name in TELLS:
        (answer / name).write_text("old")
    assert observe(made_up(tmp_path / "t.csv", 1.0), answer, "--resamples", "39") == 0
    assert TELLS & set(files(answer)) == {"report.html"}
    assert (answer / "report.html").read_text() != "old"


def test_without_pango_the_page_is_written_and_how_to_print_it_told(
    answer: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (answer / "report.pdf").write_text("of an earlier version")
    assert main(["report", str(answer)]) == 0
    said = capsys.readouterr()
    assert said.out == "Written: report.html\n"
    assert "WeasyPrint or Pango is not here" in said.err
    assert "Open report.html in a browser and choose Print, then Save as PDF." in said.err
    assert not (answer / "report.pdf").exists()
