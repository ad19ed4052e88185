"""The site beside a bare Django floor, under the same server and on the same database.

    python bench/web.py [--seconds 2] [--rounds 3] [--database sqlite|postgres://…]

Times differ from machine to machine, so what counts are the ratios: CPU of the web workers a
request (utime + stime from /proc; a database server's own is not in it), the site's divided by the
floor's in the same round. The floor shows the same rows, compressed as well; its insert looks a code
up and writes one row under UNIQUE, with a CSRF check and a cookie. Limits: three times the floor, 8 queries a page, 60 kB
for a first visit, 90 MB a worker.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from lines import Line
from town import both, make_vote, prepare

if TYPE_CHECKING:  # what imports Django's models waits until `prepare` has set it up
    from interlock.web.budgets.models import Process
    from interlock.web.people.models import Person

SIZES = (10, 1_000)
CLIENTS = 4
LETTERS = 5_000
TIMES, QUERIES, BYTES, MEGABYTES = 3.0, 8, 60_000, 90
TICK = os.sysconf("SC_CLK_TCK")
HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of load a measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--database", default="sqlite", help="sqlite (default) or a postgres:// URL"
    )
    arguments = parser.parse_args()
    with ExitStack() as stack:
        prepare(stack, arguments.database)
        make_floor()
        print(f"Building a site with {' and '.join(map(str, SIZES))} projects …", flush=True)
        town = build()
        pour_floor(town)
        site = stack.enter_context(serving("interlock.web.config.wsgi", site_environment()))
        floor = stack.enter_context(serving("floor.wsgi", floor_environment()))
        lines = [
            *compare(cases(town, site, floor), floor, arguments.seconds, arguments.rounds),
            *count_queries(town),
            *weigh(town, site),
            *measure_memory(site, floor),
        ]
    over = sum(line.over for line in lines)
    print(f"\n{len(lines) - over} lines ok, {over} OVER")
    return 1 if over else 0


def make_floor() -> None:
    """The floor's tables, beside the site's in the same database."""
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"],
        env=floor_environment(),
        check=True,
    )


def floor_environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "floor.settings", "PYTHONPATH": str(HERE)}


def site_environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "interlock.web.config.settings"}


@dataclass
class Town:
    """Addresses of what was built, by number of projects, and unused voting codes."""

    open: dict[int, str] = field(default_factory=dict)
    published: dict[int, str] = field(default_factory=dict)
    codes: dict[int, SimpleQueue[str]] = field(default_factory=dict)
    floor_codes: SimpleQueue[str] = field(default_factory=SimpleQueue)


def build() -> Town:
    """By the site's own verbs: an open and a published vote of each size, and thirty small ones."""
    from django.db import transaction
    from django.utils import timezone

    from interlock.web.institutions.actions import register
    from interlock.web.people.models import Person

    town, at = Town(), timezone.now()
    with transaction.atomic():
        by = Person.objects.by_email("bench@example.org")
        city = register(name=both("Riverbend"), kind="public_body", at=at, steward=by)
        coop = register(name=both("Wheelhouse Cooperative"), kind="worker_coop", at=at)
        make = partial(make_vote, city=city, coop=coop, by=by, at=at)
        for number in range(30):
            make(title=f"Neighborhood {number} decides", projects=1, letters=1)
        for size in SIZES:
            closed, codes = make(title=f"{size} projects, decided", projects=size, letters=40)
            town.published[size] = finish(closed, codes, by)
            opened, codes = make(title=f"{size} projects", projects=size, letters=LETTERS)
            town.open[size] = opened.get_absolute_url()
            town.codes[size] = SimpleQueue()
            for code in codes:
                town.codes[size].put(code)
    return town


def finish(process: Process, codes: Sequence[str], by: Person) -> str:
    """Cast with every code, close, count, publish; the address of the process."""
    from interlock.web.budgets import actions, queries
    from interlock.web.budgets.counting import count_process

    refs = list(process.projects.values_list("ref", flat=True))
    area = process.areas.get()
    random = Random(5)
    for code in codes:
        actions.cast_ballot(
            process=process,
            voting_code=code,
            choices={area.ref: random.sample(refs, 5)},
            nonce=code,
        )
    closed = actions.close_if_due(process=process, at=process.closes_at)
    counted = count_process(process=closed, at=process.closes_at)
    actions.publish(process=counted, at=process.closes_at, by=by)
    return queries.processes().get(pk=process.pk).get_absolute_url()


