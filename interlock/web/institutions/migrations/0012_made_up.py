from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0011_whose_word'),
    ]

    operations = [
        migrations.AddField(
            model_name='institution',
            name='is_synthetic',
            field=models.BooleanField(default=False, editable=False, verbose_name='made up'),
        ),
    ]
