"""Whoever follows every link of the demo's town finds no file, and no page that names one of its
institutions, that does not say that it is made up."""

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile, is_zipfile

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone

from interlock.methods.formats.packages import MADE_UP
from interlock.web.delivery.models import Call
from interlock.web.demo import town
from interlock.web.institutions.models import Institution
from interlock.web.look import printing
from interlock.web.look.made_up import INVENTED
from interlock.web.needs.models import Listing
from interlock.web.observatory import measuring
from interlock.web.observatory.models import Policy
from interlock.web.people.models import Person
from interlock.web.surveys.actions import publish_analysis
from interlock.web.surveys.analysing import analyse_due
from interlock.web.surveys.models import Analysis, Study
from interlock.web.ties.models import Tie
from tests.staging import staged
from tests.web.config.test_api import SNAPSHOT

#: So many pages of a kind are opened: more would show the same links.
ENOUGH = 2
LINK = re.compile(r'(?:href|action)="([^"#]+)')
#: How a text that is no table says it: JSON, META of Pabulib, GraphML, a signed text, words.
MARK = re.compile(
    r'"synthetic": ?true|synthetic;true|_synthetic">true<|, synthetic\)|'
    + "|".join(map(re.escape, (MADE_UP, str(INVENTED), "Made-up data:", ">Made up")))
)
ALIKE = re.compile("true|[1-9][0-9]*")
#: What holds no fact of any institution: hashes, addresses of profiles, our own words, and geography.
PLAIN = {
    "receipts.txt",
    "institutions:profiles",
    "needs:profiles",
    "api:ways",
    "explore:outlines",
    "api:openapi-json",
}
#: Files that only those get who are inside, or who wrote them: none of these walks out by a link.
INSIDE = {
    *("coops:decision_json", "coops:decision_pdf", "coops:members_csv", "coops:statement"),
    *("coops:year_journal", "coops:year_json", "coops:year_patr"),
    *("coops:hours_template", "coops:members_template", "coops:opening_template"),
    *("delivery:bid_copy", "surveys:cards_paper", "surveys:instrument", "surveys:questionnaire"),
}
#: And those that say so by tests of their own, as nothing in the town leads a stranger to them.
ELSEWHERE = {"surveys:answers", "institutions:everything", "delivery:sheet"}
#: Of what was typed into its form this page says nothing.
ONLY_TYPED = {"explore:paths"}
#: Where the walk begins: the front page, and what only a script or a sheet of paper leads to.
DOORS = [
    "/",
    "/explore/map.geojson",
    "/explore/outlines.json",
    "/surveys/worker-co-ops-and-participatory-budgeting/leaflet.pdf",
]


@staged
def worked_out(riverbend: None) -> None:
    """The town after its worker: measured, and with the results of its survey."""
    now = timezone.now()
    measuring.request_editions(now)
    while measuring.measure_due(now, lambda: False):
        pass
    analyse_due(now, lambda: False)
    analysis = Analysis.objects.get(published_at=None)
    by = Person.objects.get(email=town.STEWARDS["federation"][0])
    publish_analysis(analysis=analysis, by=by, at=now)


#: By the name of its view: where each is, and what it holds.
Held = dict[str, list[tuple[str, bytes]]]


@dataclass(frozen=True)
class Found:
    """What the walk came by. Paper is a file, and read as its page."""

    files: Held
    pages: Held


@staged
def found(worked_out: None) -> Found:
    files, pages = defaultdict(list), defaultdict(list)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printing, "pressed", lambda *_: (None, "missing"))
        for address, name, answer in _walk(Client()):
            is_page = answer.headers["Content-Type"].startswith("text/html")
            whole = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            (pages if is_page and "_paper" not in name else files)[name].append((address, whole))
    return Found(files, pages)


def _walk(client: Client) -> Iterator[tuple[str, str, HttpResponse]]:
    """Each address that is opened in English, the name of its view, and its answer."""
    waiting, seen, opened = [*DOORS], {*DOORS}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        name = resolve(urlsplit(address).path).view_name
        if opened[name] == ENOUGH:
            continue
        opened[name] += 1
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        yield address, name, answer  # type: ignore[misc]
        if answer.headers["Content-Type"].startswith("text/html"):
            for link in LINK.findall(answer.content.decode()):
                further = urljoin(address, link.replace("&amp;", "&"))
                is_ours = further.startswith("/") and not further.startswith("/static/")
                if is_ours and further not in seen and "language=" not in further:
                    seen.add(further)
                    waiting.append(further)


