from django.utils import timezone

from interlock.web.demo import town
from tests.staging import staged


@staged
def riverbend() -> None:
    town.make(at=timezone.now())
