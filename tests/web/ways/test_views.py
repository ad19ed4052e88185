"""The pages of joint proposals: the way through them, what goes wrong on it, and what is shown."""

import json
import re
from collections.abc import Callable
from hashlib import sha256
from html import unescape

import pytest
from django.test import Client

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.people.models import Person
from interlock.web.ways import actions
from interlock.web.ways.models import Party, Proposal, State
from tests.web.ways.stages import (
    DAY,
    agreed,
    begun,
    half_signed,
    invited,
    joined,
    new_mill,
    written,
)
from tests.world import START, World, both

SignIn = Callable[[Person], Client]


def page_of(client: Client, path: str) -> str:
    """What a page says, its white space as a reader sees it."""
    return plain(client.get(path).content)


def plain(content: bytes) -> str:
    return re.sub(r"\s+>", ">", " ".join(unescape(content.decode()).split()))


def fields(page: str) -> dict[str, str]:
    """What the form of a page would send."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        values = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if "name" in values and values.get("type") not in ("search", "checkbox", "radio"):
            found[values["name"]] = unescape(values.get("value", ""))
    for name, text in re.findall(
        r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL
    ):
        found[name] = unescape(text)
    return found


def test_two_sides_go_through_all_pages(world: World, signed_in: SignIn) -> None:
    mill, mia = new_mill()
    city, coop = signed_in(world.alice), signed_in(mia)
    answer = city.post(
        "/ways/proposals/new/?way=fair-bids&with=mill", {"title_0": "Bread", "way": "fair-bids"}
    )
    proposal = Proposal.objects.get()
    home = proposal.get_absolute_url()
    assert answer["Location"] == f"{home}invite/?q=Mill"
    assert "It takes two" in page_of(city, home)
    page = page_of(city, answer["Location"])
    assert ("Mill" in page, "Nobody looks after" in page) == (True, False)
    assert city.post(f"{home}invite/?q=Mill", {"institution": "mill"})["Location"] == home
    assert "Not answered yet: Mill." in page_of(city, home)
    assert "Mill is invited to a joint proposal" in page_of(coop, "/desk/")
    assert "Accept and take part" in page_of(coop, home)
    party = Party.objects.get(institution=mill)
    assert coop.post(f"{home}answer/{party.pk}/").status_code == 302
    assert "Write the first sentences" in page_of(coop, home)
    sent = fields(coop.get(f"{home}write/").content.decode())
    sent["section-0-text_0"] = "A discount of **five** per cent"
    assert coop.post(f"{home}write/", sent)["Location"] == home
    page = page_of(city, home)
    assert "A discount of <strong>five</strong> per cent" in page
    assert "The text can be signed. Read it first." in page
    sent = {**fields(city.get(home).content.decode()), "sure": "on"}
    assert city.post(f"{home}sign/", sent).status_code == 302
    assert "You have signed it. Still missing: Mill." in page_of(city, home)
    assert "A text waits for the signature of Mill" in page_of(coop, "/desk/")
    assert "Only your signature is missing" in page_of(coop, home)
    assert coop.post(f"{home}sign/", sent).status_code == 302
    page = page_of(Client(), home)
    assert ("Agreed." in page, "signed on May 3, 2027" in page) == (True, False)
    assert city.post(
        f"{home}move/", {"state": "in_the_works", "sentence": "The call is out."}
    ).status_code == 302  # fmt: skip
    page = page_of(Client(), home)
    assert ("In the works." in page, "The call is out." in page) == (True, True)
    assert "Bread" in page_of(Client(), "/ways/proposals/")
    assert "Bread" in page_of(Client(), "/ways/fair-bids/")
    assert "Bread" in page_of(Client(), "/institutions/mill/")
    assert "1 agreed here" in page_of(Client(), "/ways/")


def test_begin_with_nobody_of_that_name_is_a_draft_for_whomever(
    world: World, signed_in: SignIn
) -> None:
    for name in ("nobody", "\0"):
        answer = signed_in(world.alice).get("/ways/proposals/new/", {"with": name, "way": name})
        assert answer.status_code == 200


def test_who_speaks_for_none_is_told_how_to(world: World, signed_in: SignIn) -> None:
    answer = signed_in(world.bob).get("/ways/proposals/new/?way=fair-bids")
    page = answer.content.decode()
    assert (answer.status_code, "First, an institution" in page) == (403, True)
    assert 'href="/institutions/"' in page


def test_form_that_is_sent_empty_says_what_is_missing(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.alice)
    answer = client.post("/ways/proposals/new/", {"title_0": " "})
    assert (answer.status_code, Proposal.objects.count()) == (422, 0)
    sides = agreed(world)
    home = sides.proposal.get_absolute_url()
    for path, sent in {
        "move/": {"state": "draft", "sentence": "x"},
        "leave/": {"reason": ""},
        "say/": {"message-text": " "},
        "invite/": {"institution": ""},
    }.items():
        assert client.post(home + path, sent).status_code == 422
    sides.proposal.refresh_from_db()
    assert sides.proposal.state == State.AGREED


def test_who_speaks_for_two_chooses_one(world: World, signed_in: SignIn) -> None:
    hill = register(name="Hill", kind=Kind.WORKER_COOP, steward=world.alice, at=START)
    client = signed_in(world.alice)
    assert client.post("/ways/proposals/new/", {"title_0": "x"}).status_code == 422
    client.post("/ways/proposals/new/", {"title_0": "x", "acting": "hill"})
    assert Proposal.objects.get().parties.get().institution == hill


def test_search_for_whom_to_invite(world: World, signed_in: SignIn) -> None:
    sides = invited(world)
    client, path = signed_in(world.alice), f"{sides.proposal.get_absolute_url()}invite/"
    told = {
        "": [],
        "mill": ["Takes part or is invited already"],
        "WHEELHOUSE": ["Nobody looks after its page yet", "Cooperative"],
        "villacerro": ["Hilltown"],
        "nobody such": ["Nobody of that name is in the register"],
        "\0": [],
        "¿?": ["Nobody of that name is in the register"],
    }
    for words, shown in told.items():
        page = " ".join(client.get(path, {"q": words}).content.decode().split())
        assert [text for text in shown if text not in page] == []
    answer = client.post(path, {"institution": "mill"})
    assert (answer.status_code, "Mill is invited already" in answer.content.decode()) == (422, True)


def test_list_of_many_of_a_name_says_that_there_are_more(world: World, signed_in: SignIn) -> None:
    sides = begun(world)
    for number in range(21):
        register(name=f"Oven {number}", kind=Kind.WORKER_COOP, at=START)
    page = page_of(signed_in(world.alice), f"{sides.proposal.get_absolute_url()}invite/?q=oven")
    assert (page.count('type="radio"'), "There are more of that name" in page) == (20, True)


def test_invitation_of_one_nobody_looks_after_says_so(world: World, signed_in: SignIn) -> None:
    sides = begun(world)
    home = sides.proposal.get_absolute_url()
    client = signed_in(world.alice)
    answer = client.post(f"{home}invite/", {"institution": world.wheelhouse.slug}, follow=True)
    page = " ".join(answer.content.decode().split())
    assert "Nobody looks after the page of Wheelhouse Cooperative: tell them yourself" in page
    assert "Nobody looks after its page yet, so nobody got a mail" in page


def test_who_wrote_later_sees_both_texts_and_loses_nothing(world: World, signed_in: SignIn) -> None:
    sides = written(world)
    client, path = signed_in(sides.mia), f"{sides.proposal.get_absolute_url()}write/"
    mine = fields(client.get(path).content.decode())
    sides.write("Bread of the city", note="City's")
    mine |= {"section-0-text_0": "Bread of the mill", "section-1-text_0": "Law", "note": "Mine"}
    answer = client.post(path, mine)
    page = unescape(answer.content.decode())
    shown = fields(page)
    assert (answer.status_code, sides.latest().number) == (409, 4)
    assert "The text changed while you wrote: City of Riverbend made version 4 of it." in page
    assert "Both changed this text." in page
    assert "<p>Bread of the city</p>" in page
    told = {name: shown[name] for name in ("base", "note", "section-0-text_0", "section-1-text_0")}
    assert told == {
        "base": "4",
        "note": "Mine",
        "section-0-text_0": "Bread of the mill",
        "section-1-text_0": "Law",
    }
    assert client.post(path, shown).status_code == 302
    assert [one["text"] for one in sides.latest().sections[:2]] == [
        {"en": "Bread of the mill"},
        {"en": "Law"},
    ]


def test_who_would_void_a_new_signature_is_told_first(world: World, signed_in: SignIn) -> None:
    sides = written(world)
    client, path = signed_in(sides.mia), f"{sides.proposal.get_absolute_url()}write/"
    mine = {**fields(client.get(path).content.decode()), "section-0-text_0": "Rolls"}
    sides.sign(sides.city, sides.alice)
    answer = client.post(path, mine)
    page = unescape(answer.content.decode())
    assert (answer.status_code, "Signed this text while you wrote: City" in page) == (409, True)
    again = fields(page)
    assert again["section-0-text_0"] == "Rolls"
    assert client.post(path, again).status_code == 302
    assert (sides.latest().number, sides.latest().signatures.count()) == (4, 0)


def test_signatures_that_a_change_makes_void_are_named_beforehand(
    world: World, signed_in: SignIn
) -> None:
    sides = half_signed(world)
    path = f"{sides.proposal.get_absolute_url()}write/"
    client = signed_in(sides.mia)
    assert "Signed as it stands: City of Riverbend." in page_of(client, path)
    sent = {**fields(client.get(path).content.decode()), "section-0-text_0": "Rolls"}
    assert client.post(path, sent).status_code == 302


def test_sections_are_added_and_left_out(world: World, signed_in: SignIn) -> None:
    sides = written(world)
    client, path = signed_in(sides.mia), f"{sides.proposal.get_absolute_url()}write/"
    sent = fields(client.get(path).content.decode())
    for number in (1, 2):
        for part in ("heading_0", "heading_1", "text_0", "text_1"):
            sent[f"section-{number}-{part}"] = ""
    sent |= {"section-5-heading_0": "More", "section-5-text_1": "Más"}
    assert client.post(path, sent).status_code == 302
    text = sides.latest()
    assert [one["key"] for one in text.sections[:3]] == ["s1", "s4", "s5"]
    assert (len(text.sections), text.sections[3]["text"]) == (4, {"es": "Más"})
    keys = [one["key"] for one in text.sections]
    assert len(set(keys)) == 4


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"section-5-text_0": "x"}, "A section needs a heading."),
        ({"title_0": "", "title_1": ""}, "This field is required"),
        ({"section-0-text_0": "x" * 8_001}, "at most 8000 characters"),
        ({"section-0-text_0": "a\0b"}, "Null characters"),
    ],
)
def test_wrong_text_comes_back_with_what_is_wrong(
    world: World, signed_in: SignIn, changed: dict[str, str], told: str
) -> None:
    sides = written(world)
    client, path = signed_in(sides.mia), f"{sides.proposal.get_absolute_url()}write/"
    answer = client.post(path, {**fields(client.get(path).content.decode()), **changed})
    assert (answer.status_code, sides.latest().number) == (422, 3)
    assert told in plain(answer.content)


@pytest.mark.parametrize(
    "forged",
    [
        {"base": "99"},
        {"base": "x"},
        {"base": "9" * 30},
        {"voids": "1,x,," + "9" * 30},
        {"section-TOTAL_FORMS": "nothing"},
        {"section-0-key": "../x"},
        {"section-0-key": "x" * 21},
        {"section-1-key": "s1"},
    ],
)
def test_forged_fields_break_nothing(
    world: World, signed_in: SignIn, forged: dict[str, str]
) -> None:
    sides = written(world)
    client, path = signed_in(sides.mia), f"{sides.proposal.get_absolute_url()}write/"
    sent = {**fields(client.get(path).content.decode()), "section-0-text_0": "Rolls", **forged}
    assert client.post(path, sent).status_code in (302, 422)
    keys = [one["key"] for one in sides.latest().sections]
    assert len(set(keys)) == len(keys)


def test_signing_needs_the_tick_and_the_text_that_was_read(world: World, signed_in: SignIn) -> None:
    sides = written(world)
    home = sides.proposal.get_absolute_url()
    client = signed_in(sides.mia)
    read = fields(client.get(home).content.decode())
    answer = client.post(f"{home}sign/", read)
    assert (answer.status_code, "Tick this if you mean to sign." in answer.content.decode()) == (
        422,
        True,
    )
    sides.write("Rolls")
    answer = client.post(f"{home}sign/", {**read, "sure": "on"})
    page = " ".join(answer.content.decode().split())
    assert (answer.status_code, sides.latest().signatures.count()) == (409, 0)
    assert "The text has changed since you read it. You have not signed." in page
    assert "<p>Rolls</p>" in page


def test_declining_says_why(world: World, signed_in: SignIn) -> None:
    sides = invited(world)
    home = sides.proposal.get_absolute_url()
    party = sides.party(sides.mill)
    client = signed_in(sides.mia)
    long = {"decline": "1", f"answer-{party.pk}-reason": "x" * 501}
    assert client.post(f"{home}answer/{party.pk}/", long).status_code == 422
    said = {"decline": "1", f"answer-{party.pk}-reason": "No oven"}
    assert client.post(f"{home}answer/{party.pk}/", said)["Location"] == "/ways/proposals/"
    assert client.get(home).status_code == 404
    assert "declined on" in page_of(signed_in(world.alice), home)
    assert "No oven" in page_of(signed_in(world.alice), home)


def test_versions_show_what_changed_and_compare_any_two(world: World, signed_in: SignIn) -> None:
    sides = written(world)
    sides.write({"en": "We buy rolls.", "es": "Compramos"}, note="Rolls, not bread")
    client = signed_in(sides.mia)
    home = f"{sides.proposal.get_absolute_url()}versions/"
    page = page_of(client, home)
    assert ("Rolls, not bread" in page, "Mill takes part from here on." in page) == (True, True)
    page = page_of(client, f"{home}4/")
    assert "We buy <del>bread.</del><ins>rolls.</ins>" in page
    assert '<p lang="es"> <ins>Compramos</ins> </p>' in page
    page = page_of(client, f"{home}4/?since=1")
    assert "What changed since version 1" in page
    assert "<ins>We buy rolls.</ins>" in page
    assert "The text is the same; who takes part is not." in page_of(client, f"{home}2/")
    assert "What changed" not in page_of(client, f"{home}1/")
    for since in ("9", "x", "9" * 30, "4", "0", "-1"):
        assert client.get(f"{home}4/?since={since}").status_code == 200
    assert client.get(f"{home}9/").status_code == 404


def test_thread_is_read_page_by_page(world: World, signed_in: SignIn) -> None:
    sides = joined(world)
    for number in range(25):
        actions.say(
            proposal=sides.proposal,
            acting=sides.mill,
            by=sides.mia,
            at=START,
            text=f"Word {number}.",
        )
    client, home = signed_in(world.alice), sides.proposal.get_absolute_url()
    page = page_of(client, home)
    assert ("Word 24." in page, "Word 5." in page, "Word 4." in page) == (True, True, False)
    before = re.search(r"\?before=(\d+)#thread", page)
    assert before
    page = page_of(client, f"{home}?before={before[1]}")
    assert ("Word 4." in page, "Word 5." in page, "Older messages" in page) == (True, False, False)
    for odd in ("x", "9" * 30, "-1"):
        assert client.get(f"{home}?before={odd}").status_code == 200


def test_text_to_the_letter_has_the_fingerprint_of_the_page(world: World) -> None:
    sides = agreed(world)
    home = sides.proposal.get_absolute_url()
    answer = Client().get(f"{home}text.md")
    told = sha256(answer.content).hexdigest()
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "text/markdown; charset=utf-8",
        f'attachment; filename="proposal-{sides.number}-3.md"',
    )
    page = "".join(re.findall(r"<span>([0-9a-f]{4})</span>", Client().get(home).content.decode()))
    assert (page, told) == (sides.latest().fingerprint,) * 2
    whole = json.loads(Client().get(f"/api/joint-proposals/{sides.number}").content)
    assert sha256(whole["text"].encode()).hexdigest() == whole["sha256"] == told


def test_all_languages_that_are_signed_are_on_the_page(world: World, signed_in: SignIn) -> None:
    sides = joined(world)
    sides.write({"en": "We buy bread.", "es": "Compramos pan."})
    page = page_of(signed_in(sides.mia), sides.proposal.get_absolute_url())
    assert page.index("We buy bread.") < page.index('<summary lang="es">Español</summary>')
    assert page.index('<summary lang="es">Español</summary>') < page.index("Compramos pan.")


def test_withdrawn_proposal_stays_with_its_reason(world: World, signed_in: SignIn) -> None:
    sides = agreed(world)
    home = sides.proposal.get_absolute_url()
    client = signed_in(sides.mia)
    assert "It ends for all its parties." in page_of(client, f"{home}leave/")
    assert client.post(f"{home}leave/", {"reason": "The mill burned"})["Location"] == home
    page = page_of(Client(), home)
    told = ["Ended: a party withdrew.", "The mill burned", "We buy bread.", "withdrew on"]
    assert [text for text in told if text not in page] == []


def test_who_leaves_a_draft_sees_it_no_more(world: World, signed_in: SignIn) -> None:
    sides = joined(world)
    home = sides.proposal.get_absolute_url()
    client = signed_in(sides.mia)
    assert client.post(f"{home}leave/", {"reason": "No"})["Location"] == "/ways/proposals/"
    assert client.get(home).status_code == 404


def test_list_is_narrowed_by_way_and_institution(world: World) -> None:
    sides = agreed(world)
    told = {
        "": True,
        "?way=fair-bids": True,
        "?way=anchor-buyers": False,
        "?way=none": True,
        "?with=mill": True,
        "?with=hilltown": False,
        "?with=mill&way=fair-bids&page=9": True,
        "?with=\0": True,
    }
    found = {
        query: sides.proposal.get_absolute_url() in page_of(Client(), f"/ways/proposals/{query}")
        for query in told
    }
    assert found == told


def test_number_of_no_proposal_is_none(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.alice)
    for number in ("0", "99", "9" * 30):
        assert client.get(f"/ways/proposals/{number}/").status_code == 404
        assert client.get(f"/api/joint-proposals/{number}").status_code == 404
        assert Client().get(f"/ways/proposals/{number}/").status_code == 302


def test_institution_takes_its_proposals_along(world: World) -> None:
    from interlock.web.ways.queries import export

    sides = half_signed(world)
    actions.say(proposal=sides.proposal, acting=sides.mill, by=sides.mia, at=START, text="Before")
    actions.leave(
        proposal=sides.proposal, acting=sides.mill, by=sides.mia, at=START + DAY, reason="No"
    )
    actions.say(
        proposal=sides.proposal, acting=sides.city, by=sides.alice, at=START + 2 * DAY, text="After"
    )
    (mill,), (city,) = export(sides.mill), export(sides.city)

    def told(one: dict[str, object]) -> tuple[list[object], list[object]]:
        return (
            [each["number"] for each in one["versions"]],  # type: ignore[attr-defined]
            [each["text"] for each in one["messages"]],  # type: ignore[attr-defined]
        )

    assert (told(mill), told(city)) == (
        ([1, 2, 3], ["Before"]),
        ([1, 2, 3, 4], ["Before", "After"]),
    )
    third = city["versions"][2]  # type: ignore[index]
    assert third["signatures"] == [{"by": "city-of-riverbend", "at": START}]
    assert sha256(third["text"].encode()).hexdigest() == third["sha256"]
    assert list(export(world.wheelhouse)) == []


def test_page_of_an_institution_shows_its_first_step_to_who_is_signed_in(
    world: World, signed_in: SignIn
) -> None:
    path = world.wheelhouse.get_absolute_url()
    page = page_of(signed_in(world.alice), path)
    assert "/ways/proposals/new/?with=wheelhouse-cooperative" in page
    assert "Joint proposals" not in page_of(Client(), path)


def test_more_than_a_few_lead_to_the_list(world: World) -> None:
    sides = agreed(world)
    for _ in range(7):
        copy = Proposal.objects.get(pk=sides.number)
        parties = list(copy.parties.all())
        copy.pk = None
        copy.save()
        for party in parties:
            party.pk, party.proposal = None, copy
            party.save()
    home = f"/ways/proposals/?with={sides.mill.slug}"
    assert home in page_of(Client(), sides.mill.get_absolute_url())
    assert "/ways/proposals/?way=fair-bids" in page_of(Client(), "/ways/fair-bids/")


def test_title_in_another_language_is_shown_in_it(world: World) -> None:
    sides = agreed(world)
    client = Client()
    client.get("/?language=es")
    page = page_of(client, sides.proposal.get_absolute_url())
    assert ("<h1>Pan</h1>" in page, "Lo que" in str(both("", ""))) == (True, False)
