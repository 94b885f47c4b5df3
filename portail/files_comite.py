"""Files de l'accueil de l'admin pour le comité : évaluations en retard, liens dont une personne veut parler."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from comptes.enums import Role
from portail.files_cadre import Rangee
from projets.enums import EVALUATIONS_OUVERTES, LienOrganisme
from projets.models import Evaluation
from socle.admin.actes import adresse_lecture
from socle.formats import fin_exclusive
from socle.horloge import maintenant


def files_du_comite(utilisateur: Any) -> Iterator[tuple[str, str, QuerySet, str, Callable[[Any], Rangee]]]:
    """(titre, geste, objets, adresse de la liste, objet → rangée), pour la coordination."""
    coordonnes = utilisateur.portees.mandataires(Role.COORDINATION)
    if not coordonnes:
        return
    liste = reverse("admin:projets_evaluation_changelist")
    ouvertes = Evaluation.objects.filter(
        entente__mandataire__in=coordonnes, etat__in=EVALUATIONS_OUVERTES
    ).select_related("projet__appel", "evaluateur")
    yield (
        _("Évaluations en retard"),
        _("Relancer, changer la date, ou remplacer la personne."),
        ouvertes.filter(limite__lte=maintenant()).order_by("limite", "id"),
        f"{liste}?remise=retard",
        _rangee,
    )
    yield (
        _("Liens avec un organisme, à discuter"),
        _("Appeler la personne; elle répondra ensuite, ou vous inscrirez son retrait."),
        ouvertes.filter(lien=LienOrganisme.DOUTE).order_by("assignee_le", "id"),
        f"{liste}?remise=doute",
        _rangee,
    )


def _rangee(evaluation: Evaluation) -> Rangee:
    projet = evaluation.projet
    limite = fin_exclusive(evaluation.limite, projet.appel.fuseau) if evaluation.limite else ""
    return f"{projet.numero} – {evaluation.evaluateur}", adresse_lecture(evaluation), limite
