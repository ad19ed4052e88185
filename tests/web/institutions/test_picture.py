"""An institution's picture: shown, said in other words, taken off, taken along, gone with it."""

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from interlock.web.files.actions import GRACE, tidy_due
from interlock.web.files.models import Picture
from interlock.web.files.queries import path_of
from interlock.web.institutions import exporting
from interlock.web.institutions.actions import register
from interlock.web.institutions.leaving import announce, leave_due
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.picturing import show_picture
from interlock.web.institutions.rules import BEFORE_LEAVING
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from tests.web.files.pictures import drawn, sent
from tests.world import START, World

SignIn = Callable[[Person], Client]
URL = "/institutions/mill/picture/"
WORDS = {"alt_0": "Six people before a mill", "alt_1": "Seis personas ante un molino"}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.INTERLOCK_HOME = tmp_path
    return


@pytest.fixture
def mill(world: World) -> Institution:
    return register(name="Mill", kind=Kind.WORKER_COOP, steward=world.bob, at=START)


@pytest.fixture
def bob(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.bob)


def shows(mill: Institution, client: Client, content: bytes | None = None) -> Picture:
    answer = client.post(URL, {"file": sent(content), **WORDS})
    assert answer.status_code == 302
    mill.refresh_from_db()
    assert mill.picture
    return mill.picture


def page(path: str = "") -> str:
    return Client().get(f"/institutions/{path}").content.decode()


def test_steward_shows_a_picture(mill: Institution, bob: Client) -> None:
    assert "Add a picture" in bob.get("/institutions/mill/").content.decode()
    picture = shows(mill, bob)
    found = re.search(r"<figure>\s*<img\s+src=\"([^\"]+)\"\s+width=\"240\"\s+height=\"160\"\s+"
                      r"alt=\"Six people before a mill\"", page("mill/"))  # fmt: skip
    assert found
    assert found[1] == picture.get_absolute_url()
    assert b"".join(Client().get(found[1])) == path_of(picture.pk).read_bytes()
    assert picture.small_url in page("?q=mill")
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.facts["fields"]) == ("institution.changed", ["picture"])
    spanish = Client().get("/institutions/mill/", headers={"accept-language": "es"})
    assert "Seis personas ante un molino" in spanish.content.decode()


def test_other_sites_are_told_of_it_by_its_whole_address(mill: Institution, bob: Client) -> None:
    assert "image" not in exporting.profile(mill)
    picture = shows(mill, bob)
    whole = f"http://127.0.0.1:8000{picture.get_absolute_url()}"
    assert Client().get("/institutions/mill/murmurations.json").json()["image"] == whole
    told = re.search(
        r"<script type=\"application/ld\+json\">(.*?)</script>", page("mill/"), re.DOTALL
    )
    assert told
    assert json.loads(told[1])["image"] == whole


def test_words_are_changed_without_sending_it_again(mill: Institution, bob: Client) -> None:
    picture = shows(mill, bob)
    entries = Entry.objects.count()
    assert bob.post(URL, WORDS).status_code == 302
    assert Entry.objects.count() == entries
    bob.post(URL, {"alt_0": "A mill"})
    mill.refresh_from_db()
    assert (mill.picture, str(mill.picture_alt)) == (picture, "A mill")


def test_other_picture_replaces_it(mill: Institution, bob: Client) -> None:
    first = shows(mill, bob)
    second = shows(mill, bob, drawn(color="red"))
    for _picture in (first, second):
        assert tidy_due(START.max.replace(tzinfo=START.tzinfo))
    assert (path_of(first.pk).exists(), path_of(second.pk).exists()) == (False, True)


