"""Les gestes de la coordination sur plusieurs demandes à la fois (socle/admin/lots.py)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from projets.enums import A_L_ETUDE, EtatProjet
from projets.etats import PRECISABLES
from projets.forms import lots as f
from projets.models import Projet
from projets.pieces import EN_ATTENTE_DE_PIECES, limite_des_pieces
from projets.regles.admissibilite import PAR_CODE
from projets.requetes.admissibilite import exclusions_calculees
from projets.requetes.lots import avec_manques, pour_un_lot
from projets.services import admissibilite, dossiers, messages, precisions
from socle.admin.lots import Lot, enregistrer
from socle.etats import etat_lisible
from socle.formats import compter, instant_long


def _sans_precision(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    return pour_un_lot(projets).prefetch_related("reponses", "precisions__champs")


def _deja_examinee(projet: Projet, _instant: datetime) -> str | None:
    if projet.etat != EtatProjet.DEPOSE:
        return _("Déjà examinée : « {etat} ».").format(etat=etat_lisible(projet))
    if ecarts := exclusions_calculees(projet):
        points = ", ".join(str(PAR_CODE[code].libelle) for code in ecarts)
        return _("À examiner une à une : {points}.").format(points=points)
    return None


def _retiree(projet: Projet, _instant: datetime) -> str | None:
    return _("La demande est retirée.") if projet.etat == EtatProjet.RETIRE else None


def _non_precisable(projet: Projet, _instant: datetime) -> str | None:
    if projet.etat not in PRECISABLES:
        return _("L’examen est avancé : « {etat} ».").format(etat=etat_lisible(projet))
    if any(demande.ouverte for demande in projet.precisions.all()):
        return _("Une demande de précision attend déjà une réponse.")
    return None


def _sans_relance(projet: Any, instant: datetime) -> str | None:
    """Les mêmes raisons que le service, sans requête par demande."""
    if projet.etat not in A_L_ETUDE:
        return _("La demande n’est plus à l’étude : « {etat} ».").format(etat=etat_lisible(projet))
    if not projet.manque:
        return _("Aucune pièce exigée ne manque.")
    rouvertes = any(
        d.ouverte and d.limite > instant and any(c.cle == "pieces" for c in d.champs.all())
        for d in projet.precisions.all()
    )
    if rouvertes:
        return None
    if projet.etat not in EN_ATTENTE_DE_PIECES:
        return _("L’examen est avancé : une pièce ne se joint plus.")
    if instant >= limite_des_pieces(projet):
        return _("Le délai pour compléter a pris fin le {date}.").format(
            date=instant_long(limite_des_pieces(projet), projet.appel.fuseau)
        )
    return None


def _admettre(projet: Projet, **acteur: Any) -> None:
    admissibilite.admettre_sans_ecart(projet=pour_un_lot(Projet.objects.filter(pk=projet.pk)).get(), **acteur)


LOTS = (
    Lot(
        "admettre",
        L("Déclarer admissibles"),
        "projets.juger_admissibilite",
        bouton=lambda n: _("Déclarer {n}").format(n=compter(n, _("demande admissible"), _("demandes admissibles"))),
        executer=_admettre,
        saut=_deja_examinee,
        effet=lambda projet: _("{etat} → Admissible").format(etat=etat_lisible(projet)),
        lire=pour_un_lot,
        formulaire=f.AdmettreLotForm,
    ),
    Lot(
        "confier",
        L("Confier la responsabilité"),
        "projets.confier_dossier",
        bouton=lambda n: _("Confier {n}").format(n=compter(n, _("dossier"), _("dossiers"))),
        executer=lambda projet, **saisie: dossiers.confier_responsabilite(projet=projet, **saisie),
        saut=_retiree,
        effet=lambda projet: _("Responsable : {ancien} → la personne choisie").format(
            ancien=projet.responsable or _("personne")
        ),
        lire=pour_un_lot,
        formulaire=f.ConfierLotForm,
    ),
    Lot(
        "preciser",
        L("Demander une précision"),
        "projets.demander_precisions",
        bouton=lambda n: _("Demander à {n}").format(n=compter(n, _("organisme"), _("organismes"))),
        executer=lambda projet, **saisie: precisions.demander_precisions(projet=projet, **saisie),
        saut=_non_precisable,
        effet=lambda projet: _("Champs rouverts; un courriel part à {organisme}").format(organisme=projet.organisme),
        lire=_sans_precision,
        formulaire=f.PrecisionLotForm,
    ),
    Lot(
        "ecrire",
        L("Écrire un message"),
        "projets.ecrire_message",
        bouton=lambda n: _("Envoyer {n}").format(n=compter(n, _("message"), _("messages"))),
        executer=lambda projet, **saisie: messages.ecrire_message(projet=projet, **saisie),
        saut=_retiree,
        effet=lambda projet: _("Un message à {organisme}").format(organisme=projet.organisme),
        lire=pour_un_lot,
        formulaire=f.MessageLotForm,
    ),
    Lot(
        "relancer",
        L("Relancer les pièces manquantes"),
        "projets.relancer_pieces",
        bouton=lambda n: _("Envoyer {n}").format(n=compter(n, _("relance"), _("relances"))),
        executer=lambda projet, **saisie: dossiers.relancer_pieces(projet=projet, **saisie),
        saut=_sans_relance,
        effet=lambda projet: _("Un courriel à {organisme}, avec les pièces et la date limite").format(
            organisme=projet.organisme
        ),
        lire=avec_manques,
        formulaire=f.RelanceLotForm,
    ),
    Lot(
        "exporter",
        L("Exporter"),
        "projets.exporter_projets",
        bouton=lambda n: _("Exporter {n}").format(n=compter(n, _("demande"), _("demandes"))),
        effet=lambda _projet: _("Une rangée de l’export"),
        lire=pour_un_lot,
        formulaire=f.ExportLotForm,
        genre="projets.exporter",
    ),
    Lot(
        "archiver",
        L("Archive ZIP des dossiers"),
        "projets.archiver_projets",
        bouton=lambda n: _("Préparer l’archive de {n}").format(n=compter(n, _("dossier"), _("dossiers"))),
        effet=lambda projet: _("Un dossier : demande, accusé, {pieces}").format(
            pieces=compter(len(projet.pieces.all()), _("pièce"), _("pièces"))
        ),
        lire=pour_un_lot,
        genre="projets.archive",
        note=L("L’archive contient des renseignements sur les organismes : vous seul pouvez la télécharger."),
    ),
)
enregistrer(Projet, LOTS)
