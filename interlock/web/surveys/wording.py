"""The texts that a study begins with; its owner may change each of them before it opens."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString


def in_all_languages(worded: Callable[[], str]) -> LazyI18nString:
    """What words itself in the reader's language, in each language of the site."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = worded()
    return LazyI18nString(said)


def consent() -> str:
    """What people agree to, as Markdown. Days, contacts and what ties answers stand beside it."""
    points = (
        _("Taking part is voluntary. You may skip questions and stop at any moment."),
        _("You must be 18 or older."),
        _(
            "We keep your answers, the day, and random numbers. We do not keep your name, your e-mail "
            "address, your network address, your device, or the hour."
        ),
        _(
            "Some questions are about your opinions, and at the end, if you wish, about you. What few "
            "people answered is never published; text that you write is never published as it is."
        ),
        _(
            "Researchers read single answers only with a reason, and each time is written down. Nobody "
            "of a city or a co-op that is asked about reads them."
        ),
        _(
            "At the end you can pass the survey on. Whoever sent it to you is never told whether you "
            "took part, only how many of theirs did, a day later."
        ),
        _("You get a code. With it you can go on later, and take your answers back."),
    )
    return "\n".join(f"- {point}" for point in points)


def ties_title() -> str:
    return _("Worker co-ops and participatory budgeting")


def ties_about() -> str:
    return _(
        "How connected are the people who own their work together and the people who decide on public "
        "money together? This survey asks both. It is passed on from hand to hand."
    )
