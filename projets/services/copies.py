"""Copier le contenu d'une demande : reprendre ce qui est déposé, ou repartir d'un projet antérieur."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appels.models import Appel
from appels.questions import COLONNES
from comptes.models import Utilisateur
from projets.champs import LISTES, MONTANT, formulaire_de
from projets.enums import EtatProjet
from projets.models import Projet, Reponse
from projets.services.brouillons import creer_brouillon
from socle.erreurs import Refus
from socle.etats import verifier_droit
from socle.models import Fichier

TOUTES = (*COLONNES, MONTANT)
# D'un appel à l'autre, rien de ce qui est propre à l'ancien : ni territoire, ni priorité, ni zone, ni dates.
TRANSPORTABLES = tuple(c for c in TOUTES if c not in {"enveloppe", "priorite", "zone", "debut", "fin", "titre"})


def copier_contenu(source: Projet, cible: Projet, colonnes: tuple[str, ...] = TOUTES) -> None:
    """Met dans `cible` les colonnes, les listes et les réponses de `source`; les réponses, si la question existe là-bas."""
    for champ in colonnes:
        setattr(cible, champ, getattr(source, champ))
    cible.sections_vues, cible.illisibles = source.sections_vues, source.illisibles
    cible.save(update_fields=[*colonnes, "sections_vues", "illisibles"])
    for relation, noms in LISTES.items():
        gestionnaire = getattr(cible, relation)
        gestionnaire.all().delete()
        gestionnaire.model.objects.bulk_create(
            gestionnaire.model(projet=cible, ordre=rang, **{nom: getattr(rangee, nom) for nom in noms})
            for rang, rangee in enumerate(getattr(source, relation).all())
        )
    connues = {question.cle for _section, question in formulaire_de(cible).toutes()}
    cible.reponses.all().delete()
    Reponse.objects.bulk_create(
        Reponse(projet=cible, cle=reponse.cle, valeur=reponse.valeur)
        for reponse in source.reponses.all()
        if reponse.cle in connues
    )


def deplacer_pieces(source: Projet, cible: Projet) -> None:
    """Les pièces jointes à la modification passent à la demande; leur fichier suit la portée de la demande."""
    fichiers = list(source.pieces.values_list("fichier_id", flat=True))
    source.pieces.update(projet=cible)
    Fichier.objects.filter(pk__in=fichiers).update(objet_id=cible.pk)


@transaction.atomic
def reprendre_demande(*, projet: Projet, auteur: Utilisateur, instant: datetime) -> Projet:
    """Ouvre un brouillon qui modifie la demande déposée; elle vaut telle quelle tant que lui n'est pas déposé.

    Rend celui qui est déjà ouvert. Refuse : appel fermé, examen commencé, personne d'un autre organisme.
    """
    verifier_droit(auteur, "projets.reprendre_projet", projet, _("Modifier la demande déposée"))
    depose = (
        Projet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("appel__entente", "entente", "organisme", "formulaire")
        .get(pk=projet.pk)
    )
    ouverte = depose.reprises.filter(etat=EtatProjet.BROUILLON).first()
    if ouverte:
        return ouverte
    if depose.etat != EtatProjet.DEPOSE:
        raise Refus(
            _("L’examen de cette demande a commencé : elle ne se modifie plus. Écrivez à la coordination."), code="etat"
        )
    reprise = creer_brouillon(
        appel=depose.appel, organisme=depose.organisme, titre=depose.titre, auteur=auteur, instant=instant
    )
    reprise.remplace = depose
    reprise.save(update_fields=["remplace"])
    copier_contenu(depose, reprise)
    return reprise


@transaction.atomic
def copier_projet(*, source: Projet, appel: Appel, titre: str, auteur: Utilisateur, instant: datetime) -> Projet:
    """Un brouillon neuf dans `appel`, à partir d'un projet antérieur : textes, listes, budget; ni territoire, ni dates, ni pièces.

    Refuse un projet d'un organisme dont la personne n'est pas membre, ou un appel fermé.
    """
    verifier_droit(auteur, "projets.reprendre_projet", source, _("Copier un projet antérieur"))
    copie = creer_brouillon(appel=appel, organisme=source.organisme, titre=titre, auteur=auteur, instant=instant)
    copier_contenu(source, copie, TRANSPORTABLES)
    copie.activites.update(debut=None, fin=None)
    copie.depenses.update(engagee_le=None)
    return copie
