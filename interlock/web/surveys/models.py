"""What a survey keeps, and what it cannot keep.

Nobody's address, device, name or hour is in any of these tables: whatever concerns a respondent has
days only, random identifiers, and hashes of the codes that respondents hold. On SQLite their tables
are `WITHOUT ROWID`: an ordinary one numbers its rows in the order of answering. Three kinds of
things have no key to each other, and nothing else that joins them: answers, e-mail addresses for
results (`Contact`), and institutions that somebody named (`NamedTie`).
"""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.models import Person
from interlock.web.ties.models import Predicate


class Anonymity(models.TextChoices):
    """What ties answers to each other. Before anybody answers it is settled for good."""

    CHAIN = "chain", _("Tied to each other by random numbers, which are destroyed")
    APART = "apart", _("Tied to nothing")


class Study(models.Model):
    """A survey of one institution: its questions, its promises, and those who answer.

    From its opening on `anonymity` stays, and the days of the promises (`links_until`,
    `contacts_until`, `answers_until`) can only come sooner: the database itself refuses anything
    else, and nobody can have answered before. Until `links_until` an answer can be withdrawn; then codes and coupons
    are destroyed. One at the `doors` is what the site's two public pages lead to. `follows` is the
    round before it.
    """

    slug = models.SlugField(max_length=80, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="studies")
    title = I18nCharField(_("title"), max_length=200)
    about = I18nTextField(_("who asks, and why"))
    contact = I18nCharField(_("whom respondents can ask"), max_length=300)
    ethics = I18nCharField(_("who looks after their rights"), max_length=300)
    anonymity = models.CharField(
        _("what ties answers to each other"),
        max_length=5,
        choices=Anonymity,
        default=Anonymity.CHAIN,
    )
    doors = models.BooleanField(_("on the site's two public pages"), default=True)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    launched_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closes_on = models.DateField(_("last day to answer"))
    closed_at = models.DateTimeField(null=True)
    links_until = models.DateField(_("codes and chains are kept until"))
    contacts_until = models.DateField(_("e-mail addresses are kept until"))
    answers_until = models.DateField(_("answers are kept until"), null=True, blank=True)

    class Meta:
        ordering = ["-launched_at", "-pk"]
        verbose_name_plural = "studies"
        constraints = [
            models.CheckConstraint(
                condition=Q(links_until__gte=F("closes_on")),
                name="study_links_outlast_it",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(opened_at__isnull=False),
                name="study_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("surveys:study", args=[self.slug])

    @property
    def is_synthetic(self) -> bool:
        """It is made up where its institution is."""
        return self.institution.is_synthetic

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_chain(self) -> bool:
        return self.anonymity == Anonymity.CHAIN


class FormVersion(models.Model):
    """The questions of a study. Once published they stay: the database refuses a change.

    `document` holds the sheets `survey`, `choices` and `settings` as CSV. `note` says what changed.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    document = models.JSONField()
    note = I18nCharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="one_form_a_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Consent(models.Model):
    """What respondents agree to, word for word. Once the study is open the database keeps it so."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="consents")
    number = models.PositiveSmallIntegerField()
    text = I18nTextField(_("what people agree to"))
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="one_consent_a_number")
        ]

    def __str__(self) -> str:
        return f"consent {self.number}"


class CouponState(models.TextChoices):
    """What became of a coupon. One that was used stays so."""

    UNUSED = "unused", _("not used")
    USED = "used", _("used")
    VOID = "void", _("taken back")


