"""Premier examen, par la coordination : une liste de points, un verdict qui en découle, un motif que l'organisme lira.

Un examen se défait par un acte motivé : la demande redevient « Déposée », et l'ancien examen reste au dossier.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from projets.enums import ResultatPoint
from projets.etats import PROJET
from projets.models import ExamenAdmissibilite, PointExamine, Projet
from projets.regles.admissibilite import PAR_CODE, POINTS, motif_propose, verdict
from projets.requetes.admissibilite import points_a_trancher, proposer
from socle.erreurs import Refus

Resultats = Mapping[str, tuple[str, str]]  # code du point → (résultat, note interne)


@transaction.atomic
def examiner_admissibilite(
    *, projet: Projet, points: Resultats, motif: str, auteur: Utilisateur, instant: datetime
) -> ExamenAdmissibilite:
    """Consigne l'examen; le verdict découle des points.

    Refuse : un point sans résultat, une non-admissibilité sans motif public, une demande déjà examinée.
    """
    resultats = {code: resultat for code, (resultat, _note) in points.items()}
    admissible = verdict(resultats)
    if admissible is None:
        manquant = next(point for point in POINTS if resultats.get(point.code) not in ResultatPoint.values)
        raise Refus(
            _("Dites un résultat pour chaque point : il manque « {point} ».").format(point=manquant.libelle),
            code="incomplet",
            champ=f"resultat_{manquant.code}",
        )
    motif = motif.strip()
    if not admissible and not motif:
        raise Refus(
            _("Écrivez le motif de la non-admissibilité : l’organisme le lira. Par exemple : {propose}").format(
                propose=motif_propose(resultats)
            ),
            code="motif",
            champ="motif",
        )
    projet = PROJET.appliquer(
        projet,
        "admettre" if admissible else "ecarter",
        auteur=auteur,
        instant=instant,
        motif="" if admissible else motif,
    )
    examen = ExamenAdmissibilite.objects.create(
        entente_id=projet.entente_id,
        projet=projet,
        depot=projet.depots.latest("rang"),
        admissible=admissible,
        motif_public="" if admissible else motif,
        auteur=auteur,
        instant=instant,
    )
    PointExamine.objects.bulk_create(
        PointExamine(
            examen=examen, code=point.code, resultat=points[point.code][0], note=points[point.code][1], ordre=n
        )
        for n, point in enumerate(POINTS)
    )
    return examen


@transaction.atomic
def juger_admissibilite(
    *, projet: Projet, admissible: bool, motif: str, auteur: Utilisateur, instant: datetime
) -> Projet:
    """Un verdict d'ensemble, sans détailler : chaque point est vérifié, ou une autre condition exclut la demande."""
    points = {point.code: (str(ResultatPoint.VERIFIE), "") for point in POINTS}
    points["autre"] = (str(ResultatPoint.SANS_OBJET if admissible else ResultatPoint.NON), "")
    return examiner_admissibilite(projet=projet, points=points, motif=motif, auteur=auteur, instant=instant).projet


@transaction.atomic
def admettre_sans_ecart(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> ExamenAdmissibilite:
    """Déclare admissible une demande dont aucun calcul ne contredit un point (geste en lot).

    Refuse dès qu'un point demande d'être tranché : la demande s'examine alors une à une.
    """
    proposes = proposer(projet)
    if a_trancher := points_a_trancher(proposes):
        raise Refus(
            _("À examiner une à une : {points}.").format(
                points=", ".join(str(PAR_CODE[code].libelle) for code in a_trancher)
            ),
            code="ecart",
        )
    points = {
        point.code: (proposes[point.code].resultat or str(ResultatPoint.VERIFIE), proposes[point.code].note)
        for point in POINTS
    }
    return examiner_admissibilite(projet=projet, points=points, motif="", auteur=auteur, instant=instant)


@transaction.atomic
def defaire_examen(*, projet: Projet, motif: str, auteur: Utilisateur, instant: datetime) -> Projet:
    """Défait l'examen en vigueur : la demande redevient « Déposée ». Refuse sans motif, ou une fois confiée au comité."""
    if not motif.strip():
        raise Refus(_("Dites pourquoi l’examen se défait : le motif reste au dossier."), code="motif", champ="motif")
    projet = PROJET.appliquer(projet, "defaire_examen", auteur=auteur, instant=instant, motif=motif.strip())
    projet.examens.filter(defait_le__isnull=True).update(
        defait_par=auteur, defait_le=instant, defait_motif=motif.strip()
    )
    return projet
