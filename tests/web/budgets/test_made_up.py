"""A vote of a made-up institution says so in all that one takes away of it."""

import csv
import io
import json
import zipfile

from django.test import Client

from interlock.methods.formats import bundle, pabulib
from interlock.web.institutions.models import Institution
from interlock.web.look.made_up import INVENTED, MADE_UP
from tests.world import World


def counted(world: World, *, is_synthetic: bool) -> str:
    """The address of a published vote."""
    Institution.objects.filter(pk=world.city.pk).update(is_synthetic=is_synthetic)
    world.refresh()
    world.open().cast_many(40).close().count().publish()
    return world.process.get_absolute_url()


def test_every_file_of_a_made_up_vote_says_so_and_it_recounts(world: World) -> None:
    url, client = counted(world, is_synthetic=True), Client()
    whole = b"".join(client.get(f"{url}result/bundle/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        unmarked = {name for name in archive.namelist() if b"synthetic" not in archive.read(name)}
        assert unmarked == {"receipts.txt"}  # hashes, and nothing but hashes
        assert json.loads(archive.read("rulebook.json"))["synthetic"] is True
    found = bundle.recount(whole)
    assert (found.is_synthetic, found.differences) == (True, ())
    assert found.rulebook == world.process.rulebook.sha256
    assert pabulib.read(client.get(f"{url}result/ballots/harbor/").content).is_synthetic
    assert json.loads(client.get(f"{url}rulebook/?format=json").content)["synthetic"] is True
    rows = csv.DictReader(io.StringIO(client.get(f"{url}result/projects.csv").content.decode()))
    assert {row["synthetic"] for row in rows} == {"true"}
    slug = world.process.slug
    told = [
        client.get(f"/api/processes{end}").json() for end in ("", f"/{slug}", f"/{slug}/result")
    ]
    assert [told[0][0]["synthetic"], told[1]["synthetic"], told[2]["synthetic"]] == [True] * 3


def test_pages_of_a_made_up_vote_say_so(world: World) -> None:
    url, client = counted(world, is_synthetic=True), Client()
    for end in ("", "result/", "rulebook/"):
        assert str(INVENTED) in client.get(f"{url}{end}").content.decode()
    assert f"{MADE_UP}</span>" in client.get(f"{url}projects/1/").content.decode()


def test_files_of_a_real_vote_do_not_know_the_word(world: World) -> None:
    url, client = counted(world, is_synthetic=False), Client()
    whole = b"".join(client.get(f"{url}result/bundle/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert not [name for name in archive.namelist() if b"synthetic" in archive.read(name)]
    assert not bundle.recount(whole).is_synthetic