def test_picture_is_taken_off(mill: Institution, bob: Client) -> None:
    shows(mill, bob)
    assert "Take the picture off" in bob.get(URL).content.decode()
    assert bob.post(URL, {"remove": "1"}).status_code == 302
    mill.refresh_from_db()
    assert (mill.picture, str(mill.picture_alt)) == (None, "")
    assert "<figure>" not in page("mill/")
    assert tidy_due(START.max.replace(tzinfo=START.tzinfo))
    assert Picture.objects.count() == 0
    entries = Entry.objects.count()
    bob.post(URL, {"remove": "1"})
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("posted", "told"),
    [
        ({"alt_0": ""}, "This field is required"),
        ({"file": "picture"}, "This field is required"),
        (WORDS, "This field is required"),
        ({"file": "text", **WORDS}, "Send a JPEG, PNG, WebP or GIF file."),
        ({"file": "tiny", **WORDS}, "Send one with at least 100 on each side."),
        ({"file": "large", **WORDS}, "The file is larger than 10 megabytes."),
    ],
)
def test_what_cannot_be_shown_says_why_and_changes_nothing(
    mill: Institution, bob: Client, posted: dict[str, str], told: str
) -> None:
    files = {
        "picture": drawn(), "text": b"no picture", "tiny": drawn(size=(20, 20)),
        "large": bytes(10 * 2**20 + 1),
    }  # fmt: skip
    data = {**posted, "file": sent(files[posted["file"]])} if "file" in posted else posted
    answer = bob.post(URL, data)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    mill.refresh_from_db()
    assert (mill.picture, Picture.objects.count()) == (None, 0)


def test_picture_without_words_is_refused_by_the_verb_too(mill: Institution, world: World) -> None:
    for alt in ("", " "):
        with pytest.raises(Refused):
            show_picture(institution=mill, by=world.bob, at=START, alt=alt)
    with pytest.raises(Refused):
        show_picture(institution=mill, by=world.bob, at=START, alt="A mill")
    with pytest.raises(Refused):
        show_picture(institution=mill, by=world.carol, at=START, alt="A mill")
    mill.picture_alt = "Words without a picture"
    with pytest.raises(IntegrityError), transaction.atomic():
        mill.save()


def test_file_to_take_along_has_the_picture(mill: Institution, bob: Client) -> None:
    picture = shows(mill, bob)
    with ZipFile(BytesIO(b"".join(bob.get("/institutions/mill/everything.zip")))) as folder:
        assert folder.read("picture.webp") == path_of(picture.pk).read_bytes()
        assert "picture.webp" in folder.read("README.txt").decode()
        assert json.loads(folder.read("page.json"))["picture_alt"]["en"] == WORDS["alt_0"]


def test_picture_goes_with_who_leaves(mill: Institution, world: World, bob: Client) -> None:
    picture = shows(mill, bob)
    announce(institution=mill, by=world.bob, at=START)
    assert leave_due(START + BEFORE_LEAVING)
    mill.refresh_from_db()
    assert (mill.picture, str(mill.picture_alt)) == (None, "")
    assert tidy_due(START + BEFORE_LEAVING + GRACE)
    assert not path_of(picture.pk).exists()
    assert Client().get(picture.get_absolute_url()).status_code == 404


ABOUT = """# We mill

## Since 1990

Six people. [Read more](https://mill.example/about), or [do not](javascript:alert(1)).

- wheat
- rye

1. Come
2. Taste

![a cat](https://evil.example/cat.png)

<img src="https://evil.example/spy.png"> <script>alert(1)</script>

### Deep

#### Deeper
"""


def test_text_of_its_own_reads_well_and_brings_nothing_from_elsewhere(mill: Institution) -> None:
    mill.about = ABOUT
    mill.save()
    text = page("mill/")
    headings = re.findall(r"<(h[34])>(.*?)</h[34]>", text)
    assert headings == [("h3", "We mill"), ("h4", "Since 1990"), ("h4", "Deep"),
                        ("h4", "Deeper")]  # fmt: skip
    assert 'href="https://mill.example/about"' in text
    assert "<li>wheat</li>" in text
    assert re.search(r"<ol>\s*<li>Come</li>", text)
    assert 'href="javascript' not in text
    assert '<img src="https' not in text
    assert re.findall(r"<img\s+[^>]*src=\"([^\"]*)\"", text) == ["/static/look/mark.svg"]
    assert re.findall(r"<script(?! type| src| defer)", text) == []
