"""The verbs of surveys. What concerns a respondent is written to no record, and has a day at most."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.methods.questionnaires import (
    Step,
    content_hash,
    opened,
    read,
    resumed,
    submitted,
    to_csv,
    to_tables,
)
from interlock.methods.questionnaires.form import Form
from interlock.methods.questionnaires.instruments import tables
from interlock.web.institutions.actions import free_slug, register, slug_base
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write as write_mail
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.record.wording import words
from interlock.web.surveys import codes, queries, rules, wording
from interlock.web.surveys.models import (
    Analysis,
    Anonymity,
    Answer,
    Batch,
    CameBy,
    Consent,
    Contact,
    Coupon,
    CouponState,
    FormVersion,
    NamedTie,
    OpenLink,
    Permission,
    Purpose,
    Respondent,
    Role,
    Seed,
    Study,
)
from interlock.web.ties.actions import name as name_tie

# What the owner does.


@transaction.atomic
def launch(
    *,
    institution: Institution,
    contact: str | LazyI18nString,
    ethics: str | LazyI18nString,
    closes_on: date,
    by: Person,
    at: datetime,
    instrument: str = "ties",
    title: str | LazyI18nString = "",
    about: str | LazyI18nString = "",
    consent: str | LazyI18nString = "",
    anonymity: str = Anonymity.CHAIN,
    doors: bool = True,
    follows: Study | None = None,
    links_until: date | None = None,
    contacts_until: date | None = None,
    answers_until: date | None = None,
) -> Study:
    """Prepare a study with one of our own questionnaires, its questions not published yet.

    What is left out begins as our own texts, and as the days that `rules` gives.
    """
    if reason := why_not_look_after(institution, by):
        raise Refused(reason, status=403)
    links = links_until or closes_on + rules.LINKS_KEPT
    contacts = contacts_until or closes_on + rules.CONTACTS_KEPT
    if reason := rules.why_not_days(closes_on, links, contacts, answers_until, at):
        raise Refused(reason)
    if follows and (reason := rules.why_not_follow(institution, follows)):
        raise Refused(reason)
    named = title or wording.in_all_languages(wording.ties_title)
    alike = Study.objects.filter(slug__startswith=slug_base(str(named)))
    study = Study.objects.create(
        slug=free_slug(str(named), {*alike.values_list("slug", flat=True), *ADDRESSES}),
        institution=institution,
        title=named,
        about=about or wording.in_all_languages(wording.ties_about),
        contact=contact,
        ethics=ethics,
        anonymity=anonymity,
        doors=doors,
        follows=follows,
        launched_at=at,
        closes_on=closes_on,
        links_until=links,
        contacts_until=contacts,
        answers_until=answers_until,
    )
    _consent_text(study, consent or wording.in_all_languages(wording.consent), at)
    _version(study, tables(instrument), at)
    note("launched", study, by, at)
    return study


@transaction.atomic
def add_version(
    *,
    study: Study,
    files: Mapping[str, bytes],
    by: Person,
    at: datetime,
    note: str | LazyI18nString = "",
) -> FormVersion:
    """Other questions for a study, not published yet. Files are as `methods.questionnaires` reads."""
    held = held_by(study, by)
    if held.closed_at:
        raise Refused(_("This survey is closed."))
    return _version(held, files, at, note)


@transaction.atomic
def publish_version(*, version: FormVersion, by: Person, at: datetime) -> FormVersion:
    """From now on these are asked of whoever begins; who has begun goes on with theirs."""
    held = held_by(version.study, by)
    stored = FormVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    stored.study = held
    if reason := rules.why_not_publish(stored):
        raise Refused(reason)
    stored.published_at = at
    stored.save(update_fields=["published_at"])
    facts = {"number": stored.number, "sha256": stored.content_hash}
    note("version", held, by, at, facts=facts)
    return stored


@transaction.atomic
def open_study(*, study: Study, by: Person, at: datetime) -> Study:
    """Let people answer. What was promised to them stays from now on."""
    held = held_by(study, by)
    if reason := rules.why_not_open(held, at):
        raise Refused(reason)
    held.opened_at = at
    held.save(update_fields=["opened_at"])
    note("opened", held, by, at, facts={"until": held.closes_on.isoformat()})
    return held


@transaction.atomic
def change_study(
    *,
    study: Study,
    title: str | LazyI18nString,
    about: str | LazyI18nString,
    consent: str | LazyI18nString,
    contact: str | LazyI18nString,
    ethics: str | LazyI18nString,
    anonymity: str,
    doors: bool,
    closes_on: date,
    links_until: date,
    contacts_until: date,
    answers_until: date | None,
    by: Person,
    at: datetime,
) -> Study:
    """Word a study and its promises anew, while it is not open. Another consent is a new version."""
    held = held_by(study, by)
    if reason := rules.why_not_change(held):
        raise Refused(reason, _("Launch another one, as its next round."))
    if reason := rules.why_not_days(closes_on, links_until, contacts_until, answers_until, at):
        raise Refused(reason)
    held.title, held.about, held.contact, held.ethics = title, about, contact, ethics
    held.anonymity, held.doors = anonymity, doors
    held.closes_on, held.links_until = closes_on, links_until
    held.contacts_until, held.answers_until = contacts_until, answers_until
    held.save()
    agreed = held.consents.first()
    if agreed is None or words(agreed.text) != words(consent):
        _consent_text(held, consent, at)
    return held


@transaction.atomic
def correct_study(
    *,
    study: Study,
    contact: str | LazyI18nString,
    ethics: str | LazyI18nString,
    doors: bool,
    links_until: date,
    contacts_until: date,
    answers_until: date | None,
    by: Person,
    at: datetime,
) -> Study:
    """What can still change of a study that was opened: whom to ask, and sooner days."""
    held = held_by(study, by)
    if reason := rules.why_not_sooner(held, links_until, contacts_until, answers_until, at):
        raise Refused(reason)
    held.contact, held.ethics, held.doors = contact, ethics, doors
    held.links_until, held.contacts_until = links_until, contacts_until
    held.answers_until = answers_until
    held.save()
    return held


@transaction.atomic
def extend_study(*, study: Study, closes_on: date, by: Person, at: datetime) -> Study:
    """Let people answer for some more days."""
    held = held_by(study, by)
    if reason := rules.why_not_extend(held, closes_on):
        raise Refused(reason)
    held.closes_on = closes_on
    held.save(update_fields=["closes_on"])
    note("extended", held, by, at, facts={"until": closes_on.isoformat()})
    return held


@transaction.atomic
def close_study(*, study: Study, by: Person, at: datetime) -> Study:
    """Let nobody answer any more."""
    return _close(held_by(study, by), by, at)


@transaction.atomic
def close_if_due(*, study: Study, at: datetime) -> Study:
    """The same by itself, when its last day has passed."""
    held = hold(study)
    if held.is_open and rules.is_over(held.closes_on, at):
        return _close(held, None, at)
    return held


@dataclass(frozen=True)
class Card:
    """A coupon as it is handed to somebody. The code is shown here, and not kept."""

    number: int
    code: str


@transaction.atomic
def add_seeds(*, study: Study, number: int, by: Person, at: datetime) -> list[Card]:
    """Begin so many chains: a code for each, to be handed out by the owner, shown once."""
    held = held_by(study, by)
    if reason := rules.why_not_seed(held, number):
        raise Refused(reason)
    last = held.seeds.order_by("-number").values_list("number", flat=True).first() or 0
    cards = [Card(last + place, codes.new_code()) for place in range(1, number + 1)]
    coupons = _coupons(held, [card.code for card in cards], None, at)
    Seed.objects.bulk_create(
        Seed(study=held, number=card.number, coupon=coupon)
        for card, coupon in zip(cards, coupons, strict=True)
    )
    note("seeds", held, by, at, audience=Audience.INSTITUTION, facts={"number": number})
    return cards


@transaction.atomic
def request_analysis(*, study: Study, by: Person, at: datetime) -> Analysis:
    """Have the results worked out from the answers that there are. The worker does it soon."""
    held = held_by(study, by)
    if reason := rules.why_not_analyse(held, _analyses(held), at):
        raise Refused(reason)
    return _due_analysis(held, by, at)


@transaction.atomic
def publish_analysis(*, analysis: Analysis, by: Person, at: datetime) -> Analysis:
    """Show results to everybody. They stay as they are, and what was published before them too."""
    held = held_by(analysis.study, by)
    stored = Analysis.objects.select_for_update(of=("self",)).get(pk=analysis.pk)
    before = held.analyses.filter(published_at__isnull=False).first()
    if reason := rules.why_not_publish_results(stored, before):
        raise Refused(reason, _("Wait for more answers. What is published stays."))
    stored.published_at = at
    stored.save(update_fields=["published_at"])
    _tell_of_results(held, at)
    note("results", held, by, at, facts={"number": stored.number})
    return stored


# What respondents do.


@dataclass(frozen=True)
class Entered:
    """Somebody who may answer now. The code is shown here, and not kept."""

    respondent: Respondent
    code: str


@transaction.atomic
def consent(
    *, study: Study, at: datetime, coupon: str = "", link: str = "", flags: Sequence[str] = ()
) -> Entered:
    """Somebody agrees to take part: by a coupon's code, by an open link's, or by a public page.

    A coupon lets in whoever changes it from unused to used; of many at once that is one.
    """
    held = _hold_open(study, at)
    version, promised = queries.current_version(held), held.consents.first()
    assert version is not None
    assert promised is not None
    came = _by_coupon(held, coupon, at) if coupon else _by_link(held, link)
    code = codes.new_code()
    respondent = Respondent.objects.create(
        study=held,
        version=version,
        consent=promised,
        code_hash=codes.hash_of(code, "respondent"),
        started_on=at.date(),
        flags=list(flags),
        **came,
    )
    kept = agreed(queries.form_of(version))
    respondent.answer = Answer.objects.create(respondent=respondent, kept=kept)
    return Entered(respondent, code)


def where(*, respondent: Respondent, language: str, page: str = "") -> Step:
    """Where a respondent is; or at a page that they want to see once more."""
    form, kept = queries.form_of(respondent.version), kept_of(respondent)
    if page and page not in agreed(form):
        return opened(form, kept, page, language=language)
    return resumed(form, kept, language=language)


def kept_of(respondent: Respondent) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in respondent.answer.kept.items()}


@transaction.atomic
def save_page(
    *,
    code: str,
    page: str,
    posted: Mapping[str, Sequence[str]],
    language: str,
    at: datetime,
    flags: Sequence[str] = (),
) -> Step:
    """Keep what was posted, and say what follows. With the last page of the core it is submitted."""
    respondent = _hold_respondent(code, at)
    form = queries.form_of(respondent.version)
    if page in agreed(form):  # who agreed does not answer once more whether they do
        return where(respondent=respondent, language=language)
    step = submitted(form, kept_of(respondent), page, posted, language=language)
    answer = respondent.answer
    answer.kept = {name: list(values) for name, values in step.kept.items()}
    if step.core_done:
        answer.document = dict(step.answers)
        if not respondent.finished_on and queries.is_alike(answer):
            flags = [*flags, "alike"]
        _finish(respondent, code, step, at)
    answer.save(update_fields=["kept", "document"])
    respondent.role = rules.role_of(answer.document)
    respondent.flags = sorted({*respondent.flags, *flags})
    respondent.save(update_fields=["role", "flags", "finished_on", "completed_on"])
    return step


@transaction.atomic
def withdraw(*, code: str, at: datetime) -> None:
    """Take all answers back. An empty place stays in the chain, so that those behind it hold."""
    found = Respondent.objects.select_for_update(of=("self",)).select_related("study")
    respondent = found.filter(code_hash=codes.hash_of(code, "respondent")).first()
    if reason := rules.why_not_withdraw(respondent, at):
        raise Refused(reason, _("Compare the code sign by sign."), status=422)
    assert respondent
    Answer.objects.filter(respondent=respondent).delete()
    respondent.coupons.filter(state=CouponState.UNUSED).update(state=CouponState.VOID)
    links = OpenLink.objects.filter(code_hash=codes.hash_of(link_code(code), "link"))
    links.filter(respondents=None).delete()
    leaves = [codes.hash_of(codes.derived(code, one), one) for one in Purpose.values]
    Permission.objects.filter(code_hash__in=leaves).delete()
    respondent.withdrawn_on, respondent.code_hash = at.date(), None
    respondent.role, respondent.flags = "", []
    respondent.save(update_fields=["withdrawn_on", "code_hash", "role", "flags"])


@transaction.atomic
def name_ties(*, leave: str, named: Iterable[NamedTie]) -> None:
    """Institutions and ties that somebody names, once. They wait for the next day's batch."""
    _use_leave(leave, Purpose.NAMING)
    NamedTie.objects.bulk_create(named)


