"""Données : la région de chaque MRC; deux ont changé de région le 8 juillet 2021."""

from datetime import date

from django.db import migrations

# Brome-Missisquoi et La Haute-Yamaska, de la Montérégie à l'Estrie (annonce gouvernementale du 8 juillet 2021).
DEPLACEES = ("46", "47")
ANCIENNE, CHANGEMENT, VEILLE = "16", date(2021, 7, 8), date(2021, 7, 7)


def ecrire(apps, schema_editor):
    mrc, rattachement = apps.get_model("socle", "Mrc"), apps.get_model("socle", "RattachementMrc")
    ancienne = apps.get_model("socle", "Region").objects.get(code=ANCIENNE)
    for objet in mrc.objects.order_by("code"):
        if objet.code in DEPLACEES:
            rattachement.objects.create(mrc=objet, region=ancienne, jusqua=VEILLE)
            rattachement.objects.create(mrc=objet, region_id=objet.region_id, depuis=CHANGEMENT)
        else:
            rattachement.objects.create(mrc=objet, region_id=objet.region_id)


def retirer(apps, schema_editor):
    apps.get_model("socle", "RattachementMrc").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("socle", "0004_rattachements")]

    operations = [migrations.RunPython(ecrire, retirer)]
