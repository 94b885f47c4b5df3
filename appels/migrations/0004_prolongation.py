"""Les prolongations de la période de dépôt, vers l'avant seulement (R21)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from socle.migration_sql import meme_entente


class Migration(migrations.Migration):
    dependencies = [
        ("alliances", "0008_historique"),
        ("appels", "0003_plan_cite"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProlongationDepot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ancienne", models.DateTimeField(verbose_name="ancienne fermeture (instant exclusif)")),
                ("nouvelle", models.DateTimeField(verbose_name="nouvelle fermeture (instant exclusif)")),
                ("motif", models.CharField(max_length=300, verbose_name="motif")),
                ("instant", models.DateTimeField(verbose_name="prolongé le")),
                (
                    "appel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prolongations",
                        to="appels.appel",
                        verbose_name="appel",
                    ),
                ),
                (
                    "auteur",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prolongé par",
                    ),
                ),
                (
                    "entente",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alliances.entente",
                        verbose_name="entente",
                    ),
                ),
            ],
            options={
                "verbose_name": "prolongation du dépôt",
                "verbose_name_plural": "prolongations du dépôt",
                "ordering": ["appel", "-instant"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(nouvelle__gt=models.F("ancienne")), name="prolongation_vers_l_avant"
                    )
                ],
            },
        ),
        meme_entente("appels_prolongationdepot", "appel_id", "appels_appel"),
    ]
