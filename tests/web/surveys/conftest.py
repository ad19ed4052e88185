"""A survey that is open, and nobody counts how often one answers."""

from collections.abc import Iterator

import pytest

from interlock.web.surveys import limiting
from tests.staging import staged
from tests.web.surveys.asked import Asked, make_asked


@staged
def asked() -> Asked:
    return make_asked()


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    limiting.forget()
    yield
    limiting.forget()
