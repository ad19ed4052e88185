"""What happens at the same moment: votes and the close, two closes, the last signatures."""

from contextlib import suppress
from functools import partial

import pytest

from interlock.web.coops.actions import deciding, decisions
from interlock.web.coops.models import Decision, Vote
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.voting.actions import new_nonce
from tests.web.coops.questions import ENDS, Assembly, code_of, make_assembly
from tests.web.threads import Crew
from tests.world import START

VOTERS = 6


def voting(assembly: Assembly, decision: Decision, voter: Person) -> bool:
    try:
        assembly.say(Decision.objects.get(pk=decision.pk), voter, choice="yes")
    except Refused:
        return False
    return True


def in_secret(decision: Decision, voter: Person, code: str) -> bool:
    try:
        deciding.cast_secret(
            decision=Decision.objects.select_related("coop", "box").get(pk=decision.pk),
            by=voter, at=START, voting_code=code, nonce=new_nonce(), choice="yes",
        )  # fmt: skip
    except Refused:
        return False
    return True


def test_a_vote_as_the_decision_closes_counts_or_is_refused(emptied: None) -> None:
    """Who was told that it is written down is in the outcome, and nobody else."""
    assembly = make_assembly("colab", VOTERS)
    decision = assembly.ballot()
    with Crew(VOTERS + 2) as crew:
        close = partial(deciding.close_if_due, decision=decision, at=ENDS)
        told = crew.at_once(
            *(partial(voting, assembly, decision, voter) for voter in assembly.voters), close, close
        )
    decision.refresh_from_db()
    in_time = sum(one is True for one in told)
    assert decision.outcome is not None
    assert decision.outcome["tally"]["yes"] == in_time == Vote.objects.count()
    assert Entry.objects.filter(act="decision.decided").count() == 1


def test_a_secret_ballot_as_the_box_closes_counts_or_is_refused(emptied: None) -> None:
    assembly = make_assembly("hypha", VOTERS)
    decision = assembly.ballot()
    mine = {voter.pk: code_of(decision, voter) for voter in assembly.voters}
    for voter in assembly.voters[:3]:
        assert in_secret(decision, voter, mine[voter.pk])
    with Crew(5) as crew:
        close = partial(deciding.close_if_due, decision=decision, at=ENDS)
        late = assembly.voters[3:]
        told = crew.at_once(
            *(partial(in_secret, decision, voter, mine[voter.pk]) for voter in late), close, close
        )
    decision.refresh_from_db()
    assert decision.outcome is not None
    in_time = 3 + sum(one is True for one in told)
    assert decision.outcome["tally"]["yes"] == in_time
    assert decision.electors.filter(took_part=True).count() == in_time
    assert Entry.objects.filter(act="decision.decided").count() == 1


def test_the_last_signatures_at_once_announce_it_once(emptied: None) -> None:
    assembly = make_assembly("selc", 11)
    draft = assembly.draft(by=assembly.voters[4])
    with Crew(5) as crew:
        crew.at_once(*(partial(signing, draft, voter) for voter in assembly.voters[4:9]))
    assert Entry.objects.filter(act="decision.announced").count() == 1
    assert draft.electors.count() == 11


def signing(draft: Decision, voter: Person) -> None:
    with suppress(Refused):
        decisions.sign(decision=draft, by=voter, at=START)


@pytest.mark.parametrize("numbers", [3])
def test_decisions_announced_at_once_get_numbers_of_their_own(emptied: None, numbers: int) -> None:
    assembly = make_assembly("colab", 4)
    drafts = [assembly.draft() for _ in range(numbers)]
    with Crew(numbers) as crew:
        crew.at_once(*(partial(assembly.ballot, draft) for draft in drafts))
    found = Decision.objects.order_by("number").values_list("number", flat=True)
    assert list(found) == [1, 2, 3]
