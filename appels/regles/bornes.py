"""Les bornes qu'un appel peut changer, et leur nom (décision 8)."""

from django.utils.translation import gettext_lazy as _

LIBELLES = {
    "plafond": _("Aide maximale par projet (R7)"),
    "plancher": _("Aide minimale par projet (R7)"),
    "taux_max": _("Taux d’aide maximal, en % (R8)"),
    "cumul_max": _("Cumul maximal des aides publiques, en % (R9)"),
    "mise_min": _("Mise de fonds minimale de l’organisme, en % (R10)"),
    "administration_max": _("Frais d’administration du projet, au plus, en % (R11)"),
    "duree_max_mois": _("Durée maximale d’un projet, en mois (R19)"),
    "par_organisme": _("Demandes par organisme, au plus"),
}
