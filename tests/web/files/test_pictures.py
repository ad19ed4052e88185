"""Pictures kept, served, and thrown away when nobody shows them."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as site
from django.test import Client
from pytest_django import Settings

from interlock.web.files.actions import GRACE, keep, release, tidy_due
from interlock.web.files.models import Picture
from interlock.web.files.queries import path_of
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from tests.web.files.pictures import drawn
from tests.world import START

pytestmark = pytest.mark.django_db
LATER = START + GRACE


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.INTERLOCK_HOME = tmp_path
    return


def kept(content: bytes | None = None) -> Picture:
    content = drawn() if content is None else content
    return keep(file=BytesIO(content), size=len(content), at=START)


def shown_by(name: str, picture: Picture) -> Institution:
    made = register(name=name, kind=Kind.WORKER_COOP, at=START)
    made.picture, made.picture_alt = picture, "A mill"
    made.save()
    return made


def test_picture_is_served_at_the_address_of_its_content() -> None:
    picture = kept(drawn(size=(2000, 1000)))
    assert picture.get_absolute_url() == f"/files/{picture.sha256}.webp"
    for url, small in ((picture.get_absolute_url(), False), (picture.small_url, True)):
        answer = Client().get(url, headers={"accept-encoding": "gzip"})
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert (answer.status_code, content) == (200, path_of(picture.pk, small=small).read_bytes())
        told = {
            name: answer.headers.get(name)
            for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options",
                         "Content-Security-Policy", "Content-Encoding", "Set-Cookie", "Vary")
        }  # fmt: skip
        assert told == {
            "Content-Type": "image/webp",
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Encoding": None,
            "Set-Cookie": None,
            "Vary": told["Vary"],
        }
        again = Client().get(url, headers={"if-none-match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [f"{'0' * 64}.webp", f"{'0' * 64}-small.webp", f"{'0' * 63}.webp", "../secret", "..%2fsecret",
     f"{'0' * 64}.webp%0a", f"{'0' * 64}.html", "", "00/"],
)  # fmt: skip
def test_unknown_address_is_not_found(path: str) -> None:
    assert Client().get(f"/files/{path}").status_code == 404


def test_picture_whose_file_is_lost_is_not_found() -> None:
    picture = kept()
    path_of(picture.pk).unlink()
    assert Client().get(picture.get_absolute_url()).status_code == 404


def test_picture_is_only_looked_at() -> None:
    assert Client().post(kept().get_absolute_url()).status_code == 405


def test_same_picture_is_kept_once_for_its_owner_only() -> None:
    assert kept() == kept()
    folder = Path(site.INTERLOCK_HOME) / "files"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert (Picture.objects.count(), len(files)) == (1, 2)
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_picture_that_nobody_shows_goes_after_an_hour() -> None:
    picture = kept()
    assert not tidy_due(LATER - timedelta(seconds=1))
    assert tidy_due(LATER)
    assert not tidy_due(LATER)
    assert (Picture.objects.count(), path_of(picture.pk).exists()) == (0, False)
    assert not path_of(picture.pk, small=True).exists()


def test_picture_that_somebody_shows_stays() -> None:
    picture = kept()
    shown_by("Mill", picture)
    assert tidy_due(LATER)
    assert not tidy_due(LATER)
    assert (Picture.objects.count(), path_of(picture.pk).exists()) == (1, True)


def test_picture_of_two_stays_until_both_let_it_go() -> None:
    picture = kept()
    both = [shown_by(name, picture) for name in ("Mill", "Dock")]
    for one, stays in zip(both, (True, False), strict=True):
        one.picture, one.picture_alt = None, ""
        one.save()
        release(sha256=picture.pk, at=START)
        assert tidy_due(LATER)
        assert (Picture.objects.exists(), path_of(picture.pk).exists()) == (stays, stays)


def test_picture_that_is_sent_again_is_not_thrown_away_under_its_form() -> None:
    picture = kept()
    shown = shown_by("Mill", picture)
    shown.picture, shown.picture_alt = None, ""
    shown.save()
    release(sha256=picture.pk, at=START)
    keep(file=BytesIO(drawn()), size=len(drawn()), at=LATER)
    assert not tidy_due(LATER)
    shown_by("Dock", picture)
    assert tidy_due(LATER + GRACE)
    assert path_of(picture.pk).exists()


def test_file_that_was_lost_is_written_when_it_is_sent_again() -> None:
    picture = kept()
    path_of(picture.pk).unlink()
    kept()
    assert path_of(picture.pk).exists()


def test_what_is_larger_than_any_form_takes_is_refused_unread() -> None:
    answer = Client().post("/account/sign-in/", CONTENT_LENGTH=str(10**9))
    assert answer.status_code == 413
    assert "larger than 34 megabytes" in answer.content.decode()
    assert "choose a smaller file" in answer.content.decode()
