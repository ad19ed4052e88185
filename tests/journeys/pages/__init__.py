"""Every page of the site, by the state of the town in which it is looked at, and the way to it."""

from collections.abc import Callable, Mapping

from tests.journeys.pages.coops import (
    coop_asked,
    coop_candidate,
    coop_keeper,
    coop_left,
    coop_to_open,
    no_coop,
)
from tests.journeys.pages.coops_decisions import coops_ballots, coops_decisions
from tests.journeys.pages.coops_rounds import coops_no_round, coops_rounds
from tests.journeys.pages.coops_years import coops_books, coops_no_books
from tests.journeys.pages.delivery import (
    calls_for_all,
    calls_of_bidder,
    calls_of_organiser,
    calls_of_panelist,
    calls_to_declare,
    calls_with_a_conflict,
    deliveries,
    delivery_officer,
    delivery_partner,
    delivery_sums,
)
from tests.journeys.pages.observatory import (
    observatory_empty,
    observatory_filled,
    observatory_lists,
    observatory_measured,
    observatory_reader,
)
from tests.journeys.pages.register import (
    claimed_and_left,
    explored,
    filled_register,
    needs_and_offers,
    pictured,
    profiles_followed,
    proposals,
    register_with_ties,
)
from tests.journeys.pages.surveys import (
    no_survey,
    survey_results,
    surveys,
    surveys_desk,
    surveys_researcher,
    unpublished_survey_results,
)
from tests.journeys.pages.votes import (
    empty_site,
    newcomer,
    open_vote,
    organisers_draft,
    organisers_vote,
    results,
)
from tests.journeys.pages.walking import Stage

STAGES: Mapping[str, Callable[[], Stage]] = {
    "empty": empty_site,
    "newcomer": newcomer,
    "open": open_vote,
    "register": filled_register,
    "claims": claimed_and_left,
    "ties": register_with_ties,
    "explore": explored,
    "pictured": pictured,
    "needs": needs_and_offers,
    "followed": profiles_followed,
    "proposals": proposals,
    "calls": calls_for_all,
    "calls, organiser": calls_of_organiser,
    "calls, bidder": calls_of_bidder,
    "calls, panelist": calls_of_panelist,
    "calls, to declare": calls_to_declare,
    "calls, with a conflict": calls_with_a_conflict,
    "surveys": surveys,
    "no survey": no_survey,
    "survey desk": surveys_desk,
    "survey researcher": surveys_researcher,
    "survey results": survey_results,
    "survey results before": unpublished_survey_results,
    "observatory, empty": observatory_empty,
    "observatory": observatory_filled,
    "observatory, reader": observatory_reader,
    "observatory, measured": observatory_measured,
    "observatory, lists": observatory_lists,
    "draft": organisers_draft,
    "organise": organisers_vote,
    "results": results,
    "delivery sums": delivery_sums,
    "deliveries": deliveries,
    "delivery officer": delivery_officer,
    "delivery partner": delivery_partner,
    "no coop": no_coop,
    "coop to open": coop_to_open,
    "coop asked": coop_asked,
    "coop keeper": coop_keeper,
    "coop candidate": coop_candidate,
    "coop left": coop_left,
    "coops, decisions": coops_decisions,
    "coops, ballots": coops_ballots,
    "coops, no books": coops_no_books,
    "coops, books": coops_books,
    "no round": coops_no_round,
    "rounds": coops_rounds,
}
