"""What is wrong with a year, and every step of its arithmetic: as data, with one table of sentences.

A step keeps its numbers exact, so that a page, a statement on paper and the command line tell the
same in the reader's language and currency.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

LONGEST_SHOWN = 60


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is translated when told."""
    return text


SENTENCES: Mapping[str, str] = {
    # Faults of a policy
    "no-slices": gettext_noop("The policy has no slice. Say where the money goes."),
    "unknown-word": gettext_noop("“%(word)s” is none of: %(known)s."),
    "no-name": gettext_noop("It has no name. Give it one."),
    "share": gettext_noop("It is no share from 0 to 1. Write 25 per cent as 0.25."),
    "below-zero": gettext_noop("It is below 0. Enter 0 or more."),
    "not-all-profit": gettext_noop(
        "The slices do not say where all of the profit goes. Let one without a limit take everything "
        "that is left of it."
    ),
    "not-all-surplus": gettext_noop(
        "The slices do not say where all of the surplus goes. Let one without a limit take "
        "everything that is left of it."
    ),
    "two-dividends": gettext_noop("Only one slice can be the members’ dividend. Join the two."),
    "two-kinds": gettext_noop("%(fund)s has two kinds. Give the two funds two names."),
    "no-collective": gettext_noop(
        "No slice goes to a collective fund, and losses and what nobody has a share in go there. "
        "Add one."
    ),
    "dividend-of-profit": gettext_noop(
        "Under Subchapter T a patronage dividend comes from the surplus only. Let the slice take "
        "from the surplus."
    ),
    "unknown-fund": gettext_noop("No slice has the fund %(fund)s. Write its name as there."),
    # Faults of a year
    "again": gettext_noop("%(name)s is there twice. Enter each once, with the sum."),
    "year-number": gettext_noop("The first fiscal year is number 1. Enter 1 or more."),
    "year-missing": gettext_noop(
        "Who bears a loss depends on how old the co-op is. Enter the number of the fiscal year, "
        "counted from 1."
    ),
    "left-before": gettext_noop(
        "%(name)s left before the year began, and has hours in it. Correct the date or the hours."
    ),
    # Faults of a file
    "no-object": gettext_noop("It is no object. Write it in braces, as {…}."),
    "no-list": gettext_noop("It is no list. Write it in brackets, as […]."),
    "no-number": gettext_noop("%(found)s is no number. Write digits without quotation marks."),
    "no-amount": gettext_noop(
        "%(found)s is no whole number of the smallest unit. Write 12.50 as 1250."
    ),
    "no-whole": gettext_noop("%(found)s is no whole number. Write digits only."),
    "no-text": gettext_noop("%(found)s is no text. Write it in quotation marks."),
    "no-choice": gettext_noop("%(found)s is neither true nor false. Write one of them."),
    "no-date": gettext_noop("%(found)s is no date. Write it as 2026-12-31."),
    "too-much": gettext_noop("%(found)s is larger than any year needs. Is a digit too many in it?"),
    "missing": gettext_noop("%(key)s is missing. Add it."),
    "unknown-key": gettext_noop(
        "%(key)s is not known here. Leave it out, or use one of: %(known)s."
    ),
    "not-both": gettext_noop("%(one)s and %(other)s cannot both be given. Leave one out."),
    # What a year is closed by
    "late": gettext_noop(
        "The policy was adopted on %(adopted)s, after the year had begun on %(begins)s. What it "
        "allocates is discretionary and may not count as a patronage dividend: ask an accountant."
    ),
    "late-because": gettext_noop("The reason that was given: %(reason)s"),
    "late-why": gettext_noop("A reason has to be given before this is posted."),
    # Surplus and profit
    "labour-hours": gettext_noop(
        "Hours that members worked as members: %(members)s. All other hours, those before "
        "membership among them: %(others)s. Together: %(all)s."
    ),
    "labour-wages": gettext_noop(
        "Wages of members: %(members)s. All other wages: %(others)s. Together: %(all)s."
    ),
    "split": gettext_noop(
        "Surplus: (%(net)s − %(nonpatronage)s) × %(members)s / %(all)s = %(exact)s, rounded to "
        "%(surplus)s. Profit is the rest: %(net)s − %(surplus)s = %(profit)s."
    ),
    "split-exact": gettext_noop(
        "Surplus: (%(net)s − %(nonpatronage)s) × %(members)s / %(all)s = %(surplus)s. Profit is the "
        "rest: %(net)s − %(surplus)s = %(profit)s."
    ),
    "split-undivided": gettext_noop(
        "Surplus: %(net)s − %(nonpatronage)s = %(surplus)s. Profit is the rest: %(profit)s."
    ),
    "surplus-held": gettext_noop(
        "The surplus is at least 0 and at most the net income of %(net)s, so it is %(surplus)s and "
        "the profit %(profit)s."
    ),
    # The slices
    "slice-net": gettext_noop("%(fund)s: %(percent)s per cent of %(net)s is %(asked)s."),
    "slice-remainder": gettext_noop(
        "%(fund)s: %(percent)s per cent of the %(left)s that is left is %(asked)s."
    ),
    "slice-target": gettext_noop(
        "%(fund)s: at least %(percent)s per cent of %(net)s, which is %(target)s. It has "
        "%(before)s of that already, so %(asked)s is missing."
    ),
    "slice-rest": gettext_noop("%(fund)s: everything that is left, %(asked)s."),
    "cap-amount": gettext_noop("It may get at most %(most)s, so it gets %(amount)s."),
    "cap-wages": gettext_noop(
        "It may get at most %(percent)s per cent of the members’ wages of %(wages)s, which is "
        "%(most)s, so it gets %(amount)s."
    ),
    "cap-balance": gettext_noop(
        "The fund has %(balance)s and is full at %(full)s, so it gets %(amount)s."
    ),
    "only-left": gettext_noop("Only %(amount)s is left for it."),
    "slice-from": gettext_noop(
        "Of that %(profit)s comes from profit and %(surplus)s from surplus."
    ),
    "pool-unclaimed": gettext_noop(
        "Nobody has a share in the dividend of %(pool)s, so it goes to %(fund)s."
    ),
    # Members
    "weights-hours": gettext_noop("Shares go by hours. All hours that count: %(all)s."),
    "weights-wages": gettext_noop("Shares go by wages. All wages that count: %(all)s."),
    "weights-equal": gettext_noop("All shares are equal. Members who have one: %(all)s."),
    "weights-mix": gettext_noop(
        "Shares go by hours for %(hours_percent)s per cent and by wages for %(wages_percent)s per "
        "cent. All that count: hours %(hours)s, wages %(wages)s."
    ),
    "share-hours": gettext_noop("By hours: %(pool)s × %(weight)s / %(all)s = %(exact)s."),
    "share-wages": gettext_noop("By wages: %(pool)s × %(weight)s / %(all)s = %(exact)s."),
    "share-equal": gettext_noop("An equal share: %(pool)s × %(weight)s / %(all)s = %(exact)s."),
    "share-mix": gettext_noop(
        "By hours and wages: %(pool)s × (%(hours_percent)s / 100 × %(hours)s / %(all_hours)s + "
        "%(wages_percent)s / 100 × %(wages)s / %(all_wages)s) = %(exact)s."
    ),
    "rounded-down": gettext_noop(
        "Rounded down to %(allocation)s. All shares are rounded down first. Of the smallest coin "
        "%(over)s are left over then, one each for the shares that lost most: the last to get one had "
        "lost %(last)s of a coin, this one %(rest)s. Of equal ones the larger share comes first, then "
        "the name."
    ),
    "rounded-up": gettext_noop(
        "Rounded up to %(allocation)s. All shares are rounded down first. Of the smallest coin "
        "%(over)s are left over then, one each for the shares that lost most: the last to get one had "
        "lost %(last)s of a coin, this one %(rest)s. Of equal ones the larger share comes first, then "
        "the name."
    ),
    "cash-rate": gettext_noop(
        "In cash: %(percent)s per cent of %(allocation)s, rounded to %(cash)s."
    ),
    "cash-floor": gettext_noop(
        "In cash at least 20 per cent of %(allocation)s, rounded up (26 USC 1388(c)(1)): %(cash)s."
    ),
    "cash-small": gettext_noop("It is at most %(limit)s, and so all in cash: %(cash)s."),
    "notice-qualified": gettext_noop(
        "The rest, %(notice)s, goes into the member account as a qualified written notice."
    ),
    "notice-nonqualified": gettext_noop(
        "The rest, %(notice)s, goes into the member account as a nonqualified written notice."
    ),
    "notice-plain": gettext_noop("The rest, %(notice)s, goes into the member account."),
    "left": gettext_noop("Left on %(left)s; the hours as a member until then count."),
    "too-few-hours": gettext_noop("Hours: %(hours)s. A share needs at least %(least)s."),
    "no-patronage": gettext_noop("There is nothing recorded to measure a share by."),
    # Losses
    "loss": gettext_noop("The year ends with a loss of %(loss)s."),
    "loss-early": gettext_noop(
        "It is fiscal year %(number)s; in the first %(years)s all of a loss is collective."
    ),
    "loss-share": gettext_noop("%(fund)s bears %(percent)s per cent of it: %(collective)s."),
    "loss-balance": gettext_noop("It has only %(balance)s, so it bears %(collective)s."),
    "loss-members": gettext_noop("Members bear %(members)s by their shares."),
    "loss-unclaimed": gettext_noop(
        "Nobody has a share, so %(fund)s bears the other %(members)s too."
    ),
    "loss-of-member": gettext_noop("The member account goes down by %(loss)s."),
    "loss-stopped": gettext_noop(
        "The member account has %(balance)s and may not go below 0: it goes down by %(loss)s, and "
        "%(carried)s is carried forward collectively."
    ),
    "loss-carried": gettext_noop("Carried forward collectively: %(carried)s."),
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong: which sentence, what it is told of, and the path to it ("": the whole)."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    path: str = ""

    def __str__(self) -> str:
        told = SENTENCES[self.code] % dict(self.facts)
        return f"{self.path}: {told}" if self.path else told


@dataclass(frozen=True)
class Step:
    """One step of the arithmetic.

    `code` is a key of `SENTENCES`; `amounts` are money in minor units, exact, with fractions of them
    where the arithmetic has such; `facts` are the numbers and names that are no money.
    """

    code: str
    amounts: Mapping[str, Fraction] = field(default_factory=dict)
    facts: Mapping[str, Fraction | str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain data for storage; numbers are exact texts such as "12" or "25/2"."""
        return {
            "step": self.code,
            "amounts": {name: str(amount) for name, amount in self.amounts.items()},
            "numbers": {
                name: str(fact) for name, fact in self.facts.items() if isinstance(fact, Fraction)
            },
            "names": {name: fact for name, fact in self.facts.items() if isinstance(fact, str)},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Step:
        """Read back what `to_json` gave. Raises KeyError or ValueError for anything else."""
        if stored["step"] not in SENTENCES:
            raise ValueError(f'"{stored["step"]}" is no step.')
        amounts = {name: Fraction(text) for name, text in stored["amounts"].items()}
        numbers = {name: Fraction(text) for name, text in stored["numbers"].items()}
        return cls(stored["step"], amounts, numbers | dict(stored["names"]))


class SurplusError(ValueError):
    """A year that cannot be read or closed; `faults` are all its faults, in their order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def fault(code: str, path: str = "", /, **facts: str | int) -> Fault:
    """A fault whose texts are cut short, and show what cannot be seen; what is `known` is ours."""
    told = {
        name: _shown(fact) if isinstance(fact, str) and name != "known" else fact
        for name, fact in facts.items()
    }
    return Fault(code, told, path)


def sentence(
    one: Fault | Step,
    *,
    translate: Callable[[str], str] = str,
    money: Callable[[Fraction], str] | None = None,
    number: Callable[[Fraction], str] | None = None,
) -> str:
    """A fault or a step in a sentence or two.

    `translate` gives it in the reader's language, `money` writes amounts in minor units (fractions
    of them too), `number` all other numbers. Without them it is English with two decimals.

    >>> sentence(fault("again", name="Ana"))
    'Ana is there twice. Enter each once, with the sum.'
    >>> amounts = {"net": Fraction(10000), "asked": Fraction(2500)}
    >>> sentence(Step("slice-net", amounts, {"fund": "Reserve", "percent": Fraction(25)}))
    'Reserve: 25 per cent of 100.00 is 25.00.'
    """
    template = translate(SENTENCES[one.code])
    if isinstance(one, Fault):
        return template % dict(one.facts)
    write, count = money or amount_text, number or number_text
    told = {name: write(amount) for name, amount in one.amounts.items()}
    for name, fact in one.facts.items():
        told[name] = fact if isinstance(fact, str) else count(fact)
    return template % told


def number_text(number: Fraction) -> str:
    """A number without loss: decimal where one is exact, else a fraction.

    >>> number_text(Fraction(3121, 2)), number_text(Fraction(-1, 3)), number_text(Fraction(2000))
    ('1560.5', '-1/3', '2000')
    """
    for places in range(10):
        if (number * 10**places).denominator == 1:
            return _decimals(number, places)
    return str(number)


def amount_text(amount: Fraction, decimals: int = 2) -> str:
    """Minor units as an amount of a currency with so many `decimals`.

    Parts of a minor unit show as decimals too, with "…" where they have no end.

    >>> amount_text(Fraction(146296875, 100)), amount_text(Fraction(10000, 3)), amount_text(Fraction(-5))
    ('14,629.6875', '33.3333…', '-0.05')
    """
    whole = Fraction(amount)
    for places in range(5):
        if (whole * 10**places).denominator == 1:
            return _decimals(whole / 10**decimals, decimals + places, ",")
    cut = Fraction(int(whole * 100), 100)
    return f"{_decimals(cut / 10**decimals, decimals + 2, ',')}…"


def _decimals(number: Fraction, places: int, separator: str = "") -> str:
    whole, rest = divmod(abs(int(number * 10**places)), 10**places)
    sign = "-" if number < 0 else ""
    grouped = f"{whole:,}" if separator else str(whole)
    return f"{sign}{grouped}.{rest:0{places}d}" if places else f"{sign}{grouped}"


def _shown(text: str) -> str:
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(sign if sign.isprintable() else "?" for sign in short)
