"""Matrice adresse × rôle de l'admin, tirée de son URLconf : une adresse sans ligne ici fait échouer l'essai."""

import pytest
from django.contrib import admin
from django.urls import URLPattern, reverse

from portail.rappels import battre
from socle.horloge import maintenant
from tests.acces.test_cloison import objet_02
from tests.outils.personnes import ROLES, client

pytestmark = pytest.mark.django_db
EQUIPE = ("coordination", "secretariat", "finances", "tresorerie")


def codes(lanaudiere: int, defaut: int = 403, **permis: int) -> dict[str, int]:
    """Code attendu par rôle : `defaut` pour l'équipe, sauf `permis`; 302 (connexion) pour qui n'est pas interne.

    L'agent territorial n'ouvre rien (403), sauf ce que dit `AGENT`.
    """
    attendu = dict.fromkeys(ROLES, 302) | dict.fromkeys(EQUIPE, defaut) | permis
    return attendu | {"coordination.lanaudiere": lanaudiere, "agent": 403}


LISTE = codes(200, 200)
FERME = codes(403)
LECTURE = codes(404, 200)
LECTURE_DE_DJANGO = codes(302, 200)  # hors portée : l'admin de Django renvoie à son accueil
COORDINATION = codes(404, coordination=200)
MODELES = (
    "alliances_entente",
    "alliances_enveloppe",
    "alliances_engagement",
    "alliances_mouvement",
    "alliances_affectation",
    "alliances_avissectoriel",
    "alliances_comite",
    "alliances_consultation",
    "alliances_instancedecisionnelle",
    "alliances_partenaire",
    "alliances_plantravail",
    "alliances_mandataire",
    "alliances_territoire",
    "alliances_delegation",
    "appels_appel",
    "comite_comiteappel",
    "comite_feuillecodes",
    "comite_seance",
    "projets_declarationinteret",
    "projets_decisionpreparee",
    "projets_evaluation",
    "projets_lettre",
    "projets_modelelettre",
    "projets_projet",
    "projets_versement",
    "reddition_reddition",
    "socle_courriel",
    "socle_rappel",
)
COMITE = (
    "comite_comiteappel",
    "comite_feuillecodes",
    "comite_seance",
    "projets_declarationinteret",
    "projets_evaluation",
)
ACTES_PLAN = (
    *("textes", "deposer", "version", "priorites", "priorite", "zones", "zone"),
    *("objectif", "engagement", "retirer", "fait", "recu"),
)
ACTES_APPEL = (
    *("prolonger", "programmer", "deprogrammer", "annuler", "epuiser", "preciser", "copier", "questions", "repondre"),
    *("programmer_annonce", "deprogrammer_annonce"),
    *("preparer", "renseignements", "depot", "montants", "parametres", "calendrier"),
    *("pieces", "piece", "grille", "comite", "contact", "guide"),
)
ACTES_SEANCE = (
    *("ordre", "cahiers", "modifier", "presences", "retrait", "ouvrir", "lever", "rouvrir"),
    *("tableau", "comparer", "retenir", "proces_verbal"),
)
ACTES_DOSSIER = ("defaire_examen", "relancer", "note", "prendre", "responsable", "deplacer")
CREATIONS = (
    "avissectoriel_demander",
    "comite_creer",
    "consultation_creer",
    "instancedecisionnelle_creer",
    "partenaire_creer",
    "plantravail_creer",
)
TABLE: dict[str, dict[str, int]] = {
    **{f"{modele}_{geste}": FERME for modele in MODELES for geste in ("add", "delete")},
    **{f"{modele}_changelist": LISTE for modele in MODELES},
    **{f"{modele}_history": LECTURE_DE_DJANGO for modele in MODELES},
    **{f"{modele}_change": LECTURE for modele in MODELES},
    "alliances_enveloppe_releve": LECTURE,
    "alliances_enveloppe_releve_xlsx": LECTURE,
    "alliances_affectation_changelist": codes(200, coordination=200),
    "alliances_affectation_history": codes(302, 302, coordination=200),
    "alliances_affectation_change": codes(404, 404, coordination=200),
    "alliances_affectation_acces": codes(200, coordination=200),
    "alliances_affectation_inviter": codes(200, coordination=200),
    "alliances_affectation_fin": codes(404, 404, coordination=200),
    "alliances_affectation_renvoyer": codes(404, 404, coordination=200),
    "alliances_affectation_retirer": codes(404, 404, coordination=200),
    "socle_courriel_changelist": codes(200, coordination=200),
    "socle_courriel_history": codes(302, 302, coordination=200),
    "socle_courriel_change": codes(404, 404, coordination=200),
    "socle_rappel_changelist": codes(200, coordination=200),
    "socle_rappel_history": codes(302, 302, coordination=200),
    "socle_rappel_change": codes(302, coordination=200),
    "alliances_territoire_ajouter": codes(200, coordination=200),
    "reddition_reddition_preparer": codes(200, coordination=200),
    **{f"{modele}_changelist": codes(200, coordination=200) for modele in COMITE},
    "comite_comiteappel_change": COORDINATION,
    **{f"{modele}_history": codes(302, 302, coordination=200) for modele in COMITE},
    "comite_comiteappel_history": codes(302, coordination=200),
    "comite_feuillecodes_imprimer": codes(200, coordination=200),
    # Une évaluation, une séance, une feuille ne sont dans la portée que de la coordination.
    **dict.fromkeys(
        (
            *(f"{modele}_change" for modele in COMITE if modele != "comite_comiteappel"),
            *(f"comite_seance_{acte}" for acte in ACTES_SEANCE),
            "comite_feuillecodes_revoquer",
            *(
                f"projets_evaluation_{acte}"
                for acte in ("remplacer", "relancer", "rouvrir", "limite", "retirer", "papier")
            ),
        ),
        codes(404, 404, coordination=200),
    ),
    "comite_seance_retenir": codes(404, 404, coordination=302),  # aucun scénario encore : retour au tableau
    **dict.fromkeys(
        (
            *(f"comite_comiteappel_{acte}" for acte in ("partager", "relancer", "seance")),
            "alliances_enveloppe_allouer",
            "alliances_enveloppe_virer",
            "alliances_enveloppe_prolonger",
            "alliances_enveloppe_engager",
            "alliances_enveloppe_ajuster",
            "alliances_entente_reporter",
            "alliances_engagement_degager",
            "alliances_mouvement_contrepasser",
            "alliances_mandataire_fiche",
            "alliances_mandataire_image",
            "alliances_territoire_modifier",
            "alliances_territoire_contact",
            "alliances_territoire_zone",
            "alliances_territoire_deleguer",
            "alliances_delegation_modifier",
            "alliances_delegation_finir",
            "appels_appel_publier",
            "appels_appel_annoncer",
            *(f"appels_appel_{acte}" for acte in ACTES_APPEL),
            "projets_projet_admissibilite",
            *(f"projets_projet_{acte}" for acte in ACTES_DOSSIER),
            "projets_projet_precisions",
            "projets_projet_messages",
            "projets_projet_corriger_organisme",
            "projets_projet_assigner",
            "projets_projet_recommander",
            "projets_projet_lettre",
            "projets_projet_convention",
            "projets_projet_contresigner",
            "projets_projet_accepter_rapport",
            "projets_projet_renvoyer_rapport",
            "reddition_reddition_compiler",
            "reddition_reddition_textes",
            "reddition_reddition_deposer",
            "appels_appel_objectifs",
            "appels_appel_formulaire",
            *(f"alliances_plantravail_{acte}" for acte in ACTES_PLAN),
            *(f"alliances_comite_{acte}" for acte in ("membre", "modifier", "ouvrir_siege", "siege", "fin_membre")),
            *(f"alliances_avissectoriel_{acte}" for acte in ("recevoir", "relancer", "classer")),
            *(f"alliances_{modele}_modifier" for modele in ("consultation", "instancedecisionnelle", "partenaire")),
        ),
        COORDINATION,
    ),
    "alliances_engagement_verser": codes(404, finances=200, tresorerie=200),
    "alliances_engagement_recouvrer": codes(404, coordination=200, finances=200, tresorerie=200),
    "alliances_entente_tranche": codes(404, coordination=200, finances=200, tresorerie=200),
    **{f"alliances_{creation}": codes(200, coordination=200) for creation in CREATIONS},
    **dict.fromkeys(
        ("appels_appel_question", "appels_appel_section", "appels_appel_publier_formulaire"),
        codes(404, coordination=302),
    ),
    "projets_projet_prolonger_precisions": codes(404, coordination=302),  # aucune demande ouverte : retour au dossier
    "projets_projet_annuler_precisions": codes(404, coordination=302),
    # Sans sélection ni envoi, un lot inconnu n'a pas de page, et l'export renvoie à la liste.
    "projets_projet_lot": codes(404, 404),
    "projets_projet_exporter": codes(302, 302),
    # Sans appel nommé, ces deux pages offrent le choix.
    "projets_projet_rapport_appel": LISTE,
    "projets_projet_communique": LISTE,
    "projets_projet_liste_attente": LISTE,
    "projets_projet_papier": codes(200, coordination=200),
    "appels_appel_creer": codes(200, coordination=200),
    # Sans l'élément de leur adresse, ces deux actes n'ont pas d'objet.
    "appels_appel_retirer_piece": codes(404, coordination=404),
    "appels_appel_ecarter": codes(404, coordination=404),
    "projets_projet_apercu": codes(404, 404),
    "projets_projet_decider": codes(404, secretariat=200),
    "projets_projet_reviser_decision": codes(404, secretariat=200),
    "projets_projet_preparer_decision": codes(404, coordination=200),
    # Sans préparation ni budget révisé, retour au dossier.
    **dict.fromkeys(
        (f"projets_projet_{acte}" for acte in ("retirer_preparation", "accepter_budget", "renvoyer_budget")),
        codes(404, coordination=302),
    ),
    **dict.fromkeys(("projets_projet_resolution", "projets_decisionpreparee_resolution"), codes(403, secretariat=200)),
    "projets_lettre_corriger": codes(404, coordination=200),
    "projets_lettre_lot": codes(404, 404),
    "projets_modelelettre_ecrire": codes(404, coordination=200),
    "projets_modelelettre_nouveau": codes(200, coordination=200),
    "projets_versement_approuver": codes(404, coordination=200, finances=200),
    "projets_versement_payer": codes(404, finances=200, tresorerie=200),
}
LUS_PAR_L_AGENT = (
    "alliances_consultation",
    "alliances_plantravail",
    "alliances_entente",
    "alliances_mandataire",
    "alliances_territoire",
    "appels_appel",
)
# L'agent lit le mandataire, l'entente et les appels; la demande de l'essai est d'un autre territoire que le sien.
AGENT = {
    **{f"{m}_{g}": 200 for m in LUS_PAR_L_AGENT for g in ("changelist", "history", "change")},
    "projets_projet_changelist": 200,
    "projets_projet_exporter": 302,
    "projets_lettre_lot": 404,
    **{f"{m}_history": 302 for m in COMITE if m != "comite_comiteappel"},
    **{
        nom: 404
        for nom in TABLE
        if nom.startswith(tuple(f"{m}_" for m in COMITE if m != "comite_comiteappel"))
        and nom.rpartition("_")[2] not in {"add", "delete", "changelist", "history", "imprimer"}
    },
    **{f"{m}_history": 302 for m in ("projets_projet", "alliances_affectation", "socle_courriel", "socle_rappel")},
    **{
        nom: 404
        for nom in TABLE
        if nom.startswith(("projets_projet_", "alliances_affectation_", "socle_courriel_"))
        and nom.rpartition("_")[2]
        not in {"add", "delete", "changelist", "history", "acces", "inviter", "papier", "exporter", "resolution"}
        | {"appel", "communique", "attente"}
    },
    "projets_projet_rapport_appel": 200,
}
for _nom, _code in AGENT.items():
    TABLE[_nom] = TABLE[_nom] | {"agent": _code}


def adresses() -> dict[str, str]:
    """Nom → adresse, sur un objet de l'Alliance 02 qui a tout ce que ses actes demandent."""
    trouvees = {}
    for classe in admin.site._registry.values():
        for motif in classe.get_urls():
            if isinstance(motif, URLPattern) and motif.name:
                arguments = [objet_02(classe.model).pk] if "<" in str(motif.pattern) else []
                trouvees[motif.name] = reverse(f"admin:{motif.name}", args=arguments)
    return trouvees


def test_toute_adresse_de_l_admin_est_dans_la_table() -> None:
    battre(maintenant())
    assert set(adresses()) == set(TABLE)


@pytest.mark.parametrize("nom", TABLE)
def test_qui_ouvre_quoi_dans_l_admin(nom: str) -> None:
    battre(maintenant())  # un rappel et un courriel de l'Alliance 02, s'il n'y en avait pas
    cible = adresses()[nom]
    assert {role: client(role).get(cible).status_code for role in ROLES} == TABLE[nom]
