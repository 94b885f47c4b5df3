"""Le PDF du guide, que Celery refait à chaque changement public."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appels", "0006_guide_et_questions"),
        ("socle", "0005_rattachements_connus"),
    ]

    operations = [
        migrations.AddField(
            model_name="appel",
            name="guide",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="socle.fichier",
                verbose_name="guide, en PDF",
            ),
        ),
    ]
