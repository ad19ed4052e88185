"""What comes back to a pot of what areas had from it."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("budgets", "0003_margin")]
    operations = [
        migrations.AddField(
            "pot", "returned", models.BigIntegerField(default=0, editable=False)
        ),
        migrations.AddConstraint(
            "pot",
            models.CheckConstraint(
                condition=Q(returned__gte=0) & Q(returned__lte=F("amount") - F("unallocated")),
                name="pot_takes_back_what_it_gave",
            ),
        ),
    ]