@transaction.atomic
def leave_contact(*, leave: str, email: str, language: str) -> None:
    """An address to send the results to, once. It has no key to anything else."""
    study = _use_leave(leave, Purpose.CONTACT)
    Contact.objects.get_or_create(study=study, email=email.lower(), defaults={"language": language})


# What the worker does.


@transaction.atomic
def enter_named_due(at: datetime) -> bool:
    """Once a day: enter all that was named before, in the order of random numbers.

    All get the same moment, the beginning of the day, and nothing of when each was named is left.
    Says whether there was anything to do.
    """
    batch, is_new = Batch.objects.select_for_update().get_or_create(
        name=Purpose.NAMING, defaults={"day": at.date()}
    )
    if is_new or batch.day >= at.date():
        return False
    batch.day = at.date()
    batch.save(update_fields=["day"])
    waiting = list(NamedTie.objects.select_related("subject_kind", "object_kind").order_by("pk"))
    morning = datetime.combine(at.date(), time.min, UTC)
    for one in waiting:
        _enter(one, morning)
    NamedTie.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    return bool(waiting)


def close_due(at: datetime) -> bool:
    """Close every study whose last day has passed."""
    due = [one for one in queries.not_closed() if rules.is_over(one.closes_on, at)]
    for study in due:
        close_if_due(study=study, at=at)
    return bool(due)


