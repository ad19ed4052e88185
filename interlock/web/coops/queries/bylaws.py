"""Bylaws as the library reads them, and told in plain words."""

from interlock.methods import deciding
from interlock.web.coops.models import Bylaws


def terms(bylaws: Bylaws) -> deciding.Bylaws:
    """The parameters of a version."""
    return deciding.from_json(bylaws.body, deciding.Bylaws)
