"""What the observatory says: tests by name, why one was not asked, findings, and faults of tables.

Codes with their facts; the sentences are for people, and are those of `places.colocation` too. This
module imports no numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from interlock.methods.places.colocation import reasons as colocation


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is told later."""
    return text


SENTENCES: Mapping[str, str] = {
    # Tests by name
    "test-fisher": gettext_noop("Fisher's exact test"),
    "test-free-permutation": gettext_noop("Free permutation"),
    "test-strata": gettext_noop("Permutation in strata of population"),
    "test-odds-alone": gettext_noop("Odds ratio without population"),
    "test-propensity": gettext_noop("Propensity null"),
    "test-redraw": gettext_noop("Redraw by people"),
    "test-redraw-within": gettext_noop("Redraw by people, within regions"),
    "test-exact": gettext_noop("Exact rate ratio"),
    "test-poisson-offset": gettext_noop("Poisson, population an offset"),
    "test-poisson": gettext_noop("Poisson, log population, robust errors"),
    "test-poisson-regions": gettext_noop("Poisson, log population, regions"),
    "test-binomial-offset": gettext_noop("Negative binomial, population an offset"),
    "test-binomial": gettext_noop("Negative binomial, log population"),
    "test-odds": gettext_noop("Odds ratio, log population"),
    "test-odds-regions": gettext_noop("Odds ratio, log population, regions"),
    "test-odds-corrected": gettext_noop("Odds ratio, log population, Firth"),
    "test-control": gettext_noop("Beyond the negative control"),
    "test-quotient-coops": gettext_noop("From co-ops to participatory budgets (quotient)"),
    "test-quotient-pb": gettext_noop("From participatory budgets to co-ops (quotient)"),
    "test-moran": gettext_noop("Residuals alike among neighbours"),
    # Why a test was not asked, or is to be read with care
    "yes-no": gettext_noop("The list says whether there is any, and not how many."),
    "no-regions": gettext_noop("The table does not say in which region an area lies."),
    "few-regions": gettext_noop(
        "Errors by region need %(least)s regions or more in which something was counted; here are "
        "%(regions)s."
    ),
    "not-separated": gettext_noop(
        "No correction is needed: the areas are not separated by any column."
    ),
    "no-control": gettext_noop("No negative control was given."),
    "no-neighbours": gettext_noop("It is not known which areas are neighbours."),
    "no-model": gettext_noop("There is no model whose residuals could be looked at."),
    "many-marked": gettext_noop(
        "More than %(most)s areas are marked: none was left out one at a time."
    ),
    "naive-odds": gettext_noop(
        "Wrong here: it knows nothing of people, and finds that large areas have more of all."
    ),
    "overdispersed": gettext_noop(
        "Counts vary %(times)s times as much as this model takes for granted: its interval is too "
        "short."
    ),
    "least-within": gettext_noop(
        "The least ratio told beside it is that of the redraw over all regions: within them it is that "
        "or more."
    ),
    "abroad": gettext_noop(
        "%(pb)s participatory budgets and %(coops)s co-ops lie in no county of the United States and "
        "were left out: no people are known here for where they are."
    ),
    "county-by-town": gettext_noop(
        "The county of a point is that of the nearest town or ZIP code, within %(km)s km: near a "
        "border it may be the next one."
    ),
    # The finding
    "together-rates": gettext_noop(
        "In these lists areas with participatory budgeting have more worker co-ops than their size "
        "predicts, %(value)s times the rate (anything from %(low)s to %(high)s goes with the lists; "
        "from %(least)s on it would have been found four times in five), which says that the two go "
        "together and not that one makes the other."
    ),
    "together-odds": gettext_noop(
        "In these lists areas with participatory budgeting have worker co-ops more often than their "
        "size predicts, %(value)s times the odds (anything from %(low)s to %(high)s goes with the "
        "lists; from %(least)s on it would have been found four times in five), which says that the "
        "two go together and not that one makes the other."
    ),
    "apart-rates": gettext_noop(
        "In these lists areas with participatory budgeting have fewer worker co-ops than their size "
        "predicts, %(value)s times the rate (anything from %(low)s to %(high)s goes with the lists), "
        "which says that the two are apart and not that one keeps the other away."
    ),
    "apart-odds": gettext_noop(
        "In these lists areas with participatory budgeting have worker co-ops less often than their "
        "size predicts, %(value)s times the odds (anything from %(low)s to %(high)s goes with the "
        "lists), which says that the two are apart and not that one keeps the other away."
    ),
    "alike-rates": gettext_noop(
        "In these lists areas with participatory budgeting have about as many worker co-ops as their "
        "size predicts: from %(low)s to %(high)s times the rate goes with the lists and nothing "
        "beyond, while from %(least)s times on a tie would have been found four times in five, and "
        "even then not as a cause."
    ),
    "alike-odds": gettext_noop(
        "In these lists areas with participatory budgeting have worker co-ops about as often as "
        "their size predicts: from %(low)s to %(high)s times the odds goes with the lists and "
        "nothing beyond, while from %(least)s times on a tie would have been found four times in "
        "five, and even then not as a cause."
    ),
    "depends-rates": gettext_noop(
        "Whether participatory budgeting and worker co-ops go together beyond what size predicts "
        "depends here on what chance is taken to be, as the model and the redraw disagree: anything "
        "from %(low)s to %(high)s times the rate goes with the lists, and only from %(least)s times "
        "on would a tie have been found four times in five, and even then not as a cause."
    ),
    "depends-odds": gettext_noop(
        "Whether participatory budgeting and worker co-ops go together beyond what size predicts "
        "depends here on what chance is taken to be, as the model and the redraw disagree: anything "
        "from %(low)s to %(high)s times the odds goes with the lists, and only from %(least)s times "
        "on would a tie have been found four times in five, and even then not as a cause."
    ),
    "control-rates": gettext_noop(
        "In these lists areas with participatory budgeting have more worker co-ops than their size "
        "predicts (%(low)s to %(high)s times the rate; from %(least)s on it would have been found four "
        "times in five), but not clearly more than of the negative control, so that a cause of both, "
        "or a list that notices more there, may explain as much."
    ),
    "cannot-tell-rates": gettext_noop(
        "These lists cannot tell whether participatory budgeting and worker co-ops go together "
        "beyond what size predicts: anything from %(low)s to %(high)s times the rate goes with them, "
        "and only from %(least)s times on would a tie have been found four times in five, and even "
        "then not as a cause."
    ),
    "cannot-tell-odds": gettext_noop(
        "These lists cannot tell whether participatory budgeting and worker co-ops go together "
        "beyond what size predicts: anything from %(low)s to %(high)s times the odds goes with them, "
        "and only from %(least)s times on would a tie have been found four times in five, and even "
        "then not as a cause."
    ),
    "no-answer": gettext_noop(
        "No test that is right has an answer for these lists, so that they cannot tell anything of "
        "whether participatory budgeting and worker co-ops go together."
    ),
    # What is wrong with a table
    "table-empty": gettext_noop("The table is empty. It needs headings, and a row for each entry."),
    "no-column": gettext_noop(
        "No column is the %(role)s. Name it with %(option)s; the columns are: %(columns)s."
    ),
    "no-such-column": gettext_noop(
        "There is no column %(name)s, which %(option)s names. The columns are: %(columns)s."
    ),
    "columns-alike": gettext_noop(
        "More than one column could be the %(role)s: %(columns)s. Choose with %(option)s."
    ),
    "not-text": gettext_noop("The row has signs that are no text. Save the table as CSV in UTF-8."),
    "cell-empty": gettext_noop(
        "The cell is empty. Write 0 or no where there is none, or leave the row out if it is not "
        "known."
    ),
    "no-whole-number": gettext_noop("“%(text)s” is no whole number from %(least)s."),
    "too-many-people": gettext_noop("“%(text)s” is more people than there are."),
    "no-yes-or-no": gettext_noop("“%(text)s” is neither yes nor no, nor a whole number from 0."),
    "no-plain-number": gettext_noop("“%(text)s” is no number, such as 12.5."),
    "code-again": gettext_noop("The code %(code)s is on line %(first)s too."),
    "unknown-code": gettext_noop("No area has the code %(code)s."),
    "pair-width": gettext_noop(
        "A row of neighbours has two codes; this table has %(width)s columns."
    ),
    "no-coordinates": gettext_noop(
        "The table has no latitude and longitude, and no place. Name them with --latitude and "
        "--longitude, or with --place; the columns are: %(columns)s."
    ),
    "no-degrees": gettext_noop("“%(text)s” is no number of degrees, such as 40.7128."),
    "no-latitude": gettext_noop("“%(text)s” is no latitude: they go from -90 to 90."),
    "no-longitude": gettext_noop(
        "“%(text)s” is no longitude: they go from -180 to 180. Past the antimeridian take 360 away."
    ),
    "swapped": gettext_noop(
        "%(latitude)s, %(longitude)s would be a place the other way round: are latitude and longitude "
        "swapped?"
    ),
    "null-island": gettext_noop(
        "The coordinates are 0 and 0, as files write them that know none. Leave the row out or "
        "give its place."
    ),
    "no-where": gettext_noop("The row has neither coordinates nor a place."),
    "no-such-place": gettext_noop(
        "“%(text)s” is in no list of places here. Give its latitude and longitude."
    ),
    "place-unclear": gettext_noop(
        "“%(text)s” may be in any of these states: %(states)s. Give the state too."
    ),
    "more-faults": gettext_noop("There are %(many)s more faults."),
}

