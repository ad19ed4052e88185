"""What both sides' ties have taken the place of; apart, as PostgreSQL alters no table it has just written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("needs", "0002_tie_of_each_side")]

    operations = [migrations.RemoveField("introduction", "tie")]