def unmarked(name: str, data: bytes) -> list[str]:
    """The name of the file, and those of the files in it, that do not say that they are made up."""
    if name in PLAIN:
        return []
    if is_zipfile(io.BytesIO(data)):
        with ZipFile(io.BytesIO(data)) as archive:
            inside = ((part, archive.read(part)) for part in archive.namelist())
            return [f"{name}: {one}" for part, held in inside for one in unmarked(part, held)]
    text = data.decode()
    headings = text.split("\n", 1)[0].lower().strip().split(",")
    if "synthetic" not in headings:
        return [] if MARK.search(text) or _is_headings_only(text) else [name]
    rows = csv.DictReader(io.StringIO(text.lower()))
    return [] if all(ALIKE.fullmatch(row["synthetic"]) for row in rows) else [name]


def _is_headings_only(text: str) -> bool:
    return text.count("\n") == 1 and text.startswith("Identifier,")


def test_every_file_that_a_link_leads_to_says_that_it_is_made_up(found: Found) -> None:
    assert [
        (address, one)
        for name, files in found.files.items()
        for address, data in files
        for one in unmarked(name, data)
    ] == []


def test_every_page_that_names_one_of_the_town_says_that_it_is_made_up(found: Found) -> None:
    names = {str(one.name) for one in Institution.objects.all()}
    quiet = {}
    for name in found.pages.keys() - ONLY_TYPED:
        for address, data in found.pages[name]:
            main = unescape(data.decode()).partition("<main")[2]
            if not MARK.search(main) and (named := next((one for one in names if one in main), "")):
                quiet[address] = named
    assert quiet == {}
    assert len(found.pages) > 50


def test_every_address_of_a_file_was_walked_or_is_told_apart(found: Found) -> None:
    """A new one is walked to by a link from a page, or somebody writes here why it is not."""
    pictures = {"files:picture", "files:small"}
    assert _files(get_resolver()) - set(found.files) - pictures == INSIDE | ELSEWHERE


def _files(urls: URLResolver, space: str = "", before: str = "") -> set[str]:
    """The names of all addresses that end as files do."""
    names = set()
    for one in urls.url_patterns:
        route = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            names |= _files(one, f"{space}{one.namespace}:" if one.namespace else space, route)
        elif isinstance(one, URLPattern) and "." in route.rsplit("/", 1)[-1]:
            names.add(f"{space}{one.name}")
    return names


#: An example of each part of an address of the API that stands for something of the town.
PROCESS, CITY = "riverbend-decided-400000", "city-of-riverbend"
EXAMPLES = {
    "/api/deliveries/{process}/{project}": [(PROCESS, "2")],
    "/api/explore/around/{slug}": [(CITY,)],
    "/api/explore/paths/{one}/{other}": [(CITY, "wheelhouse-cooperative")],
    "/api/institutions/{slug}": [(CITY,)],
    "/api/joint-proposals/{number}": [(1,)],
    "/api/processes/{slug}": [(PROCESS,)],
    "/api/processes/{slug}/result": [(PROCESS,)],
}
#: What is said of a kind or of a way is said of no institution.
OF_NOBODY = {"/api/kinds", "/api/ways", "/api/ways/{slug}"}


@pytest.mark.usefixtures("worked_out")
def test_every_answer_of_the_api_says_that_it_is_made_up() -> None:
    numbers: dict[str, Iterable[object]] = {
        "/api/calls/{number}": Call.objects.values_list("pk", flat=True),
        "/api/calls/{number}/ranking": Call.objects.values_list("pk", flat=True),
        "/api/listings/{number}": Listing.objects.values_list("pk", flat=True),
        "/api/listings/{number}/matches": Listing.objects.values_list("pk", flat=True),
        "/api/policies/{number}": Policy.objects.values_list("pk", flat=True),
        "/api/surveys/{slug}/results": Study.objects.values_list("slug", flat=True),
        "/api/ties/{number}": Tie.objects.values_list("pk", flat=True),
    }
    examples = EXAMPLES | {path: [(one,) for one in found] for path, found in numbers.items()}
    client, unsaid = Client(), set()
    told = json.loads(SNAPSHOT.read_text())["paths"]
    for path in {path for path, verbs in told.items() if "get" in verbs} - OF_NOBODY:
        of = f"?at={CITY}" if path == "/api/explore/deliver" else ""
        for parts in examples[path] if "{" in path else [()]:
            answer = client.get(re.sub(r"{\w+}", "{}", path).format(*parts) + of)
            if MARK.search(answer.content.decode()):
                break
        else:
            unsaid.add(path)
    assert unsaid == set()
