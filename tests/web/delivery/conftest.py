import pytest

from tests.web.delivery.chain import Chain, new_chain


@pytest.fixture
def chain(db: None) -> Chain:
    return new_chain()
