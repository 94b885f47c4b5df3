"""Le guide d'un appel, ses questions publiques, et les pannes mesurées du portail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from socle.migration_sql import meme_entente


class Migration(migrations.Migration):
    dependencies = [
        ("alliances", "0008_historique"),
        ("appels", "0005_preparation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Interruption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("debut", models.DateTimeField(verbose_name="dernière réponse avant")),
                ("fin", models.DateTimeField(verbose_name="première réponse après")),
                ("constatee", models.BooleanField(verbose_name="refus constaté par la sonde")),
            ],
            options={
                "verbose_name": "interruption du portail",
                "verbose_name_plural": "interruptions du portail",
                "ordering": ["-debut"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fin__gt", models.F("debut"))), name="interruption_dates"
                    ),
                    models.UniqueConstraint(fields=("debut",), name="interruption_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TexteGuide",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("titre", models.CharField(max_length=120, verbose_name="titre")),
                ("texte", models.TextField(verbose_name="texte")),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                (
                    "appel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="textes",
                        to="appels.appel",
                        verbose_name="appel",
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
                "verbose_name": "texte du guide",
                "verbose_name_plural": "textes du guide",
                "ordering": ["appel", "ordre", "id"],
            },
        ),
        migrations.CreateModel(
            name="QuestionPublique",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.TextField(max_length=600, verbose_name="question")),
                ("reponse", models.TextField(blank=True, verbose_name="réponse")),
                (
                    "etat",
                    models.CharField(
                        choices=[("recue", "À répondre"), ("publiee", "Publiée"), ("ecartee", "Écartée")],
                        default="recue",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("du_public", models.BooleanField(default=False, verbose_name="posée par le public")),
                ("posee_le", models.DateTimeField(verbose_name="posée le")),
                ("publiee_le", models.DateTimeField(blank=True, null=True, verbose_name="publiée le")),
                (
                    "appel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="appels.appel",
                        verbose_name="appel",
                    ),
                ),
                (
                    "auteur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="répondu par",
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
                "verbose_name": "question sur l’appel",
                "verbose_name_plural": "questions sur l’appel",
                "ordering": ["appel", "-publiee_le", "-posee_le"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "publiee"), _negated=True),
                            models.Q(models.Q(("reponse", ""), _negated=True), ("publiee_le__isnull", False)),
                            _connector="OR",
                        ),
                        name="question_repondue",
                    )
                ],
            },
        ),
        meme_entente("appels_texteguide", "appel_id", "appels_appel"),
        meme_entente("appels_questionpublique", "appel_id", "appels_appel"),
    ]