class Coupon(models.Model):
    """The right to answer once, handed on by a respondent (`parent`), or by nobody as a seed.

    Only the hash of its code is kept, and not beyond the study's `links_until`. It is used when its
    holder consents, by changing `state` where it is still unused: so once, whoever comes together.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="coupons")
    code_hash = models.CharField(max_length=64, unique=True, null=True)
    parent = models.ForeignKey(
        "Respondent", null=True, on_delete=models.SET_NULL, related_name="coupons"
    )
    state = models.CharField(max_length=6, choices=CouponState, default=CouponState.UNUSED)
    issued_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["study", "state"], name="coupons_of_a_study")]

    def __str__(self) -> str:
        return f"coupon, {self.state}"


class Seed(models.Model):
    """Where a chain begins: a coupon that the study's owner hands out, known by its number."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="seeds")
    number = models.PositiveIntegerField()
    coupon = models.OneToOneField(Coupon, on_delete=models.CASCADE, related_name="seed")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="one_seed_a_number")
        ]

    def __str__(self) -> str:
        return f"seed {self.number}"


class OpenLink(models.Model):
    """A personal link to pass on without limit. It says that somebody shared, and never who.

    `ref` is that somebody's random number; nothing leads from it to their own answers. Whoever
    comes by it is no part of a chain, and told apart from those who are.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="open_links")
    code_hash = models.CharField(max_length=64, unique=True, null=True)
    issued_on = models.DateField()

    def __str__(self) -> str:
        return "open link"


class CameBy(models.TextChoices):
    """How a respondent came: in the chain, or by what anybody may use."""

    COUPON = "coupon", _("by a coupon")
    OPEN = "open", _("by an open link or a public page")


class Role(models.TextChoices):
    """What the questions at the beginning make of a respondent."""

    COOP = "coop", _("Cooperator")
    PB = "pb", _("PBer")
    BOTH = "both", _("Both")
    NEITHER = "neither", _("Neither")


class Respondent(models.Model):
    """Somebody who consented. Their number is random; of time there are days only.

    `code_hash` is of the one code that they hold: with it they go on elsewhere, see their coupons
    again, and withdraw. `tree` is the random number of the seed from which their chain grew, and
    `wave` how far from it they are; both stay when links are destroyed. Who came by an open link
    has neither. `finished_on` is the day the core was submitted, `completed_on` that of the rest.
    Who withdrew stays as an empty node, so that the chain behind them holds. `flags` are doubts for
    a person to look at: `fast`, `trap`, `alike`.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="respondents")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="respondents")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="respondents")
    came_by = models.CharField(max_length=6, choices=CameBy)
    coupon = models.OneToOneField(
        Coupon, null=True, on_delete=models.SET_NULL, related_name="respondent"
    )
    link = models.ForeignKey(
        OpenLink, null=True, on_delete=models.SET_NULL, related_name="respondents"
    )
    tree = models.UUIDField(null=True)
    wave = models.PositiveSmallIntegerField(null=True)
    code_hash = models.CharField(max_length=64, unique=True, null=True)
    role = models.CharField(max_length=7, choices=Role, blank=True)
    started_on = models.DateField()
    finished_on = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    flags = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["study", "started_on"], name="respondents_started"),
            models.Index(fields=["study", "finished_on"], name="respondents_finished"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(came_by=CameBy.OPEN, coupon=None, tree=None, wave=None)
                | Q(came_by=CameBy.COUPON, link=None, tree__isnull=False, wave__isnull=False),
                name="respondent_in_a_chain_or_not",
            )
        ]

    def __str__(self) -> str:
        return f"respondent, {self.came_by}"

    @property
    def is_finished(self) -> bool:
        return self.finished_on is not None and self.withdrawn_on is None


class Answer(models.Model):
    """What one respondent answered.

    `kept` is what was posted so far, as `methods.questionnaires` wants it back, and goes when the
    study closes. `document` are the valid answers by the names of questions, from the day the core
    is submitted; before that it is empty, and counts for nothing.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    respondent = models.OneToOneField(Respondent, on_delete=models.CASCADE, related_name="answer")
    kept = models.JSONField(default=dict)
    document = models.JSONField(default=dict)

    def __str__(self) -> str:
        return "answer"


class Contact(models.Model):
    """Where to send the results. It has no key to anything that was answered."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="contacts")
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "email"], name="one_contact_an_address")
        ]

    def __str__(self) -> str:
        return "contact"


