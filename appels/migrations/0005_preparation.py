"""Préparer un appel : mode et périodes de dépôt, terme propre, montants à venir, pièces sous condition, calendrier daté."""

import django.db.models.deletion
from django.db import migrations, models

from socle.migration_sql import meme_entente


class Migration(migrations.Migration):
    dependencies = [
        ("alliances", "0008_historique"),
        ("appels", "0004_prolongation"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeriodeDepot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("ouverture", models.DateTimeField(verbose_name="ouverture")),
                ("fermeture", models.DateTimeField(verbose_name="fermeture (instant exclusif)")),
                ("reponse_visee", models.DateField(blank=True, null=True, verbose_name="réponse visée")),
            ],
            options={
                "verbose_name": "période de dépôt",
                "verbose_name_plural": "périodes de dépôt",
                "ordering": ["appel", "ouverture"],
            },
        ),
        migrations.AddField(
            model_name="appel",
            name="annulation_motif",
            field=models.CharField(blank=True, max_length=300, verbose_name="motif de l’annulation"),
        ),
        migrations.AddField(
            model_name="appel",
            name="copie_de",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="appels.appel",
                verbose_name="copié de",
            ),
        ),
        migrations.AddField(
            model_name="appel",
            name="epuise_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="fonds épuisés le"),
        ),
        migrations.AddField(
            model_name="appel",
            name="jusqua_epuisement",
            field=models.BooleanField(default=False, verbose_name="jusqu’à épuisement des fonds"),
        ),
        migrations.AddField(
            model_name="appel",
            name="mode",
            field=models.CharField(
                choices=[
                    ("date", "Une seule date limite"),
                    ("periodes", "Plusieurs périodes de dépôt"),
                    ("continu", "En continu"),
                ],
                default="date",
                max_length=10,
                verbose_name="mode de dépôt",
            ),
        ),
        migrations.AddField(
            model_name="appel",
            name="publication_echec",
            field=models.TextField(blank=True, verbose_name="publication refusée"),
        ),
        migrations.AddField(
            model_name="appel",
            name="publication_prevue",
            field=models.DateTimeField(blank=True, null=True, verbose_name="publication prévue"),
        ),
        migrations.AddField(
            model_name="appel",
            name="soir_heures",
            field=models.CharField(blank=True, max_length=160, verbose_name="heures le soir de l’échéance"),
        ),
        migrations.AddField(
            model_name="appel",
            name="soir_telephone",
            field=models.CharField(blank=True, max_length=20, verbose_name="téléphone le soir de l’échéance"),
        ),
        migrations.AddField(
            model_name="appel",
            name="terme",
            field=models.CharField(default="appel de projets", max_length=60, verbose_name="nom donné à l’appel"),
        ),
        migrations.AddField(
            model_name="etapecalendrier",
            name="jour",
            field=models.DateField(blank=True, null=True, verbose_name="le"),
        ),
        migrations.AddField(
            model_name="etapecalendrier",
            name="jusqua",
            field=models.DateField(blank=True, null=True, verbose_name="jusqu’au"),
        ),
        migrations.AddField(
            model_name="piecerequise",
            name="conditions",
            field=models.JSONField(blank=True, default=list, verbose_name="conditions"),
        ),
        migrations.AlterField(
            model_name="appelenveloppe",
            name="offert",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="offert"),
        ),
        migrations.AlterField(
            model_name="etapecalendrier",
            name="quand",
            field=models.CharField(blank=True, max_length=60, verbose_name="quand"),
        ),
        migrations.AddConstraint(
            model_name="etapecalendrier",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("quand", ""), _negated=True), ("jour__isnull", False), _connector="OR"),
                name="etape_datee",
            ),
        ),
        migrations.AddConstraint(
            model_name="etapecalendrier",
            constraint=models.CheckConstraint(
                condition=models.Q(("jusqua__isnull", True), ("jusqua__gte", models.F("jour")), _connector="OR"),
                name="etape_dates",
            ),
        ),
        migrations.AddField(
            model_name="periodedepot",
            name="appel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="periodes",
                to="appels.appel",
                verbose_name="appel",
            ),
        ),
        migrations.AddField(
            model_name="periodedepot",
            name="entente",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="alliances.entente",
                verbose_name="entente",
            ),
        ),
        migrations.AddConstraint(
            model_name="periodedepot",
            constraint=models.UniqueConstraint(fields=("appel", "rang"), name="periode_rang_unique"),
        ),
        migrations.AddConstraint(
            model_name="periodedepot",
            constraint=models.CheckConstraint(
                condition=models.Q(("fermeture__gt", models.F("ouverture"))), name="periode_dates"
            ),
        ),
        meme_entente("appels_periodedepot", "appel_id", "appels_appel"),
    ]
