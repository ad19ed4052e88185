"""Pages for paper: a tagged PDF that fetched nothing, or the page and how to print it."""

import base64
import re
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

from interlock.home import ROOT
from interlock.web.look import press, printing

CARDS = """\
{% extends "look/paper.html" %}
{% block title %}Three cards{% endblock %}
{% block main %}<h1>Pass these on</h1><ul class="stack">{% for code in codes %}<li class="slip">
<div class="stack"><h2>A card</h2><p class="code">{{ code }}</p></div>{% qr code %}</li>{% endfor %}</ul>
<p><a href="/help/">How it works</a></p>{{ hostile|safe }}{% endblock %}
"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def request_(settings: Settings) -> HttpRequest:
    """A request of nobody, where the site has one template more."""
    (engine,) = settings.TEMPLATES
    ours = ("django.template.loaders.locmem.Loader", {"cards.html": CARDS})
    options = {**engine["OPTIONS"], "loaders": [ours, *engine["OPTIONS"]["loaders"]]}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]
    asked = RequestFactory().get("/cards/")
    asked.user = AnonymousUser()
    return asked


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another host, and what it was asked for."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PIXEL)

        def log_message(self, *_arguments: object) -> None:
            """Nothing: what it was asked for is kept."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def cards(request: HttpRequest, hostile: str = "") -> HttpResponse:
    context = {"codes": ["abcd-1", "abcd-2", "abcd-3"], "hostile": hostile}
    return printing.pdf_answer(request, "cards.html", context, "cards.pdf")


def opened(answer: HttpResponse) -> bytes:
    """What is in a PDF, its streams unpacked."""
    if answer["Content-Type"] != "application/pdf" and b"cannot make PDFs" in answer.content:
        pytest.skip("WeasyPrint or Pango is not here (docs/operating.md)")
    assert answer["Content-Type"] == "application/pdf"
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.content, re.DOTALL)
    unpacked = [zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"\x78"]
    return b"\n".join([answer.content, *unpacked])


