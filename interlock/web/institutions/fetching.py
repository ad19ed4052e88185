"""One JSON document from an address that anybody may have typed: the only place that asks other hosts.

What is feared is that this site is made to ask what only it can reach (a database beside it, the
metadata of its cloud, a printer), to send what it knows, or to wait and read without end:

- The scheme is https, the port 443, and no name or password stands in the address.
- The name is resolved here, once. If any of its addresses is not a public one (loopback, private,
  link-local, shared, multicast, reserved; or one of those inside an IPv6 address that carries it,
  as IPv4-mapped, 6to4, Teredo and NAT64 addresses do), nothing is asked. The connection goes to the
  very address that was looked at, so that no second answer of the name server counts, and the
  certificate has to be that of the name.
- A redirect is a new address: all of this again, three times at most.
- A few seconds for all of it, name server and slow drips included; so many bytes and no more; no
  compression, which may hold far more than it weighs.
- Nothing is sent along: no cookie, no credentials, no referrer, no proxy of the environment.
- What the answer says is shown to nobody unless it is JSON and a profile: a port that answers
  something else only shows as the kind of failure.

Addresses of this machine or network can be allowed one by one, for trials (`INTERLOCK_NEARBY`).
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import monotonic
from urllib.parse import urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

LARGEST = 256_000
LONGEST_URL = 1_000
MOST_REDIRECTS = 3
MOST_ADDRESSES = 4
PATIENCE = 10.0  # seconds, for everything
REDIRECTS = {301, 302, 303, 307, 308}
AGENT = "Interlock (a register of institutions; reads Murmurations profiles)"

# What Python calls global and is not, or did not know of in one of its versions.
_OTHERS = [
    ip_network(text)
    for text in (
        "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
        "2001::/23", "2620:4f:8000::/48", "3fff::/20",
    )
]  # fmt: skip
_GLOBAL_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")


class FetchError(Exception):
    """Why there is no answer: the code of a sentence, and what is told in it."""

    def __init__(self, code: str, **given: str | int) -> None:
        super().__init__(code, given)
        self.code = code
        self.given = given


@dataclass(frozen=True)
class Target:
    """An address taken apart. `nearby`: whoever runs the site allowed it by name."""

    scheme: str
    host: str
    port: int
    path: str
    nearby: bool


@dataclass(frozen=True)
class Answer:
    """What came back; no `body` where nothing changed since (304)."""

    body: bytes | None
    etag: str
    modified: str


def fetch(url: str, *, etag: str = "", modified: str = "", nearby: Collection[str] = ()) -> Answer:
    """The JSON document at an address. Raises FetchError with the reason.

    `etag` and `modified` are those of the last answer. `nearby` are the `host:port` that may be
    asked by http, and at an address that is not public.
    """
    deadline = monotonic() + PATIENCE
    for _hop in range(MOST_REDIRECTS + 1):
        target = target_of(url, nearby)
        addresses = _resolved(target, deadline)
        if not target.nearby and not all(map(is_public, addresses)):
            raise FetchError("not-public", host=target.host)
        answer = _asked(target, addresses, etag, modified, deadline)
        if isinstance(answer, Answer):
            return answer
        url = urljoin(url, answer)
    raise FetchError("redirects", most=MOST_REDIRECTS)


def target_of(url: str, nearby: Collection[str] = ()) -> Target:
    """An address taken apart, or a FetchError that says what is wrong with it."""
    # One reading of it, and nothing that two readers could take apart in different ways.
    if not 0 < len(url) <= LONGEST_URL or not all("!" <= sign <= "~" for sign in url):
        raise FetchError("no-address")
    if any(sign in url for sign in '\\"<>^`{|}'):
        raise FetchError("no-address")
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        host = parts.hostname or ""
    except ValueError:
        raise FetchError("no-address") from None
    if parts.scheme not in ("https", "http") or not host or "%" in host:
        raise FetchError("no-address")
    if "@" in parts.netloc:
        raise FetchError("credentials")
    allowed = f"{host}:{port}" in nearby
    if parts.scheme != "https" and not allowed:
        raise FetchError("not-https")
    if port != 443 and not allowed:
        raise FetchError("port", port=port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, allowed)


def is_public(address: str) -> bool:
    """Whether an IP address is global unicast, and so is any that it carries.

    >>> [is_public(one) for one in ("8.8.8.8", "10.0.0.1", "::ffff:10.0.0.1", "2002:a00:1::")]
    [True, False, False, False]
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        carried = _carried(found)
        if carried:
            return all(map(_is_public, carried))
        return found in _GLOBAL_UNICAST and _is_public(found)
    return _is_public(found)


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    return (
        found.is_global
        and not found.is_multicast
        and not found.is_reserved
        and not any(found.version == net.version and found in net for net in _OTHERS)
    )


