"""What is asked of other hosts, and all that is not."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from interlock.web.institutions import fetching
from interlock.web.institutions.fetching import FetchError, fetch, is_public, target_of
from tests.web.institutions.loopback import Reply, Site, certificate_for, served

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as one:
        yield one


def why_not(url: str, nearby: list[str] | None = None) -> str:
    with pytest.raises(FetchError) as refused:
        fetch(url, nearby=nearby or ())
    return refused.value.code


def test_document_is_fetched_and_nothing_is_sent_along(site: Site) -> None:
    site.replies["/p.json?a=1"] = Reply(
        b'{"name": 1}', headers={**JSON, "ETag": '"x"', "Last-Modified": "Mon"}
    )
    answer = fetch(site.url("/p.json?a=1#part"), nearby=site.nearby)
    assert (answer.body, answer.etag, answer.modified) == (b'{"name": 1}', '"x"', "Mon")
    [(path, headers)] = site.asked
    assert path == "/p.json?a=1"
    assert headers == {
        "host": f"127.0.0.1:{site.port}",
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": fetching.AGENT,
        "connection": "close",
    }


def test_what_did_not_change_is_not_sent_again(site: Site) -> None:
    site.replies["/"] = Reply(b"", 304, {"ETag": '"x"'})
    answer = fetch(site.url("/"), etag='"x"', modified="Mon", nearby=site.nearby)
    assert answer.body is None
    headers = site.asked[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"x"', "Mon")
    # Who was not asked whether it changed cannot say that it did not.
    assert why_not(site.url("/"), site.nearby) == "status"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "no-address"),
        ("profile.json", "no-address"),
        ("ftp://example.org/", "no-address"),
        ("file:///etc/passwd", "no-address"),
        ("gopher://example.org:6379/_x", "no-address"),
        ("//example.org/", "no-address"),
        ("https://", "no-address"),
        ("https:///x", "no-address"),
        ("https://example.org:http/", "no-address"),
        ("https://example.org:99999/", "no-address"),
        ("https://exa mple.org/", "no-address"),
        ("https://example.org/\r\nHost: x", "no-address"),
        ("https://example.org\\@10.0.0.1/", "no-address"),
        ("https://[::1/", "no-address"),
        ("https://[fe80::1%25eth0]/", "no-address"),
        ("https://müller.example/", "no-address"),
        ("https://example.org/" + "x" * 1000, "no-address"),
        ("http://example.org/", "not-https"),
        ("https://user:secret@example.org/", "credentials"),
        ("https://user@example.org/", "credentials"),
        ("https://example.org:8443/", "port"),
        ("https://example.org:22/", "port"),
        ("https://example.org:80/", "port"),
    ],
)
def test_address_of_another_form_is_refused(url: str, code: str) -> None:
    with pytest.raises(FetchError) as refused:
        target_of(url)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8", "1.1.1.1", "193.0.6.139", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e",
        "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::808:808",
    ],
)  # fmt: skip
def test_public_address_is_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        # loopback, this host, private, link-local (the cloud's metadata), shared (CGNAT)
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255",
        # multicast, reserved, broadcast, documentation, benchmarks, protocol assignments
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.51.100.1",
        "203.0.113.1", "198.18.0.1", "192.0.0.1", "192.88.99.1", "192.31.196.1", "192.175.48.1",
        # the same of version 6
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
        "2001:db8::1", "3fff::1", "100::1", "2001:2::1", "2001:10::1", "2001:20::1", "5f00::1",
        "4000::1", "::8.8.8.8",
        # what carries one of these: mapped, 6to4, Teredo (server and client), NAT64
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:100.64.0.1",
        "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1", "2002:a9fe:a9fe::",
        "2001:0:7f00:1::f7f7:f7f7", "2001:0:808:808::80ff:fffe",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
        "no address", "",
    ],
)  # fmt: skip
def test_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "localhost.", "[::1]", "2130706433", "0x7f000001", "0177.0.0.1",
     "127.1", "0", "169.254.169.254", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
     "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fd00::1]", "10.0.0.1", "[ff02::1]"],
)  # fmt: skip
def test_nothing_here_is_asked_however_it_is_written(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(fetching, "_connected", connect)
    assert why_not(f"https://{host}/") in ("not-public", "not-found")


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server that gives each of these answers in turn, and then the last for ever."""
    asked: list[str] = []
    ask = socket.getaddrinfo

    def answer(host: str, port: int, *args: Any, **named: Any) -> Any:
        if host.replace(".", "").isdecimal() or ":" in host:
            return ask(host, port, *args, **named)
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_name_that_has_one_private_address_is_not_asked_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolving(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    assert why_not("https://rebound.example/") == "not-public"


def test_name_is_resolved_once_and_that_very_address_is_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second answer of the name server would lead elsewhere: nobody asks for it."""
    asked = resolving(monkeypatch, ["127.0.0.1"], ["192.0.2.1"])
    site.replies["/"] = Reply(b"{}")
    nearby = [f"rebound.example:{site.port}"]
    assert fetch(f"http://rebound.example:{site.port}/", nearby=nearby).body == b"{}"
    assert asked == ["rebound.example"]
    assert site.asked[0][1]["host"] == f"rebound.example:{site.port}"


def test_other_address_is_tried_when_the_first_does_not_answer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    site.replies["/"] = Reply(b"{}")
    nearby = [f"two.example:{site.port}"]
    assert fetch(f"http://two.example:{site.port}/", nearby=nearby).body == b"{}"


def test_redirect_is_followed_and_checked_like_a_first_address(site: Site) -> None:
    with served() as other:
        other.replies["/"] = Reply(b'{"secret": 1}')
        moved = {
            "/a": "/b",
            "/elsewhere": other.url("/"),
            "/https": "https://127.0.0.1/",
            "/file": "file:///etc/passwd",
            "/named": "https://u:p@example.org/",
            "/nowhere": "",
        }
        for path, to in moved.items():
            site.replies[path] = Reply(b"", 302, {"Location": to})
        site.replies["/b"] = Reply(b"{}")
        assert fetch(site.url("/a"), nearby=site.nearby).body == b"{}"
        codes = [why_not(site.url(path), site.nearby) for path in list(moved)[1:]]
        assert codes == ["not-https", "not-public", "no-address", "credentials", "redirects"]
        assert other.asked == []


@pytest.mark.parametrize(("hops", "found"), [(3, True), (4, False)])
def test_three_redirects_are_followed_and_no_more(site: Site, hops: int, found: bool) -> None:
    for hop in range(hops):
        site.replies[f"/{hop}"] = Reply(b"", 301, {"Location": f"/{hop + 1}"})
    site.replies[f"/{hops}"] = Reply(b"{}")
    if found:
        assert fetch(site.url("/0"), nearby=site.nearby).body == b"{}"
    else:
        assert why_not(site.url("/0"), site.nearby) == "redirects"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(b"", 404), "status"),
        (Reply(b"", 500), "status"),
        (Reply(b"{}", 206), "status"),
        (Reply(b"{}", headers={"Content-Type": "text/html"}), "not-json"),
        (Reply(b"{}", headers={"Content-Type": "image/json"}), "not-json"),
        (Reply(b"{}", headers={}), "not-json"),
        (Reply(b"\x1f\x8b", headers={**JSON, "Content-Encoding": "gzip"}), "not-json"),
        (Reply(b" " * (fetching.LARGEST + 1)), "too-large"),
        (Reply(b"{}", headers={**JSON, "Content-Length": "9"}), "unreachable"),
        (Reply(b"{}", headers={**JSON, **{f"X-{n}": "1" for n in range(200)}}), "unreachable"),
    ],
    ids=range(10),
)
def test_answer_that_is_no_document_is_refused(site: Site, reply: Reply, code: str) -> None:
    site.replies["/"] = reply
    assert why_not(site.url("/"), site.nearby) == code


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/ld+json"])
def test_json_of_any_kind_is_read(site: Site, kind: str) -> None:
    site.replies["/"] = Reply(b" " * fetching.LARGEST, headers={"Content-Type": kind})
    body = fetch(site.url("/"), nearby=site.nearby).body
    assert body is not None
    assert len(body) == fetching.LARGEST


def test_drip_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; the whole does not."""
    monkeypatch.setattr(fetching, "PATIENCE", 0.5)
    site.replies["/"] = Reply(b"{" + b" " * 1000 + b"}", drip=0.05)
    begun = monotonic()
    assert why_not(site.url("/"), site.nearby) == "too-slow"
    assert monotonic() - begun < 5


def test_silent_server_and_silent_name_server_are_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert why_not(f"http://127.0.0.1:{port}/", [f"127.0.0.1:{port}"]) == "too-slow"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: sleep(2) or [])
    assert why_not("https://silent.example/") == "too-slow"


def test_who_does_not_answer_or_is_not_there_is_told_apart(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert why_not(f"http://127.0.0.1:{port}/", [f"127.0.0.1:{port}"]) == "unreachable"
    assert why_not("https://no-such-host.invalid/") == "not-found"


def test_certificate_has_to_be_that_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    certificate = certificate_for("coop.example", tmp_path)
    asked = resolving(monkeypatch, ["127.0.0.1"])
    with served(certificate) as site:
        site.replies["/"] = Reply(b"{}")
        names = ("coop.example", "other.example")
        urls = [f"https://{name}:{site.port}/" for name in names]
        nearby = [f"{name}:{site.port}" for name in names]
        # Nobody vouches for a certificate that signs itself, until it is among those trusted.
        assert why_not(urls[0], nearby) == "not-trusted"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetch(urls[0], nearby=nearby).body == b"{}"
        assert why_not(urls[1], nearby) == "not-trusted"
        assert len(site.asked) == 1
        # Each name was resolved once: what was looked at is what was asked.
        assert asked == ["coop.example", "coop.example", "other.example"]
