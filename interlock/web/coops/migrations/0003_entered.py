from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coops", "0002_kept")]
    # A column that may be empty is added in place, so that the triggers of the table stay.
    operations = [
        migrations.AddField(
            model_name="vote", name="entered_at", field=models.DateTimeField(null=True)
        )
    ]
