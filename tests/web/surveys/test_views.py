"""The pages, from the consent to the thanks, as a browser without scripts opens them."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.surveys import actions, limiting, queries
from interlock.web.surveys.models import (
    Contact,
    Coupon,
    CouponState,
    NamedTie,
    OpenLink,
    Respondent,
    Role,
)
from tests.web.surveys.asked import CORE, DUAL, START, Asked, make_asked

AGREED = {"agreed": "on", "website": ""}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}")


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def answered(client: Client, posted: dict[str, object]) -> str:
    """Post the page where the client is, and say where it leads."""
    page = re.search(r'name="page" value="(\w+)"', text_of(client.get("/surveys/mine/")))
    assert page
    answer = client.post("/surveys/mine/", {**posted, "page": page.group(1)})
    assert answer.status_code == 302, text_of(answer)
    return answer.headers["Location"]


def core(client: Client, role: dict[str, object] = DUAL) -> None:  # type: ignore[assignment]
    assert answered(client, role) == "/surveys/mine/"
    for _page in range(5):
        if answered(client, dict(CORE)) == "/surveys/mine/thanks/":
            return
    raise AssertionError("the core does not end")


def test_whole_survey_by_a_public_page(asked: Asked) -> None:
    client = Client()
    page = text_of(client.get("/surveys/cooperators/"))
    assert "For cooperators" in page
    answer = client.post("/surveys/cooperators/", AGREED)
    assert answer.headers["Location"] == "/surveys/mine/"
    core(client)
    thanks = text_of(client.get("/surveys/mine/thanks/"))
    assert "Thank you. Your answers are in." in thanks
    assert actions.link_code(codes_in(thanks)) in thanks
    for posted in ({"goals": "say"}, {}, {}, {}, {"comment": "Talk."}):
        answered(client, posted)
    found = Respondent.objects.get()
    assert found.role == Role.BOTH
    assert found.completed_on == found.started_on
    assert found.answer.document["comment"] == "Talk."


def codes_in(page: str) -> str:
    found = CODE.search(page)
    assert found
    return found.group().replace("-", "")


def test_coupon_is_used_by_consent_and_never_by_opening_it(asked: Asked) -> None:
    client, card = Client(), asked.cards[0]
    answer = client.get(f"/surveys/s/{card.code}/")
    assert answer.headers["Location"] == "/surveys/s/"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    for _time in range(3):
        assert client.get("/surveys/s/").status_code == 200
    assert Coupon.objects.filter(state=CouponState.USED).count() == 0
    assert client.post("/surveys/s/", AGREED).headers["Location"] == "/surveys/mine/"
    assert Coupon.objects.filter(state=CouponState.USED).count() == 1
    core(client)
    thanks = text_of(client.get("/surveys/mine/thanks/"))
    handed = list(actions.coupon_codes(codes_in(thanks)))
    assert [code in thanks for code in handed] == [True] * 3
    assert text_of(client.get("/surveys/mine/cards/")).count('class="qr"') == 3


def test_coupon_typed_with_hyphens_and_letters_alike_is_read(asked: Asked) -> None:
    client, code = Client(), asked.cards[0].code
    typed = "-".join([code[:4], code[4:8], code[8:12], code[12:]]).lower().replace("0", "o")
    client.get(f"/surveys/s/{typed}/")
    assert client.get("/surveys/s/").status_code == 200


def test_used_or_unknown_link_says_why_and_what_to_do(asked: Asked) -> None:
    asked.enter(coupon=asked.cards[0].code)
    client = Client()
    client.get(f"/surveys/s/{asked.cards[0].code}/")
    answer = client.post("/surveys/s/", AGREED)
    assert answer.status_code == 410
    assert "It lets one person in, once." in text_of(answer)
    assert "go on with the code you were given" in text_of(answer)
    client.get("/surveys/s/nonsense/")
    assert "was cut off on its way" in text_of(client.get("/surveys/s/"))
    assert client.post("/surveys/s/", AGREED).status_code == 410


def test_consent_needs_a_tick(asked: Asked) -> None:
    answer = Client().post("/surveys/pbers/", {"website": ""})
    assert answer.status_code == 422
    assert "To take part, tick that you agree." in text_of(answer)
    assert not Respondent.objects.exists()


def test_wrong_answer_is_told_where_it_is_and_the_rest_is_kept(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    answered(client, dict(DUAL))
    answer = client.post("/surveys/mine/", {"page": "net_coop", "net_coop": "many", "net_pb": "3"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'href="#q-net_coop"' in page
    assert "Please write a whole number, in digits." in page
    assert 'value="3"' in page


def test_answer_is_saved_and_finished_elsewhere_by_its_code(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    answered(client, dict(DUAL))
    answer = client.post(
        "/surveys/mine/", {"page": "net_coop", "net_coop": "7", "net_pb": "3", "later": "1"}
    )
    assert answer.headers["Location"] == "/surveys/mine/code/"
    code = CODE.search(text_of(client.get("/surveys/mine/code/")))
    assert code
    elsewhere = Client()
    assert elsewhere.get("/surveys/mine/").headers["Location"] == "/surveys/resume/"
    answer = elsewhere.post("/surveys/resume/", {"code": code.group().lower()})
    assert answer.headers["Location"] == "/surveys/mine/"
    assert 'name="page" value="net_both"' in text_of(elsewhere.get("/surveys/mine/"))
    assert 'value="7"' in text_of(elsewhere.get("/surveys/mine/?page=net_coop"))


def test_device_that_is_left_knows_nothing_any_more(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    client.post("/surveys/mine/leave/")
    assert client.get("/surveys/mine/").headers["Location"] == "/surveys/resume/"


def test_who_agreed_is_not_asked_again_and_cannot_take_it_back_by_an_address(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    assert 'name="page" value="coop_role"' in text_of(client.get("/surveys/mine/?page=consent"))
    client.post("/surveys/mine/", {"page": "consent", "consent": "no"})
    assert Respondent.objects.get().answer.kept == {"consent": ["yes"]}


def test_program_that_fills_in_everything_and_haste_are_noted(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", {**AGREED, "website": "https://spam.example"})
    core(client)
    assert Respondent.objects.get().flags == ["fast", "trap"]


def test_withdrawal_deletes_the_answers(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    core(client)
    code = codes_in(text_of(client.get("/surveys/mine/thanks/")))
    assert client.post("/surveys/withdraw/", {"code": "nonsense"}).status_code == 422
    assert client.post("/surveys/withdraw/", {"code": code}).headers["Location"] == "/surveys/"
    assert Respondent.objects.get().withdrawn_on is not None
    answer = client.post("/surveys/withdraw/", {"code": code})
    assert answer.status_code == 422


def test_personal_link_leads_to_the_survey_and_is_told_apart(asked: Asked) -> None:
    first, second = Client(), Client()
    first.post("/surveys/pbers/", AGREED)
    core(first)
    code = codes_in(text_of(first.get("/surveys/mine/thanks/")))
    second.get(f"/surveys/s/{actions.link_code(code)}/")
    second.post("/surveys/s/", AGREED)
    came = Respondent.objects.exclude(link=None).get()
    assert came.link == OpenLink.objects.get()


def test_institutions_are_named_once_and_apart_from_the_answers(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    assert client.get("/surveys/name/").status_code == 410
    core(client)
    page = text_of(client.get("/surveys/mine/thanks/"))
    leave = re.search(r'name="leave"\s+value="(\w+)"', page)
    assert leave
    answer = client.post("/surveys/name/", {"leave": leave.group(1)})
    assert answer.headers["Location"] == "/surveys/name/"
    said = {
        "1-subject_name": "Wheelhouse",
        "1-subject_kind": "worker_coop",
        "1-predicate": "delivers_for",
        "1-object_name": "City of Riverbend",
        "1-object_kind": "public_body",
    }
    assert client.post("/surveys/name/", said).status_code == 422
    assert (
        client.post("/surveys/name/", {**said, "public": "on", "1-object_kind": ""}).status_code
        == 422
    )
    assert not NamedTie.objects.exists()
    answer = client.post("/surveys/name/", {**said, "public": "on"})
    assert answer.headers["Location"] == "/surveys/mine/thanks/"
    assert [str(one) for one in NamedTie.objects.all()] == [
        "Wheelhouse delivers_for City of Riverbend"
    ]
    client.post("/surveys/name/", {"leave": leave.group(1)})
    assert client.post("/surveys/name/", {**said, "public": "on"}).status_code == 410


def test_address_for_results_is_left_once_and_apart(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    core(client)
    page = text_of(client.get("/surveys/mine/thanks/"))
    leave = re.findall(r'name="leave"\s+value="(\w+)"', page)[1]
    client.post("/surveys/updates/", {"leave": leave})
    assert client.post("/surveys/updates/", {"email": "nobody"}).status_code == 422
    client.post("/surveys/updates/", {"email": "Ana@Example.org"})
    assert Contact.objects.get().email == "ana@example.org"
    assert client.get("/surveys/updates/").status_code == 410


def test_pages_say_kindly_that_nothing_is_open(db: None) -> None:
    for which in ("cooperators", "pbers"):
        page = text_of(Client().get(f"/surveys/{which}/"))
        assert "No survey is open at present." in page
        assert "What is asked" in page
        assert "You could launch it" in page


def test_public_pages_lead_to_the_survey_that_is_open_longest(asked: Asked) -> None:
    other = make_asked(seeds=0)
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    assert Respondent.objects.get().study == asked.study
    client.post(other.study.get_absolute_url(), AGREED)
    assert other.study.respondents.count() == 1


def test_closed_survey_says_so(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/pbers/", AGREED)
    actions.close_study(study=asked.study, by=asked.dora, at=asked.study.launched_at)
    assert client.get("/surveys/mine/").status_code == 410
    assert "is closed" in text_of(client.get(asked.study.get_absolute_url()))
    assert queries.at_the_doors(timezone.now()) is None


def test_survey_is_all_in_spanish(asked: Asked) -> None:
    client = Client(headers={"accept-language": "es"})
    client.post("/surveys/pbers/", AGREED)
    assert "Antes de empezar" in text_of(client.get("/surveys/mine/"))


def test_too_many_codes_from_one_network_are_refused(asked: Asked) -> None:
    client = Client()
    for _time in range(limiting.MOST["code"]):
        assert client.post("/surveys/resume/", {"code": "0"}).status_code == 422
    assert client.post("/surveys/resume/", {"code": "0"}).status_code == 429


@pytest.mark.parametrize("by_coupon", [True, False])
def test_cards_and_leaflets_are_pages_for_paper(asked: Asked, by_coupon: bool) -> None:
    client = Client()
    client.get(f"/surveys/s/{asked.cards[0].code}/")
    client.post("/surveys/s/" if by_coupon else "/surveys/pbers/", AGREED)
    assert client.get("/surveys/mine/cards.pdf").headers["Location"] == "/surveys/mine/thanks/"
    core(client)
    answer = client.get("/surveys/mine/cards.pdf")
    # Without WeasyPrint or Pango it is the page itself, and says how to print it.
    assert answer.content.startswith(b"%PDF") or "You can print this page" in text_of(answer)


def test_whoever_handed_a_coupon_on_does_not_see_by_its_address_whether_it_was_used(
    asked: Asked,
) -> None:
    used, unused = (card.code for card in asked.cards[:2])
    asked.enter(coupon=used)
    pages = []
    for code in (used, unused):
        client = Client()
        client.get(f"/surveys/s/{code}/")
        pages.append(re.sub('value="[^"]*"', "", text_of(client.get("/surveys/s/"))))
        client.post("/surveys/s/", {})
    assert pages[0] == pages[1]
    assert Coupon.objects.filter(state=CouponState.USED).count() == 1


def test_whoever_took_answers_back_does_not_learn_which_of_their_coupons_were_used(
    asked: Asked,
) -> None:
    own = asked.enter(coupon=asked.cards[0].code).code
    asked.core(own)
    used, void, _other = actions.coupon_codes(own)
    asked.enter(coupon=used)
    actions.withdraw(code=own, at=START)
    said = []
    for code in (used, void):
        client = Client()
        client.get(f"/surveys/s/{code}/")
        answer = client.post("/surveys/s/", AGREED)
        said.append((answer.status_code, text_of(answer)))
    assert said[0] == said[1]
    assert said[0][0] == 410


def test_answer_that_no_database_keeps_is_no_error(asked: Asked) -> None:
    client = Client()
    client.post("/surveys/resume/", {"code": asked.enter().code})
    posted = {**{name: value[0] for name, value in DUAL.items()}, "coop_role": "mem\0ber"}
    assert answered(client, posted) == "/surveys/mine/"
