"""The one way to say no: a reason, what to do next, and where."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, Self

from django.utils.functional import Promise


class Page(Protocol):
    """What has a page of its own and is called as it says."""

    def get_absolute_url(self) -> str: ...


class Step(NamedTuple):
    """A link to where one goes on."""

    label: str | Promise
    url: str

    @classmethod
    def to(cls, page: Page) -> Self:
        return cls(str(page), page.get_absolute_url())


class Refused(Exception):
    """An act was refused. `reason` says why, `remedy` what to do; both are shown as they are.

    `steps` lead to where that is done, the likeliest first; `title` heads the page where it is kinder
    than "This was not done". `status` is the HTTP status of the page that shows it.
    """

    def __init__(
        self,
        reason: str | Promise,
        remedy: str | Promise = "",
        *,
        status: int = 409,
        steps: Sequence[Step] = (),
        title: str | Promise = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.status = status
        self.steps = tuple(steps)
        self.title = title