def _carried(found: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses to which a packet for this one is handed on."""
    if found.ipv4_mapped:
        return [found.ipv4_mapped]
    if found.sixtofour:
        return [found.sixtofour]
    if found.teredo:
        return list(found.teredo)
    return [IPv4Address(int(found) & 0xFFFF_FFFF)] if found in _NAT64 else []


def _resolved(target: Target, deadline: float) -> list[str]:
    """The addresses of a name. A name server that keeps silent is not waited for."""
    answers: SimpleQueue[list[str]] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            answers.put([str(one[4][0]) for one in found])
        except (OSError, UnicodeError):
            answers.put([])

    Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=_left(deadline))
    except Empty:
        raise FetchError("too-slow", seconds=int(PATIENCE)) from None
    if not found:
        raise FetchError("not-found", host=target.host)
    return list(dict.fromkeys(found))


def _asked(
    target: Target, addresses: list[str], etag: str, modified: str, deadline: float
) -> Answer | str:
    """What comes back, or where it sends us."""
    link = _connected(target, addresses, deadline)
    usual = {"https": 443, "http": 80}[target.scheme]
    host = f"[{target.host}]" if ":" in target.host else target.host
    headers = {
        "Host": host if target.port == usual else f"{host}:{target.port}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": AGENT,
        "Connection": "close",
    }
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    try:
        with _cut_off(link, deadline):
            link.request(
                "GET", target.path, headers=headers, preload_content=False, decode_content=False
            )
            with closing(link.getresponse()) as response:
                return _read(response, asked_again=bool(etag or modified))
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if monotonic() >= deadline or isinstance(error, TimeoutError):
            raise FetchError("too-slow", seconds=int(PATIENCE)) from error
        raise FetchError("unreachable", host=target.host) from error
    finally:
        link.close()


def _connected(target: Target, addresses: list[str], deadline: float) -> HTTPConnection:
    """A connection to one of these very addresses; by https only with the certificate of the name."""
    for address in addresses[:MOST_ADDRESSES]:
        if target.scheme == "https":
            link: HTTPConnection = HTTPSConnection(
                address,
                target.port,
                timeout=_left(deadline),
                server_hostname=target.host,
                cert_reqs="CERT_REQUIRED",
            )
        else:
            link = HTTPConnection(address, target.port, timeout=_left(deadline))
        try:
            link.connect()
            return link
        except ssl.SSLError as error:
            link.close()
            raise FetchError("not-trusted", host=target.host) from error
        except (HTTPError, OSError):
            link.close()
    _left(deadline)
    raise FetchError("unreachable", host=target.host)


def _read(response: BaseHTTPResponse, *, asked_again: bool) -> Answer | str:
    headers = response.headers
    if response.status in REDIRECTS:
        return headers.get("Location", "")
    etag, modified = headers.get("ETag", "")[:200], headers.get("Last-Modified", "")[:100]
    if response.status == 304 and asked_again:
        return Answer(None, etag, modified)
    if response.status != 200:
        raise FetchError("status", status=response.status)
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
    if not is_json or headers.get("Content-Encoding", "identity") != "identity":
        raise FetchError("not-json")
    body = b""
    # To the end: only then it is noticed that less came than was announced.
    while part := response.read(LARGEST + 1 - len(body)):
        body += part
        if len(body) > LARGEST:
            raise FetchError("too-large", most=LARGEST // 1000)
    return Answer(body, etag, modified)


def _left(deadline: float) -> float:
    """The seconds that are left."""
    left = deadline - monotonic()
    if left <= 0:
        raise FetchError("too-slow", seconds=int(PATIENCE))
    return left


@contextmanager
def _cut_off(link: HTTPConnection, deadline: float) -> Iterator[None]:
    """Hang up at the deadline: a drip a second would never time out by itself."""

    held = link.sock  # the connection forgets it with the head of an answer that ends it

    def hang_up() -> None:
        with suppress(OSError):  # the other side did, or we are done
            if held:
                held.shutdown(socket.SHUT_RDWR)

    timer = Timer(_left(deadline), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
        # What was cut off may look like the end of a document.
        _left(deadline)
    finally:
        timer.cancel()
