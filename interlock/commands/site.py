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


def use_one_thread() -> None:
    """Have linear algebra use one thread, where nobody asked for more; before numpy is loaded.

    Tables are small, and several threads wait for each other, and for web processes, longer than they work.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def make_ready() -> None:
    """Set up, with catalogues compiled and the database at its newest form."""
    from interlock.commands.translate import compile_catalogues

    set_up()
    from django.core.management import call_command

    compile_catalogues()
    call_command("migrate", verbosity=0)


def set_up_drawing(language: str) -> None:
    """Make what draws reports importable, with the words of `language`, and without a site around it.

    No home, no database, no secret: a researcher with a table has none. In a process that has a site
    that one's settings stay. Raises ModuleNotFoundError when the extra is not installed.
    """
    import django
    from django.apps import apps
    from django.conf import settings

    from interlock.commands.translate import LOCALES, compile_catalogues

    if language != "en":
        compile_catalogues()
    if not settings.configured:
        settings.configure(LOCALE_PATHS=[LOCALES], USE_TZ=True)
    if not apps.ready:
        django.setup()
