"""The one way to say no: a reason, and what to do next."""

from django.utils.functional import Promise


class Refused(Exception):
    """An act was refused. `reason` says why, `remedy` what to do; both are shown as they are.

    `status` is the HTTP status of the page that shows it.
    """

    def __init__(
        self, reason: str | Promise, remedy: str | Promise = "", *, status: int = 409
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.status = status