_ALL = {**colocation.SENTENCES, **SENTENCES}


@dataclass(frozen=True)
class Reason:
    """One thing to say: `kind` is a key of the sentences here or of co-location, `facts` its numbers."""

    kind: str
    facts: Mapping[str, int | str] = field(default_factory=dict)

    def __str__(self) -> str:
        return sentence(self)


def reason(kind: str, /, **facts: int | str) -> Reason:
    """A reason with its facts.

    >>> print(reason("few-regions", least=20, regions=3))
    Errors by region need 20 regions or more in which something was counted; here are 3.
    """
    return Reason(kind, facts)


def taken(told: colocation.Reason) -> Reason:
    """A reason of co-location as one of ours."""
    return Reason(told.kind, told.facts)


def title(test: str, *, gettext: Callable[[str], str] = colocation.untranslated) -> str:
    """What a test is called.

    >>> title("redraw")
    'Redraw by people'
    """
    return gettext(SENTENCES[f"test-{test}"])


def sentence(told: Reason, *, gettext: Callable[[str], str] = colocation.untranslated) -> str:
    """Tell a reason, translated by `gettext`."""
    return gettext(_ALL[told.kind]) % told.facts


#: No ratio beyond this, or beyond its inverse, is told by its number.
MOST_TOLD = 10_000


def short(number: float) -> str:
    """A ratio as people read it: two figures, ∞ for no end.

    >>> [short(one) for one in (0.384, 1.77, 15.93, 131.2, math.inf, 0.0, 0.00012)]
    ['0.38', '1.8', '16', '131', '∞', '0', '0.00012']
    """
    if math.isinf(number):
        return "∞"
    if number == 0:
        return "0"
    figures = max(0, 1 - math.floor(math.log10(abs(number))))
    return f"{number:,.{figures}f}"
