"""Writing mail down, and sending what is due."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template import Context, engines
from django.utils import translation

from interlock.web.messages.models import Mail

#: How long after each failure it is tried again: a server that is down for two days loses nothing.
PAUSES = [timedelta(minutes=m) for m in (1, 5, 30, 120, 480, 960, 1440)]
RULE = "\n\n" + "-" * 40 + "\n\n"


def write(*, to: str, template: str, context: Mapping[str, object], at: datetime) -> Mail:
    """A mail from a text template, whose first line is its subject, in all languages of the site.

    Nobody knows which language reads an institution's mail. Written in the transaction of the act it
    tells of, it is sent if and only if that act is done.
    """
    return write_all(to=[to], template=template, context=context, at=at)[0]


def write_all(
    *, to: Iterable[str], template: str, context: Mapping[str, object], at: datetime
) -> list[Mail]:
    """The same mail to each of these, drawn once."""
    drawn = engines["django"].get_template(template)
    told = {**context, "origin": settings.INTERLOCK_ORIGIN}
    subjects, texts = [], []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said = drawn.template.render(Context(told, autoescape=False))  # type: ignore[attr-defined]
        subject, _, text = said.strip().partition("\n")
        subjects.append(" ".join(subject.split()))
        texts.append(text.strip())
    whole = " / ".join(dict.fromkeys(subjects))
    short = whole if len(whole) <= 200 else subjects[0][:200]
    text = RULE.join(dict.fromkeys(texts))
    return Mail.objects.bulk_create(
        Mail(to=one, subject=short, text=text, written_at=at, next_at=at) for one in to
    )


def send_due(at: datetime) -> bool:
    """Send one mail that is due, if there is one.

    Two workers never take the same. One that stops between the server's yes and its own note sends
    it once more: better twice than never.
    """
    with transaction.atomic():
        due = Mail.objects.filter(Q(next_at__lte=at))
        mail = due.select_for_update(skip_locked=True).first()
        if mail is None:
            return False
        try:
            EmailMessage(mail.subject, mail.text, to=[mail.to]).send()
        except OSError as error:  # what smtplib raises is one, too
            mail.error = str(error)[:300]
            later = dict(enumerate(PAUSES)).get(mail.tries)
            mail.next_at = at + later if later else None
            mail.tries += 1
            mail.save()
        else:
            mail.delete()
    return True
