"""What a way to interlock is made of: facts that need no translation, and a text in each language."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Begins(TextChoices):
    """Who can begin it without waiting for the other."""

    CITY = "city", _("A city or another public body begins")
    COOP = "coop", _("A co-op or a federation begins")
    EITHER = "either", _("Either side begins, or a third one")


class Money(TextChoices):
    """What money it takes, by the fund types of a pot."""

    NONE = "none", _("No new money")
    EXPENSE = "expense", _("Money for services and running costs")
    LOAN = "loan", _("Money that is paid back")
    COOP_FUND = "coop_fund", _("A co-op’s own money")


class Time(TextChoices):
    """How long until something of it can be seen."""

    WEEKS = "weeks", _("weeks")
    MONTHS = "months", _("months")
    YEARS = "years", _("a year or more")


class Basis(TextChoices):
    """How we know what a piece of evidence says."""

    READ = "read", _("We read it in the source named here.")
    COUNTED = "counted", _("We counted it ourselves in the file named here.")
    KNOWN = "known", _("General knowledge: we have not checked a source.")
    OURS = "ours", _("We did not find this documented; it is our suggestion.")


@dataclass(frozen=True)
class Source:
    """Where it stands; without an address where the reference itself has none."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Known:
    """How one piece of evidence is known."""

    basis: Basis
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Facts:
    """`helps` are the parts of this site that help with it, by the first part of their address."""

    slug: str
    begins: Begins
    money: Money
    time: Time
    evidence: tuple[Known, ...]
    helps: tuple[str, ...]


@dataclass(frozen=True)
class Needs:
    """What has to be there first; each line can be ticked off."""

    money: tuple[str, ...]
    law: tuple[str, ...]
    people: tuple[str, ...]
    time: tuple[str, ...]


@dataclass(frozen=True)
class Roles:
    """Who does what."""

    city: str
    coop: str
    federation: str
    residents: str


@dataclass(frozen=True)
class Keeps:
    """What each side keeps of its identity."""

    city: str
    coop: str


@dataclass(frozen=True)
class Prompt:
    """A section of the joint proposal: its heading, and what to write under it."""

    heading: str
    ask: str


@dataclass(frozen=True)
class Told:
    """A way in one language. `proof` is its evidence in a line; `evidence` has one text for each of
    the facts' pieces, in their order."""

    title: str
    line: str
    proof: str
    what: str
    evidence: tuple[str, ...]
    needs: Needs
    traps: tuple[str, ...]
    roles: Roles
    keeps: Keeps
    template: tuple[Prompt, ...]
