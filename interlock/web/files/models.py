"""A picture, known by its content."""

from django.db import models
from django.urls import reverse


class Picture(models.Model):
    """A picture as it is served: drawn anew from what somebody sent, and named by its own bytes.

    Whoever shows one points to it with a foreign key that protects it; two may show the same. At
    `check_at` it is looked whether anybody still does.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    check_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "sha256"]
        indexes = [
            models.Index(
                fields=["check_at"],
                condition=models.Q(check_at__isnull=False),
                name="pictures_to_check",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}, {self.width} × {self.height}"

    def get_absolute_url(self) -> str:
        return reverse("files:picture", args=[self.sha256])

    @property
    def small_url(self) -> str:
        """The address of the same picture in small, for lists."""
        return reverse("files:small", args=[self.sha256])
