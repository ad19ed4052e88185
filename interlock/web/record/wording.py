"""Each act's sentence. Rooms join this list with the acts they record."""

from django.utils.functional import Promise

from interlock.web.record.models import Entry

sentences: dict[str, str | Promise] = {}


def sentence(entry: Entry) -> str:
    """The fact in the reader's language; an act nobody words any more shows its own name."""
    return str(sentences.get(entry.act, entry.act)) % {"subject": entry.subject, **entry.facts}
