"""What an institution needs or offers, and the introductions between two of them."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from interlock.methods.matching.listings import Terms
from interlock.web.institutions.models import Institution, Scope
from interlock.web.institutions.vocabulary import activities
from interlock.web.people.models import Person
from interlock.web.ties.models import Tie


class Exchange(models.TextChoices):
    """Murmurations' words for the two sides."""

    WANT = "want", _("Need")
    OFFER = "offer", _("Offer")

    @property
    def opposite(self) -> "Exchange":
        return Exchange.OFFER if self == Exchange.WANT else Exchange.WANT


class Item(models.TextChoices):
    """Murmurations' words for what it is."""

    SERVICE = "service", _("Service")
    GOOD = "good", _("Good")


class Transaction(models.TextChoices):
    """Murmurations' words for how it changes hands."""

    BUY_SELL = "buy-sell", _("buy or sell")
    RECEIVE_DONATE = "receive-donate", _("give or receive as a gift")
    BORROW_LEND = "borrow-lend", _("lend or borrow")
    RENT_LEASE = "rent-lease", _("rent")


class Contact(models.TextChoices):
    """How somebody who is not introduced reaches the institution."""

    PUBLISHED = "published", _("By the public e-mail address of its page")
    SITE = "site", _("Through this site only")


class Closing(models.TextChoices):
    """Why a listing was closed."""

    HERE = "here", _("Found through this site")
    ELSEWHERE = "elsewhere", _("Found elsewhere")
    NO_MORE = "no_more", _("Not needed or not offered any more")
    LEFT = "left", _("The institution left this site")


class ListingQuerySet(models.QuerySet["Listing"]):
    def open(self, at: datetime) -> "ListingQuerySet":
        """Those that hold: neither closed nor past their day."""
        return self.filter(closed_at=None, expires_at__gt=at)


class Listing(models.Model):
    """A need or an offer of an institution, until its day has come or somebody closes it.

    `of_process` marks what a participatory budget needs to be held at all: facilitation, translation,
    printing. `terms` are its words as matching compares them, made anew by whatever writes it;
    `Term` has the same, one a row, so that a database finds what shares any of them.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="listings")
    exchange_type = models.CharField(_("need or offer"), max_length=5, choices=Exchange)
    item_type = models.CharField(_("good or service"), max_length=7, choices=Item)
    transaction_types = models.JSONField(_("how it changes hands"), default=list)
    title = I18nCharField(_("title"), max_length=120)
    text = I18nTextField(_("more about it"), blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    activity = models.CharField(_("kind of work"), max_length=8, blank=True, choices=activities)
    geographic_scope = models.CharField(_("reach"), max_length=14, choices=Scope)
    of_process = models.BooleanField(_("a participatory budget needs it to be held"), default=False)

    place = models.CharField(_("town"), max_length=120, blank=True)
    region = models.CharField(_("state or region"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    contact = models.CharField(_("how to reach you"), max_length=9, choices=Contact)
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(_("why it is closed"), max_length=9, blank=True, choices=Closing)
    terms = models.JSONField(default=dict)

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-posted_at", "-pk"]
        indexes = [
            models.Index(fields=["closed_at", "exchange_type", "expires_at"]),
            models.Index(fields=["-posted_at", "-id"]),
            models.Index(
                fields=["expires_at"],
                condition=Q(closed_at__isnull=True, reminded_at__isnull=True),
                name="listing_to_remind",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="listing_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closing="")
                | Q(closed_at__isnull=False) & ~Q(closing=""),
                name="closed_listing_says_why",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("posted_at")), name="listing_posted_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("needs:listing", args=[self.pk])

    @property
    def is_need(self) -> bool:
        return self.exchange_type == Exchange.WANT

    def is_open(self, at: datetime) -> bool:
        return self.closed_at is None and self.expires_at > at

    @property
    def last_day(self) -> date:
        """The last day on which it holds, in UTC."""
        return (self.expires_at - timedelta(seconds=1)).date()

    @property
    def said(self) -> Terms:
        """Its words and tags as they are compared."""
        return Terms.of(self.terms)

    def transaction_labels(self) -> list[str]:
        return [str(Transaction(one).label) for one in self.transaction_types]


class Term(models.Model):
    """One of a listing's words as it is looked for ("en:translat"), or one of its tags ("#ballot").

    `word` is the tag as it was written; a word is told by its listing.
    """

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="term_rows")
    key = models.CharField(max_length=100)
    word = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "listing"], name="one_term_each")]

    def __str__(self) -> str:
        return self.key


class Sequel(models.TextChoices):
    """What one side says became of an introduction."""

    TALKING = "talking", _("We are still talking")
    LED = "led", _("It led somewhere")
    NOTHING = "nothing", _("It led nowhere")


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def waiting(self) -> "IntroductionQuerySet":
        """Those that nobody has answered or withdrawn."""
        return self.filter(answered_at=None, withdrawn_at=None)

    def accepted(self) -> "IntroductionQuerySet":
        return self.filter(accepted=True)


class Introduction(models.Model):
    """One institution asks to be introduced to another about a listing, perhaps with one of its own.

    It is told how to reach the other's person (`asked_reach`), and the other how to reach its own
    (`asker_reach`), once it was accepted and never before. Each side says for itself what became of
    it; where it led somewhere, that side's word becomes a tie, which the other confirms as any tie.
    """

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="introductions")
    own_listing = models.ForeignKey(
        Listing, null=True, blank=True, on_delete=models.PROTECT, related_name="introductions_with"
    )
    asker = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="introductions_asked"
    )
    asked = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="introductions_answered"
    )
    sentence = models.CharField(_("in a sentence"), max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asker_reach = models.CharField(max_length=200)

    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted = models.BooleanField(default=False)
    answer = models.CharField(max_length=500, blank=True)
    asked_reach = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    asker_says = models.CharField(max_length=7, blank=True, choices=Sequel)
    asked_says = models.CharField(max_length=7, blank=True, choices=Sequel)
    asker_tie = models.ForeignKey(Tie, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_tie = models.ForeignKey(Tie, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "asker"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_introduction",
            ),
            models.CheckConstraint(condition=~Q(asker=F("asked")), name="introduction_of_two"),
            models.CheckConstraint(
                condition=Q(accepted=False) | Q(answered_at__isnull=False),
                name="accepted_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(accepted=True) | Q(asked_reach=""), name="reach_after_yes"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="answered_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker} to {self.asked}: {self.listing}"

    def get_absolute_url(self) -> str:
        return reverse("needs:introduction", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def sides(self) -> tuple[Institution, Institution]:
        return self.asker, self.asked

    def says(self, side: Institution) -> str:
        """What that side says became of it."""
        return self.asker_says if side == self.asker else self.asked_says

    def tie_by(self, side: Institution) -> Tie | None:
        """The tie that it led to, as that side says."""
        return self.asker_tie if side == self.asker else self.asked_tie

    @property
    def ties(self) -> list[Tie]:
        """What it led to: one tie where both sides say the same, and nobody took it back."""
        said = dict.fromkeys((self.asker_tie, self.asked_tie))
        return [tie for tie in said if tie and not tie.withdrawn_at]