@transaction.atomic
def analyse_closed_due(at: datetime) -> bool:
    """Have each study worked out once after its close, while its chains are still there."""
    closed = Study.objects.filter(closed_at__isnull=False)
    due = list(closed.exclude(analyses__requested_at__gte=F("closed_at")))
    held = [one for one in map(hold, due) if not rules.why_not_analyse(one, _analyses(one), at)]
    for study in held:
        _due_analysis(study, None, at)
    return bool(held)


# What the verbs are made of.

#: First parts of addresses in this room, which no study may be called.
ADDRESSES = {
    "cooperators", "pbers", "s", "mine", "resume", "withdraw", "name", "updates", "desk", "launch",
    "results", "new",
}  # fmt: skip


def hold(study: Study) -> Study:
    """As it is stored, held against others until the act is done."""
    found = Study.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("institution").get(pk=study.pk)


def held_by(study: Study, by: Person) -> Study:
    """The same, only for who looks after it."""
    held = hold(study)
    if reason := rules.why_not_own(held, by):
        raise Refused(reason, status=403)
    return held


def _hold_open(study: Study, at: datetime) -> Study:
    """The study, held against its close until this transaction ends; others may answer meanwhile.

    PostgreSQL's FOR SHARE, which Django's queries do not offer; SQLite has one writer anyway.
    """
    share = " FOR SHARE" if connection.vendor == "postgresql" else ""
    held: Study = Study.objects.raw(
        f"SELECT * FROM surveys_study WHERE id = %s{share}", [study.pk]
    )[0]
    if reason := rules.why_not_answer(held, at):
        raise Refused(reason)
    return held


