"""Two treasurers close the same year at the same moment: it is posted once."""

import pytest
from django.db import connection

from interlock.web.coops.actions.years import post_year
from interlock.web.coops.models import Account, Share, Transfer, Year
from tests.plugin import OTHER_DATABASE
from tests.web.coops.spokes import NOW, spokes
from tests.web.coops.test_years import approved
from tests.web.threads import Crew


@pytest.mark.usefixtures("emptied")
def test_concurrent_closes_post_once():
    if connection.vendor != "postgresql":
        pytest.skip(f"several writers at once: {OTHER_DATABASE}")
    one = spokes()
    year = approved(one)

    def close() -> object:
        return post_year(year=Year.objects.get(pk=year.pk), by=one.sol, at=NOW).posted_at

    with Crew(4) as crew:
        answers = crew.at_once(close, close, close, close)
    assert set(answers) == {NOW}
    assert Share.objects.count() == 4
    assert Transfer.objects.count() == 10
    assert sum(Account.objects.values_list("balance", flat=True)) == 0
