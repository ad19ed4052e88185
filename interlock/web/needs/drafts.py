"""What a participatory budget needs to be held at all, as drafts that an office posts at once."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString

from interlock.web.needs.models import Item


@dataclass(frozen=True)
class Draft:
    """One need of the process; its texts are asked for in the language that is active."""

    key: str
    item: Item
    heading: str | Promise
    title: Callable[[], str]
    text: Callable[[], str]
    tags: Callable[[], str]


DRAFTS = (
    Draft(
        "facilitation",
        Item.SERVICE,
        gettext_lazy("Facilitation"),
        lambda: _("Facilitators for idea assemblies"),
        lambda: _(
            "We need people who lead meetings of 20 to 60 residents so that everybody is heard, "
            "evenings and weekends. Say how many you are, in which languages, and what a meeting costs."
        ),
        lambda: _("facilitation, assemblies, popular education"),
    ),
    Draft(
        "translation",
        Item.SERVICE,
        gettext_lazy("Translation"),
        lambda: _("Translation and interpreting"),
        lambda: _(
            "We need ballots and project texts translated, and interpreters at meetings. Say which "
            "languages, and what a page and an evening cost."
        ),
        lambda: _("translation, interpreting, languages"),
    ),
    Draft(
        "printing",
        Item.GOOD,
        gettext_lazy("Printing"),
        lambda: _("Printing of ballots and posters"),
        lambda: _(
            "We need paper ballots, letters with voting codes, posters and flyers. Say how soon you "
            "can print, on what paper, and whether you deliver."
        ),
        lambda: _("printing, ballots, posters"),
    ),
    Draft(
        "catering",
        Item.SERVICE,
        gettext_lazy("Catering"),
        lambda: _("Food and child care at meetings"),
        lambda: _(
            "We need food for 20 to 60 people, and somebody who looks after children meanwhile. Say "
            "what you cook and what it costs a head."
        ),
        lambda: _("catering, food, child care"),
    ),
    Draft(
        "software",
        Item.SERVICE,
        gettext_lazy("Software"),
        lambda: _("Help with computers and the website"),
        lambda: _(
            "We need somebody who runs this site for us, trains our staff, and stands by on the days "
            "of the vote. Say what you have run before, and what a month costs."
        ),
        lambda: _("software, hosting, training"),
    ),
)


def in_all_languages(text: Callable[[], str]) -> LazyI18nString:
    """A text of a draft in every language of the site, as an office would write it."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = text()
    return LazyI18nString(said)