def _hold_respondent(code: str, at: datetime) -> Respondent:
    found = Respondent.objects.select_for_update(of=("self",)).select_related(
        "study", "version", "answer"
    )
    respondent = found.filter(code_hash=codes.hash_of(code, "respondent")).first()
    if respondent is None:
        raise Refused(
            _("There is no such code, or its answers were taken back already."),
            _("Compare the code sign by sign."),
            status=422,
        )
    _hold_open(respondent.study, at)
    return respondent


def _use_leave(leave: str, purpose: str) -> Study:
    """Use up somebody's leave; of two at once one does."""
    found = Permission.objects.filter(code_hash=codes.hash_of(leave, purpose), purpose=purpose)
    study = Study.objects.filter(permissions__in=found).first()
    if study is None or not found.delete()[0]:
        raise Refused(
            _("This was done already, or the page was open too long."),
            _("Go back to the page of thanks, and come from there."),
            status=410,
        )
    return study


def _enter(named: NamedTie, at: datetime) -> None:
    """Into the register, as said by nobody of the site. Who left the site is not entered again."""
    subject = _entered(named.subject_name, named.subject_place, named.subject_kind, at)
    if subject is None or not named.object_name or named.object_kind is None:
        return
    object = _entered(named.object_name, named.object_place, named.object_kind, at)
    if object is not None and object != subject:
        name_tie(subject=subject, predicate=named.predicate, object=object, at=at)


