from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture
def mail_template(settings: Settings, tmp_path: Path) -> None:
    """A template of a mail, in a folder of its own."""
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages/test.txt").write_text(
        "{% load i18n %}{% get_current_language as code %}Hello {{ name }} {{ code }}\n\n"
        "Come in. {{ origin }} {{ code }}\n"
    )
    engine = {**settings.TEMPLATES[0], "DIRS": [tmp_path]}
    loaders = ["django.template.loaders.filesystem.Loader"]
    options = {**engine["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]
