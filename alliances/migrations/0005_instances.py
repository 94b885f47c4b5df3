"""Données : l'instance écrite sur l'entente devient une instance décisionnelle datée."""

from django.db import migrations


def ecrire(apps, schema_editor):
    instance = apps.get_model("alliances", "InstanceDecisionnelle")
    instance.objects.bulk_create(
        instance(entente=entente, nom=entente.instance, depuis=entente.debut)
        for entente in apps.get_model("alliances", "Entente").objects.exclude(instance="").order_by("pk")
    )


class Migration(migrations.Migration):
    dependencies = [("alliances", "0004_cadre")]

    operations = [migrations.RunPython(ecrire, migrations.RunPython.noop)]
