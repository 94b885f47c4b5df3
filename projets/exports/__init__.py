"""Ce que montrent les PDF d'un projet : formulaire vierge, accusé, demande déposée, lettre, convention. Des données, aucune mise en page."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from alliances.models import Mandataire
from appels.enums import GenreQuestion, NatureProjet
from appels.models import Appel
from appels.questions import Formulaire, Question
from appels.services.formulaire import formulaire_a_lire
from projets import comparaison as lecture
from projets.enums import CategorieDepense, ConditionVersement, SourceFinancement
from projets.models import Convention, Depot, Lettre, Projet
from projets.pieces import limite_des_pieces
from projets.regles import tranches
from projets.requetes import noms_du_contenu
from projets.sections import pieces_manquantes
from socle import courriels, qr
from socle.formats import jour_local
from socle.referentiel.ministere import FONDS, nom_du_ministere

# Ce que la fiche de l'organisme demande, pour qui écrit au stylo.
IDENTITE = (
    L("Nom légal"),
    L("Numéro d’entreprise du Québec (NEQ)"),
    L("Forme juridique"),
    L("Mission"),
    L("Adresse et téléphone"),
    L("Personne à joindre, téléphone et courriel"),
)
RANGEES_VIERGES = 6


def _verification(depot: Depot, projet: Projet) -> dict[str, Any]:
    """Le lien et le code QR de la page publique de vérification : numéro et début de l'empreinte (R56)."""
    question = urlencode({"numero": projet.numero, "empreinte": depot.empreinte[:16]})
    lien = courriels.adresse_absolue(f"{reverse('projets:verifier')}?{question}")
    return {"lien": lien, "qr": qr.chemin_svg(lien)}


def _page(projet: Projet) -> dict[str, Any]:
    """Le lien et le code QR de la page de la demande, pour qui en est membre."""
    lien = courriels.adresse_absolue(projet.get_absolute_url())
    return {"lien": lien, "qr": qr.chemin_svg(lien)}


def visibilite(mandataire: Mandataire, instant: datetime) -> dict[str, str]:
    """R29 : le Fonds et le ministère, sous son nom en vigueur à la date de l'acte."""
    return {"fonds": FONDS, "ministere": nom_du_ministere(jour_local(instant, mandataire.fuseau))}


def contexte_formulaire(appel: Appel, *, apercu: bool = False) -> dict[str, Any]:
    """Le formulaire d'un appel, vierge : chaque question avec les réponses qu'elle offre, les listes, les pièces.

    `apercu` : la version en préparation, s'il y en a une.
    """
    offerts = {
        GenreQuestion.TERRITOIRE: [str(o.enveloppe) for o in appel.offres.select_related("enveloppe")],
        GenreQuestion.PRIORITE: [str(p) for p in appel.entente.priorites.order_by("ordre")],
        GenreQuestion.ZONE: [str(z) for z in appel.entente.zones.filter(retiree_le__isnull=True)],
    }
    particuliers = {"nature": NatureProjet.labels, "zone_visee": [_("Oui"), _("Non"), _("Je ne sais pas")]}
    formulaire = formulaire_a_lire(appel, apercu=apercu)
    return {
        "appel": appel,
        "sections": [
            (
                section,
                [
                    (
                        question,
                        particuliers.get(question.cle)
                        or offerts.get(GenreQuestion(question.genre))
                        or [libelle for _cle, libelle in question.options],
                        _condition_en_mots(formulaire, question),
                    )
                    for question in section.questions
                ],
            )
            for section in formulaire.sections
        ],
        "pieces": list(appel.pieces_requises.all()),
        "depenses": CategorieDepense.labels,
        "sources": SourceFinancement.labels,
        "identite": IDENTITE,
        "rangees": range(RANGEES_VIERGES),
    }


def _condition_en_mots(formulaire: Formulaire, question: Question) -> str:
    """« Si « Zone visée » est : Oui », ou rien."""
    if question.condition is None:
        return ""
    cause = formulaire.question(question.condition.cle)
    libelles = {"oui": _("Oui"), "non": _("Non"), **dict(cause.options if cause else ())}
    return _("Si « {question} » est : {valeurs}").format(
        question=cause.libelle if cause else question.condition.cle,
        valeurs=", ".join(libelles.get(v, v) for v in question.condition.valeurs),
    )


def contexte_accuse(depot: Depot, projet: Projet) -> dict[str, Any]:
    """L'accusé parle du contenu déposé, pas de ce que la fiche serait devenue; ce qui manque se lit à cet instant (R56)."""
    jointes = [piece for piece in projet.pieces.all() if piece.jointe_le <= depot.instant]
    return {
        "depot": depot,
        "contenu": depot.contenu,
        "montant": Decimal(depot.contenu["montant_demande"]),
        "depenses": sum((Decimal(d["montant"]) for d in depot.contenu["depenses"]), Decimal(0)),
        "manquantes": pieces_manquantes(projet, jointes),
        "limite": limite_des_pieces(projet),
        **_verification(depot, projet),
    }


def contexte_dossier(depot: Depot, projet: Projet) -> dict[str, Any]:
    """La demande telle que ce dépôt l'a figée, jamais le projet vivant; les pièces y sont citées par leur empreinte."""
    contenu, noms = depot.contenu, noms_du_contenu(projet)
    depenses, financements = lecture.depenses(contenu), lecture.financements(contenu)
    montant = Decimal(contenu["montant_demande"])
    return {
        "depot": depot,
        "contenu": contenu,
        "lu": {cle: lecture.lire_texte(contenu, cle, noms) for cle in lecture.TEXTES},
        "recits": [(cle, lecture.TEXTES[cle], lecture.lire_texte(contenu, cle, noms)) for cle in lecture.RECITS],
        "reponses": lecture.reponses(contenu),
        "forme": lecture.forme_en_mots(contenu),
        "activites": lecture.activites(contenu),
        "depenses": depenses,
        "total_depenses": lecture.total(depenses),
        "financements": financements,
        "montant": montant,
        "total_financement": montant + lecture.total(financements),
        **_verification(depot, projet),
    }


def contexte_lettre(lettre: Lettre, projet: Projet) -> dict[str, Any]:
    """Le texte en paragraphes; pour un octroi, ses versements prévus (R30) et la mention de visibilité."""
    decision = lettre.decision
    instant = lettre.envoyee_le or decision.consignee_le
    annonce = projet.appel.annonce_le or projet.appel.annonce_prevue
    prevues = tranches(decision.montant, projet.appel.aide.tranches) if decision.montant else []
    return {
        "lettre": lettre,
        "decision": decision,
        "instant": instant,
        "paragraphes": [p.strip() for p in lettre.corps.replace("\r\n", "\n").split("\n\n") if p.strip()],
        "versements": [(t.montant, ConditionVersement(t.condition).label) for t in prevues],
        "enveloppes": list(dict.fromkeys(ligne.enveloppe.libelle for ligne in decision.lignes.all())),
        "annonce": annonce if annonce and annonce > instant else None,
        **visibilite(projet.entente.mandataire, instant),
        **_page(projet),
    }


def contexte_convention(convention: Convention, projet: Projet) -> dict[str, Any]:
    """Les parties, l'aide, ses parts par enveloppe, ses versements, le rapport dû, les signatures."""
    return {
        "convention": convention,
        "decision": projet.decision,
        "parts": projet.decision.lignes.all(),
        "versements": convention.versements.all(),
        "rapport": convention.rapport,
        **visibilite(projet.entente.mandataire, convention.generee_le),
        **_page(projet),
    }
