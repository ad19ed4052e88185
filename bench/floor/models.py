"""The rows of the site's lists as plain text, and a ballot that is one row under UNIQUE."""

from django.db import models


class Row(models.Model):
    """One line of one of the site's lists, named by `page`."""

    page = models.CharField(max_length=40, db_index=True)
    ref = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    text = models.TextField()
    amount = models.BigIntegerField()
    note = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title


class Voter(models.Model):
    code = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.code


class Vote(models.Model):
    voter = models.OneToOneField(Voter, on_delete=models.PROTECT)
    choices = models.JSONField()

    def __str__(self) -> str:
        return f"vote of {self.voter_id}"
