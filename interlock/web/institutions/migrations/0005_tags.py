from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("institutions", "0004_claims")]

    operations = [
        migrations.AddField(
            model_name="institution",
            name=name,
            field=models.JSONField(blank=True, default=list, verbose_name=label),
        )
        for name, label in (
            ("tags", "tags"),
            ("other_names", "other names"),
            ("links", "other addresses"),
            ("other_activities", "other activities"),
        )
    ]
