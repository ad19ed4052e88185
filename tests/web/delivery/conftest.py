from pathlib import Path

import pytest
from django.conf import settings

from tests.staging import staged
from tests.web.delivery.calling import Fair, make_fair
from tests.web.delivery.chain import Chain, new_chain
from tests.world import World


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test has a folder of keys of its own: a call of the one before had the same number."""
    monkeypatch.setattr(settings, "INTERLOCK_HOME", tmp_path)
    return tmp_path


@staged
def chain() -> Chain:
    return new_chain()


@staged
def fair(world: World) -> Fair:
    return make_fair(world)
