"""Each act's sentence. Rooms join this list with the acts they record."""

from django.utils.functional import Promise
from i18nfield.strings import LazyI18nString

from interlock.web.record.models import Entry

sentences: dict[str, str | Promise] = {}


def words(text: LazyI18nString | str) -> dict[str, str] | str:
    """A text in all its languages, as plain data that can be recorded and hashed."""
    data = text.data if isinstance(text, LazyI18nString) else text
    return dict(data) if isinstance(data, dict) else str(data)


def sentence(entry: Entry) -> str:
    """The fact in the reader's language; an act nobody words any more shows its own name."""
    told = {
        name: str(LazyI18nString(fact)) if isinstance(fact, dict) else fact
        for name, fact in entry.facts.items()
    }
    return str(sentences.get(entry.act, entry.act)) % {"subject": entry.subject, **told}