def test_page_is_a_tagged_pdf_in_its_language(request_: HttpRequest) -> None:
    with translation.override("es"):
        answer = cards(request_)
    told = opened(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="cards.pdf"'
    assert told.startswith(b"%PDF-1.7")
    for mark in (
        b"/Lang (es)",
        b"/Marked true",
        b"/StructTreeRoot",
        b'pdfuaid:part="1"',
        b"/DisplayDocTitle true",
        "Three cards · Interlock</rdf:li></rdf:Alt></dc:title>".encode(),
        b"/S /H1",
        b"/MediaBox [0 0 612 792]",
        b"/URI (http://127.0.0.1:8000/help/)",
    ):
        assert mark in told, mark
    assert told.count(b"/S /Figure") == told.count(b"/Alt ") == 3


def test_paper_is_that_of_the_region(request_: HttpRequest, settings: Settings) -> None:
    settings.INTERLOCK_REGION = "ES"
    assert re.findall(rb"/MediaBox \[0 0 595\.\d+ 841\.\d+\]", opened(cards(request_))) != []


# Every way that a page of WeasyPrint names something to be fetched.
WAYS = [
    '<img src="{}" alt="A">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<a href="{}" rel="attachment">A</a>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<p style="background: url({})">A</p>',
    '<style>@import url("{}");</style>',
    '<style>@font-face {{ font-family: F; src: url("{}") }} p {{ font-family: F }}</style>',
    '<style>li::before {{ content: url("{}") }}</style>',
    '<svg width="9" height="9"><image href="{}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="{}#a"/></svg>',
]


def test_nothing_is_fetched_from_elsewhere(
    request_: HttpRequest, elsewhere: tuple[str, list[str]], settings: Settings
) -> None:
    address, asked = elsewhere
    # The site's own host too: only its static files are read, and those from their folder.
    settings.INTERLOCK_ORIGIN = address
    ways = "".join(way.format(f"{address}/{at}.png") for at, way in enumerate(WAYS))
    told = opened(cards(request_, ways + '<img src="/account/7.png" alt="A">'))
    assert (asked, b"/EmbeddedFile" in told) == ([], False)


def test_no_file_but_static_ones_is_read(request_: HttpRequest, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key of the site")
    names = [secret.as_uri(), str(secret), f"/static/../..{secret}", f"/static/%2e%2e/..{secret}"]
    told = opened(cards(request_, "".join(way.format(name) for way in WAYS for name in names)))
    assert (b"the key of the site" in told, b"/EmbeddedFile" in told) == (False, False)


def test_static_files_and_data_in_the_page_are_shown(request_: HttpRequest) -> None:
    data = base64.b64encode(PIXEL).decode()
    attached = f'<link rel="attachment" href="/static/look/mark.svg?1"><img src="data:image/png;base64,{data}" alt="A">'
    told = opened(cards(request_, attached))
    mark = ROOT / "interlock/web/look/static/look/mark.svg"
    assert mark.read_bytes() in told
    assert told.count(b"/Subtype /Image") == 2  # the picture, and what shows through it


def test_shelf_gives_what_lies_in_its_folders_only(tmp_path: Path) -> None:
    shelf = press.Shelf("https://x.example/static/", [tmp_path / "static", tmp_path / "more"])
    for name in ("static/a b.css", "more/b.css", "c.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("p {}")
    (tmp_path / "static/link.css").symlink_to(tmp_path / "c.css")
    asked = {
        "https://x.example/static/a%20b.css": tmp_path / "static/a b.css",
        "https://x.example/static/b.css?v=1": tmp_path / "more/b.css",
        "https://x.example/static/": None,
        "https://x.example/static/none.css": None,
        "https://x.example/static/../c.css": None,
        "https://x.example/static/%2e%2e/c.css": None,
        f"https://x.example/static/{tmp_path}/c.css": None,
        "https://x.example/static/link.css": None,
        f"https://x.example{tmp_path}/more/b.css": None,
        "https://y.example/static/b.css": None,
        "https://x.example@y.example/static/b.css": None,
        "http://x.example/static/b.css": None,
        "file:///static/b.css": None,
    }
    assert {url: shelf.found(url) for url in asked} == asked


@pytest.mark.parametrize("lacking", ["raise ImportError", "print('!'); raise OSError('no Pango')"])
def test_page_is_answered_where_no_pdf_can_be_made(
    request_: HttpRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    (tmp_path / "weasyprint.py").write_text(lacking)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer = cards(request_)
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.index("This site cannot make PDFs yet.") < page.index("Pass these on")
    assert "choose Save as PDF there" in page
    assert "install WeasyPrint and Pango" in page
    assert page.count('class="qr"') == 3


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("raise ValueError('a page too odd')", "ValueError: a page too odd\n"),
        ("import time; time.sleep(60)", "No PDF was made of /cards/ within 1.0 seconds."),
        ("bytes(2**30)", "MemoryError\n"),
    ],
)
def test_page_is_answered_where_a_pdf_fails(
    request_: HttpRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    said: str,
) -> None:
    (tmp_path / "weasyprint.py").write_text(fault)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(printing, "SECONDS", 1.0 if "sleep" in fault else 30.0)
    page = cards(request_).content.decode()
    assert "The PDF could not be made this time." in page
    assert "choose Save as PDF there" in page
    assert "install WeasyPrint" not in page
    assert caplog.messages[0].startswith("No PDF was made of /cards/")
    assert caplog.messages[0].endswith(said)


def test_presses_wait_for_their_turn(
    request_: HttpRequest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(printing, "SECONDS", 0.1)
    with printing.turn:
        page = cards(request_).content.decode()
    assert "The PDF could not be made this time." in page
    assert caplog.messages == ["No PDF was made: others were being made for 0.1 seconds."]
    assert printing.turn.acquire(blocking=False)
    printing.turn.release()