class Purpose(models.TextChoices):
    """What somebody who finished may do once more, and apart from their answers."""

    NAMING = "naming", _("name institutions")
    CONTACT = "contact", _("leave an e-mail address")


class Permission(models.Model):
    """Leave to do one more thing, once. Whoever finished holds its code; it says not who."""

    code_hash = models.CharField(max_length=64, primary_key=True)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="permissions")
    purpose = models.CharField(max_length=7, choices=Purpose)

    def __str__(self) -> str:
        return f"permission, {self.purpose}"


class NamedTie(models.Model):
    """An institution that somebody named; or two, and what the one does for the other.

    It waits for the next day's batch, which enters all of them in the order of their random numbers
    and leaves nothing here. No day stands on it, and no study: nothing that answers have too.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_name = models.CharField(_("name"), max_length=200)
    subject_place = models.CharField(_("town"), max_length=120, blank=True)
    subject_kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    predicate = models.CharField(_("does what"), max_length=20, choices=Predicate, blank=True)
    object_name = models.CharField(_("name"), max_length=200, blank=True)
    object_place = models.CharField(_("town"), max_length=120, blank=True)
    object_kind = models.ForeignKey(Kind, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.subject_name} {self.predicate} {self.object_name}".strip()


class Batch(models.Model):
    """The last day on which what waits for a daily batch was dealt with."""

    name = models.CharField(max_length=20, primary_key=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.name}, {self.day}"


class Analysis(models.Model):
    """What the worker is to estimate, and what came out. A row that is not done is due.

    `outcome` is data for the results page, with small cells withheld already. Only published ones
    are shown to others, and they stay as they were: a second table of almost the same people would
    undo what the first one withheld. `answers` and `sizes` are exact, and shown to nobody: by them
    the next analysis tells nothing of almost the same people (`analysing.repeating`).
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="analyses")
    number = models.PositiveSmallIntegerField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    parameters = models.JSONField(default=dict)
    answers = models.PositiveIntegerField(default=0)
    sizes = models.JSONField(default=dict)
    outcome = models.JSONField(null=True)
    failure = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "analyses"
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="one_analysis_a_number"),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(done_at__isnull=False),
                name="analysis_is_done_before_it_is_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=Q(done_at__isnull=True, failure=""),
                name="analysis_due",
            )
        ]

    def __str__(self) -> str:
        return f"analysis {self.number}"


class Estimate(models.Model):
    """One question's part of an analysis."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="estimates")
    name = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField()
    outcome = models.JSONField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "name"], name="one_estimate_a_question")
        ]

    def __str__(self) -> str:
        return self.name


class ResearcherAccess(models.Model):
    """A person's leave to read single answers of a study: why, given by whom, until when."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="researchers")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="researched"
    )
    reason = models.CharField(_("what for"), max_length=500)
    asked_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "person"],
                condition=Q(ended_at__isnull=True, declined_at__isnull=True),
                name="one_access_a_researcher",
            )
        ]

    def __str__(self) -> str:
        return f"access of {self.person_id}"

    def holds(self, at: datetime) -> bool:
        """Whether answers may be read now."""
        given = self.given_at is not None and self.ended_at is None
        return given and (self.until is None or at.date() <= self.until)


class Opening(models.Model):
    """Each time single answers were read or downloaded: by which leave, when, and what."""

    access = models.ForeignKey(ResearcherAccess, on_delete=models.PROTECT, related_name="openings")
    at = models.DateTimeField()
    what = models.CharField(max_length=60)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.what


class Retained(models.TextChoices):
    """What is destroyed when its day has come."""

    DRAFTS = "drafts", _("answers that were never submitted")
    LINKS = "links", _("codes, coupons and links")
    CONTACTS = "contacts", _("e-mail addresses")
    ANSWERS = "answers", _("answers")


class RetentionRecord(models.Model):
    """What was destroyed of a study, how much of it, on which day, and by when it was promised."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="retention")
    what = models.CharField(max_length=8, choices=Retained)
    promised = models.DateField()
    done_on = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ["-done_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "what"], name="destroyed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what}, {self.number}"
