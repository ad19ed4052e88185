"""Who compared the bids, and how, each with a sentence."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.models.bids import Offer
from interlock.web.delivery.models.calls import Call, Criterion, Lot
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person

MOST_POINTS = 10


class Panelist(models.Model):
    """A named person who scores. They declare before they see a bid whether they have a conflict."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="panel")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name, as the public reads it"), max_length=120)
    named_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="one_seat_a_person")]

    def __str__(self) -> str:
        return self.name


class Recusal(models.Model):
    """A panelist does not score what this institution bids, and says why."""

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="recusals")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panelist", "institution"], name="one_recusal_an_institution"
            )
        ]

    def __str__(self) -> str:
        return f"{self.panelist} not on {self.institution_id}"


class Conflict(models.Model):
    """A panelist has a part in a bidder of this lot and did not declare it: the site found it.

    In which bidder, and what part, is written nowhere. From `set_aside_at` on nothing counts that
    they scored of the lot. What is found after the award changes nothing by itself.
    """

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="conflicts")
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="conflicts")
    found_at = models.DateTimeField()
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["panelist", "lot"], name="one_conflict_a_lot")
        ]

    def __str__(self) -> str:
        return f"{self.panelist} in lot {self.lot_id}"


class Score(models.Model):
    """Points from 0 to 10 for one criterion of one offer, with the reason in a sentence."""

    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="scores")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(_("points"))
    sentence = models.CharField(_("why, in a sentence"), max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panelist", "offer", "criterion"], name="one_score_a_criterion"
            ),
            models.CheckConstraint(condition=Q(points__lte=MOST_POINTS), name="points_to_ten"),
            models.CheckConstraint(condition=~Q(sentence=""), name="score_has_a_sentence"),
        ]

    def __str__(self) -> str:
        return f"{self.points} by {self.panelist_id}"