Row = tuple[str, str, str, str, int, str]


def pour_floor(town: Town) -> None:
    """The rows of the site's pages, as plain text, into the floor's one table."""
    from django.db import connection, transaction

    rows = [*listed_rows(), *(row for size in SIZES for row in sized_rows(town, size))]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO floor_row (page, ref, title, text, amount, note)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )
        voters = [secrets.token_hex(16) for _ in range(len(SIZES) * LETTERS)]
        cursor.executemany("INSERT INTO floor_voter (code) VALUES (%s)", zip(voters, strict=True))
    for code in voters:
        town.floor_codes.put(code)


def listed_rows() -> Iterator[Row]:
    from interlock.web.budgets import queries

    lists = {
        "processes": queries.in_a_list(queries.listed())[:30],
        "front": [
            *queries.in_a_list(queries.open_now())[:6],
            *queries.in_a_list(queries.published())[:3],
        ],
    }
    for page, processes in lists.items():
        for one in processes:
            about = str(one.summary) if page == "front" else ""
            yield page, one.slug, str(one.title), about, one.money or 0, str(one.institution.name)


def sized_rows(town: Town, size: int) -> Iterator[Row]:
    from interlock.web.budgets import queries

    processes = {process.get_absolute_url(): process for process in queries.listed()}
    for area in queries.areas_with_projects(processes[town.open[size]]):
        for one in area.projects.all():
            note = str(one.delivery_partner or "")
            yield f"process-{size}", one.ref, str(one.title), "", one.cost, note
            text = str(one.description)[:140]
            yield f"ballot-{size}", one.ref, str(one.title), text, one.cost, f"{area.name} {note}"
    for outcome in queries.result(processes[town.published[size]]).areas:
        for line in outcome.lines:
            one, votes = line.project, f"{line.votes} votes"
            yield f"result-{size}", one.ref, str(one.title), line.reason, one.cost, votes


# Two servers, alike.


@dataclass(frozen=True)
class Server:
    port: int
    master: int

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text()
        return [int(pid) for pid in children.split()]

    def cpu(self) -> float:
        """Seconds that the workers have worked so far."""
        return sum(map(worked, self.workers())) / TICK


