"""What the site's verbs share: Django set up, or a sentence that says what to install."""

import os
import sys


def set_up() -> None:
    """Make the site's code importable. Exits with 2 when its extra is not installed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interlock.web.config.settings")
    try:
        import django
    except ModuleNotFoundError:
        print(
            "This verb needs the site. Install it with: pip install interlock[web]", file=sys.stderr
        )
        raise SystemExit(2) from None
    from django.apps import apps

    if not apps.ready:  # a second time would send the log to wherever errors go just now
        django.setup()


def make_ready() -> None:
    """Set up, with catalogues compiled and the database at its newest form."""
    from interlock.commands.translate import compile_catalogues

    set_up()
    from django.core.management import call_command

    compile_catalogues()
    call_command("migrate", verbosity=0)
