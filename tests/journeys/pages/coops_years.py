"""The pages of a co-op's hours, policies, years and accounts: filled, and before anything is there."""

from tests.journeys.pages.walking import Stage, at
from tests.web.coops.spokes import spokes
from tests.web.coops.test_pages_years import filled


def coops_books() -> Stage:
    """A year that was posted, reversed and posted again, as the treasurer sees it."""
    one = spokes()
    known = filled(one)
    home = f"/coops/{one.slug}"
    return Stage(
        {
            "hours": at(f"{home}/hours/"),
            "hours of a period": at(f"{home}/hours/2026-01-01/2026-12-31/"),
            "a line of hours": at(f"{home}/hours/{known['line']}/"),
            "policies": at(f"{home}/policies/"),
            "a policy": at(f"{home}/policies/selc/"),
            "years": at(f"{home}/years/"),
            "a year": at(f"{home}/years/1/"),
            "a reversed version": at(f"{home}/years/1/?version=1"),
            "my share": at(f"{home}/years/1/mine/"),
            "accounts": at(f"{home}/accounts/"),
            "an account": at(f"{home}/accounts/{known['ben']}/"),
            "redeem": at(f"{home}/accounts/redeem/"),
            "interest": at(f"{home}/accounts/interest/"),
            "opening balances": at(f"{home}/accounts/opening/"),
            "reverse an entry": at(f"{home}/accounts/entries/{known['entry']}/reverse/"),
        },
        one.ana.person,
    )


def coops_no_books() -> Stage:
    """Before anything is there."""
    one = spokes()
    home = f"/coops/{one.slug}"
    pages = ("hours", "policies", "years", "accounts")
    return Stage({page: at(f"{home}/{page}/") for page in pages}, one.ana.person)