def _entered(name: str, place: str, kind: Kind, at: datetime) -> Institution | None:
    """The institution that is meant, entered if it is none here; None when it left."""
    same = queries.called_exactly(name, place)
    if any(one.left_at for one in same):
        return None
    if len(same) == 1:
        return same[0]
    return register(name=name, kind=kind.slug, place=place, at=at)


def _close(held: Study, by: Person | None, at: datetime) -> Study:
    if reason := rules.why_not_close(held):
        raise Refused(reason)
    held.closed_at = at
    held.save(update_fields=["closed_at"])
    answers = held.respondents.filter(finished_on__isnull=False, withdrawn_on=None).count()
    note("closed", held, by, at, facts={"answers": answers})
    return held


def _tell_of_results(study: Study, at: datetime) -> None:
    """The one mail that people left an address for. Then the address has done what it was for."""
    for contact in study.contacts.all():
        template = "surveys/mail/results.txt"
        write_mail(to=contact.email, template=template, context={"study": study}, at=at)
    study.contacts.all().delete()


def _analyses(study: Study) -> list[Analysis]:
    return list(study.analyses.defer("outcome", "sizes"))


def _due_analysis(held: Study, by: Person | None, at: datetime) -> Analysis:
    last = held.analyses.values_list("number", flat=True).first() or 0
    return Analysis.objects.create(study=held, number=last + 1, requested_by=by, requested_at=at)


def _consent_text(study: Study, text: str | LazyI18nString, at: datetime) -> Consent:
    number = study.consents.count() + 1
    return Consent.objects.create(study=study, number=number, text=text, made_at=at)


def _version(
    study: Study, files: Mapping[str, bytes], at: datetime, note: str | LazyI18nString = ""
) -> FormVersion:
    """The questionnaire written anew in our own order, so that it is the same whatever file it was."""
    reading = read(files)
    if reading.form is None:
        raise Refused(
            _("These files cannot be asked yet."),
            " ".join(str(one) for one in reading.faults[:5]),
            status=422,
        )
    last = study.versions.order_by("-number").values_list("number", flat=True).first() or 0
    if last >= rules.MOST_VERSIONS:
        raise Refused(_("A survey has %(most)s versions at most.") % {"most": rules.MOST_VERSIONS})
    written = to_csv(to_tables(reading.form))
    return FormVersion.objects.create(
        study=study,
        number=last + 1,
        content_hash=content_hash(reading.form),
        document={name: data.decode() for name, data in written.items()},
        note=note,
        made_at=at,
    )


