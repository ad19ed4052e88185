"""One code, and all that follows from it."""

from interlock.web.surveys import codes
from interlock.web.surveys.actions import coupon_codes, link_code


def test_what_follows_from_a_code_is_the_same_each_time_and_all_of_it_differs() -> None:
    code = codes.new_code()
    found = [*coupon_codes(code), link_code(code), codes.derived(code, "naming")]
    assert found == [*coupon_codes(code), link_code(code), codes.derived(code, "naming")]
    assert len({code, *found}) == 6
    assert all(codes.is_code(one) for one in found)


def test_code_for_one_thing_opens_nothing_else() -> None:
    code = codes.new_code()
    hashes = {codes.hash_of(code, what) for what in ("respondent", "coupon", "link", "naming")}
    assert len(hashes) == 4


def test_what_follows_hangs_on_the_sites_secret(settings) -> None:  # type: ignore[no-untyped-def]
    code = codes.new_code()
    before = link_code(code)
    settings.SECRET_KEY = "another"
    assert link_code(code) != before
