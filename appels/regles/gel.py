"""Ce qu'un appel laisse changer : tout en préparation, puis selon la famille; ce qui est annoncé tient (décision 8)."""

from django.utils.translation import gettext_lazy as _

from appels.enums import EtatAppel, Famille

FIGEES = {
    Famille.DEPOT: _(
        "L’appel est publié : ses dates sont annoncées. La période de dépôt se prolonge (« Prolonger le dépôt »), elle ne se"
        " change pas autrement."
    ),
    Famille.PARAMETRES: _(
        "L’appel est publié : ses bornes et la gravité de ses règles sont figées, pour que toutes les demandes se jugent"
        " de la même façon."
    ),
    Famille.PIECES: _(
        "L’appel est publié : les pièces exigées sont figées. Des organismes ont peut-être déjà réuni les leurs."
    ),
    Famille.GRILLE: _("L’appel est publié : la grille est figée. Les organismes ont écrit leur demande en la lisant."),
    Famille.MONTANTS: _(
        "L’appel est publié : un montant annoncé ne change plus. Seul un montant encore à venir peut se préciser."
    ),
}
TERMINES = {
    EtatAppel.ANNULE: _("L’appel est annulé : il ne se modifie plus."),
    EtatAppel.ANNONCE: _("Les décisions sont annoncées : l’appel ne se modifie plus."),
}


def raison_du_gel(etat: str, famille: str) -> str | None:
    """`None` si la famille se modifie dans cet état; sinon la raison."""
    if etat == EtatAppel.BROUILLON:
        return None
    raison = TERMINES.get(EtatAppel(etat)) or FIGEES.get(Famille(famille))
    return str(raison) if raison else None