def _coupons(
    study: Study, new: Sequence[str], parent: Respondent | None, at: datetime
) -> list[Coupon]:
    day = at.date()
    return Coupon.objects.bulk_create(
        Coupon(
            study=study,
            code_hash=codes.hash_of(code, "coupon"),
            parent=parent,
            issued_on=day,
            expires_on=day + rules.COUPON_LIFETIME,
        )
        for code in new
    )


def _by_coupon(study: Study, code: str, at: datetime) -> dict[str, object]:
    coupon = queries.coupon_of(code)
    reason = rules.why_not_use(coupon if coupon and coupon.study_id == study.pk else None, at)
    if not reason:
        assert coupon
        unused = Coupon.objects.filter(pk=coupon.pk, state=CouponState.UNUSED)
        if unused.update(state=CouponState.USED):
            parent = coupon.parent
            tree = parent.tree if parent else coupon.seed.ref
            wave = (parent.wave or 0) + 1 if parent else 0
            return {"came_by": CameBy.COUPON, "coupon": coupon, "tree": tree, "wave": wave}
        reason = rules.why_spent()
    raise Refused(reason, _("Ask whoever sent it for another, or take part by the public page."))


def _by_link(study: Study, code: str) -> dict[str, object]:
    """By a personal link, if it is one of this study; the public page lets everybody in."""
    link = queries.link_of(code) if code and study.is_chain else None
    known = link if link and link.study_id == study.pk else None
    return {"came_by": CameBy.OPEN, "link": known}


def agreed(form: Form) -> dict[str, list[str]]:
    """What consenting answers already: a question called `consent` that can be answered "yes"."""
    asked = form.by_name.get("consent")
    if asked is None or asked.type != "select_one":
        return {}
    return {"consent": ["yes"]} if any(one.name == "yes" for one in form.choices(asked)) else {}


def _finish(respondent: Respondent, code: str, step: Step, at: datetime) -> None:
    """The core is answered: the first time, what is passed on and what comes after is made."""
    respondent.completed_on = at.date() if step.page is None else None
    if respondent.finished_on:
        return
    respondent.finished_on = at.date()
    study = respondent.study
    Permission.objects.bulk_create(
        Permission(code_hash=codes.hash_of(codes.derived(code, one), one), study=study, purpose=one)
        for one in Purpose.values
    )
    if not study.is_chain or rules.role_of(step.answers) == Role.NEITHER:
        return
    if respondent.came_by == CameBy.COUPON:
        _coupons(study, list(coupon_codes(code)), respondent, at)
    else:
        OpenLink.objects.create(
            study=study, code_hash=codes.hash_of(link_code(code), "link"), issued_on=at.date()
        )


def coupon_codes(code: str) -> Iterator[str]:
    """The coupons that a respondent hands on, by their own code."""
    return (codes.derived(code, "coupon", number) for number in range(rules.COUPONS_EACH))


def link_code(code: str) -> str:
    """The link that a respondent passes on, by their own code."""
    return codes.derived(code, "link")


def note(
    what: str,
    study: Study,
    by: Person | None,
    at: datetime,
    *,
    audience: Audience = Audience.PUBLIC,
    facts: Mapping[str, object] | None = None,
) -> None:
    """One fact about a study, on the record; never one about a respondent."""
    record.write(
        act=f"survey.{what}",
        subject=f"survey/{study.slug}",
        at=at,
        is_synthetic=study.is_synthetic,
        audience=audience,
        actor=by.reference if by else "",
        facts={"name": words(study.institution.name), "title": words(study.title), **(facts or {})},
    )