def worked(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """A gunicorn as `interlock run` starts it, on a socket that listens before it is there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        command = [
            sys.executable, "-m", "gunicorn", application, "--bind", f"fd://{number}",
            "--workers", "2", "--threads", "4", "--preload", "--log-level", "warning",
        ]  # fmt: skip
        heaps = {"MALLOC_ARENA_MAX": "1", **environment}
        running = subprocess.Popen(command, env=heaps, pass_fds=[number])
        try:
            yield Server(listening.getsockname()[1], running.pid)
        finally:
            running.terminate()
            running.wait()


# Load: a few clients, each asking again as soon as it was answered.


@dataclass(frozen=True)
class Request:
    path: str
    form: Sequence[tuple[str, str]] | None = None
    cookie: str = ""
    expected: int = 200

    def send(self, connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
        headers = {"Accept-Encoding": "gzip", "Cookie": self.cookie}
        if self.form is None:
            connection.request("GET", self.path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", self.path, urlencode(self.form), headers)
        return connection.getresponse()


Requests = Iterable[Request]


def load(server: Server, requests: Requests, seconds: float) -> float:
    """CPU a request in milliseconds, over so many seconds of load by several clients."""
    until = time.monotonic() + seconds
    waiting = iter(requests)
    before = server.cpu()
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = sum(pool.map(lambda _: keep_asking(server, waiting, until), range(CLIENTS)))
    return 1000 * (server.cpu() - before) / done


def keep_asking(server: Server, waiting: Iterator[Request], until: float) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    done = 0
    for request in waiting:
        answer = request.send(connection)
        answer.read()
        if answer.status != request.expected:
            raise RuntimeError(f"{request.path} answered {answer.status}, not {request.expected}")
        done += 1
        if time.monotonic() >= until:
            break
    connection.close()
    return done


@dataclass(frozen=True)
class Case:
    """A page of the site and its bare twin."""

    name: str
    ours: Callable[[float], float]
    floor: Callable[[float], float]


def cases(town: Town, site: Server, floor: Server) -> list[Case]:
    def pages(name: str, ours: str, twin: str) -> Case:
        return Case(
            name,
            lambda seconds: load(site, repeat(Request(ours)), seconds),
            lambda seconds: load(floor, repeat(Request(twin)), seconds),
        )

    found = [
        pages("front page", "/", "/rows/front"),
        pages("list of 30 processes", "/budgets/", "/rows/processes"),
    ]
    for size in SIZES:
        opened, published = town.open[size], town.published[size]
        found += [
            pages(f"process page, {size:,} projects", opened, f"/rows/process-{size}"),
            pages(f"ballot, {size:,} projects", f"{opened}ballot/", f"/rows/ballot-{size}"),
            Case(
                f"cast, {size:,} projects",
                partial(casting, site, town, size),
                partial(inserting, floor, town),
            ),
            pages(f"result, {size:,} projects", f"{published}result/", f"/rows/result-{size}"),
        ]
    return found


def casting(site: Server, town: Town, size: int, seconds: float) -> float:
    """The whole last step, each time by another voter with an unused code."""
    token = csrf_token(site, f"{town.open[size]}ballot/")

    def request(code: str) -> Request:
        fields = [*ticks(), ("nonce", code), ("code", code), ("csrfmiddlewaretoken", token)]
        path = f"{town.open[size]}ballot/review/"
        return Request(path, fields, f"csrftoken={token}", 302)

    return load(site, Drawn(town.codes[size], request), seconds)


def inserting(floor: Server, town: Town, seconds: float) -> float:
    token = csrf_token(floor, "/vote")

    def request(code: str) -> Request:
        fields = [*ticks(), ("code", code), ("csrfmiddlewaretoken", token)]
        return Request("/vote", fields, f"csrftoken={token}", 302)

    return load(floor, Drawn(town.floor_codes, request), seconds)


class Drawn:
    """A request for each code, until there are no more; several clients may draw at once."""

    def __init__(self, codes: SimpleQueue[str], request: Callable[[str], Request]) -> None:
        self.codes = codes
        self.request = request

    def __iter__(self) -> Drawn:
        return self

    def __next__(self) -> Request:
        try:
            return self.request(self.codes.get_nowait())
        except Empty:
            raise StopIteration from None


def ticks() -> list[tuple[str, str]]:
    return [("project", str(number)) for number in range(1, 6)]


def csrf_token(server: Server, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    answer = Request(path).send(connection)
    answer.read()
    connection.close()
    cookies = answer.headers.get_all("Set-Cookie", [])
    return next(one for one in cookies if one.startswith("csrftoken=")).split(";")[0][10:]


def compare(pairs: Sequence[Case], floor: Server, seconds: float, rounds: int) -> list[Line]:
    """Every page and its twin by turns, in every round; the first request of all is not counted."""
    for case in pairs:
        case.ours(0.2)
        case.floor(0.2)
    taken = [
        [(case.ours(seconds), case.floor(seconds)) for case in pairs] for _round in range(rounds)
    ]
    print(f"\nCPU a request, site / floor: lowest, median, highest of {rounds} rounds", flush=True)
    tell_floor(floor, seconds)
    return [
        ratio_line(case, [one_round[place] for one_round in taken]).print()
        for place, case in enumerate(pairs)
    ]


def tell_floor(floor: Server, seconds: float) -> None:
    """What the same server needs for nearly nothing, to see the rest in proportion."""
    for name, path in (("hello", "/hello"), ("one query", "/one")):
        taken = load(floor, repeat(Request(path)), seconds)
        print(f"{'floor, ' + name:<32}{'':21}{taken:8.2f} ms", flush=True)


def ratio_line(case: Case, taken: Sequence[tuple[float, float]]) -> Line:
    ratios = sorted(ours / floor for ours, floor in taken)
    ours, floor = (statistics.median(side) for side in zip(*taken, strict=True))
    middle = statistics.median(ratios)
    text = (
        f"{case.name:<32}{ratios[0]:6.2f}{middle:6.2f}{ratios[-1]:6.2f}   "
        f"{ours:8.2f} / {floor:6.2f} ms   limit {TIMES:g}"
    )
    return Line(text, middle > TIMES)


# What needs no load: queries, bytes, memory.


def count_queries(town: Town) -> list[Line]:
    print("\nQueries at 10 and at 1,000 projects (BEGIN and COMMIT apart)", flush=True)
    named = {
        "front page": lambda size: "/",
        "list of processes": lambda size: "/budgets/",
        "process page": lambda size: town.open[size],
        "ballot": lambda size: f"{town.open[size]}ballot/",
        "rulebook": lambda size: f"{town.open[size]}rulebook/",
        "result": lambda size: f"{town.published[size]}result/",
        "register": lambda size: "/institutions/",
        "record": lambda size: "/record/",
    }
    lines = []
    for name, path in named.items():
        lines.append(query_line(name, [queries_of(Request(path(size))) for size in SIZES]))
    lines.append(query_line("cast", [queries_of(cast_request(town, size)) for size in SIZES]))
    return [line.print() for line in lines]


def cast_request(town: Town, size: int) -> Request:
    code = town.codes[size].get()
    form = [*ticks(), ("nonce", code), ("code", code)]
    return Request(f"{town.open[size]}ballot/review/", form, expected=302)


def queries_of(request: Request) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as captured:
        if request.form is None:
            answer = client.get(request.path)
        else:
            form = urlencode(request.form)
            answer = client.post(request.path, form, "application/x-www-form-urlencoded")
    assert answer.status_code == request.expected, (request.path, answer.status_code)
    asked = [query["sql"] for query in captured.captured_queries]
    return sum(not sql.startswith(("BEGIN", "COMMIT")) for sql in asked)


def query_line(name: str, found: Sequence[int]) -> Line:
    numbers = "".join(f"{number:6}" for number in found)
    over = max(found) > QUERIES or len(set(found)) > 1
    return Line(f"{name:<32}{numbers}   limit {QUERIES}, and the same", over)


def weigh(town: Town, site: Server) -> list[Line]:
    print("\nBytes on the wire of a first visit, compressed, headers included", flush=True)
    pages = {"front page": "/"}
    for size in SIZES:
        pages[f"ballot, {size:,} projects"] = f"{town.open[size]}ballot/"
    return [first_visit(site, name, path).print() for name, path in pages.items()]


def first_visit(site: Server, name: str, path: str) -> Line:
    size, text = fetch(site, path)
    links = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text)))
    parts = {"page": size} | {Path(link).name: fetch(site, link)[0] for link in links}
    told = ", ".join(f"{name.split('.')[0]} {weight:,}" for name, weight in parts.items())
    total = sum(parts.values())
    return Line(f"{name:<32}{total:8,}   ({told})   limit {BYTES:,}", total > BYTES)


def fetch(site: Server, path: str) -> tuple[int, str]:
    """How many bytes an answer was, and what it says."""
    import gzip

    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    answer = Request(path).send(connection)
    body = answer.read()
    connection.close()
    assert answer.status == 200, (path, answer.status)
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body) + head, (gzip.decompress(body) if packed else body).decode()


def measure_memory(site: Server, floor: Server) -> list[Line]:
    print("\nMemory a worker after the load", flush=True)
    bare = [memory(pid, "Rss") for pid in floor.workers()]
    lines = [worker_line(pid, max(bare)) for pid in site.workers()]
    loaded = [pid for pid in site.workers() if "numpy" in Path(f"/proc/{pid}/maps").read_text()]
    told = "loaded" if loaded else "not loaded"
    lines.append(Line(f"{'numpy in a web worker':<32}{told}", bool(loaded)))
    return [line.print() for line in lines]


def worker_line(pid: int, bare: float) -> Line:
    resident, share = memory(pid, "Rss"), memory(pid, "Pss")
    text = (
        f"{'worker':<32}{resident:6.1f} MB resident, {share:.1f} MB of its own share; "
        f"the floor's {bare:.1f}   limit {MEGABYTES}"
    )
    return Line(text, resident > MEGABYTES)


def memory(pid: int, kind: str) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(rf"^{kind}:\s+(\d+) kB", rollup, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    raise SystemExit(main())
