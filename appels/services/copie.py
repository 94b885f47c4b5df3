"""Copier un appel antérieur : tout ce qui se reprend, ses dates décalées; ni l'état, ni les demandes, ni les numéros."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.models import Entente, Enveloppe
from alliances.services.gestes import poser
from appels.models import (
    Appel,
    AppelEnveloppe,
    Critere,
    EtapeCalendrier,
    FormulaireVersion,
    PeriodeDepot,
    PhaseEvaluation,
    PieceRequise,
    TexteGuide,
)
from appels.regles.calendrier import decaler_instant, decaler_jour
from appels.services.preparation import creer_appel
from socle.erreurs import Refus
from socle.etats import verifier_droit

REPRIS = (
    *(
        "commentaires_exiges",
        "retrait_hors_quorum",
        "resume",
        "mode",
        "jusqua_epuisement",
        "suite_jours",
        "formes_admissibles",
        "parametres",
    ),
    *("contact_nom", "contact_courriel", "contact_telephone", "contact_heures", "soir_telephone", "soir_heures"),
)


@transaction.atomic
def copier_appel(
    *, appel: Appel, entente: Entente, titre: str, annees: int, jours: int, auteur: Any, instant: datetime
) -> Appel:
    """Un appel neuf, en préparation, recopié de `appel`, ses dates décalées de `annees` puis de `jours`.

    Vers une autre entente du même mandataire, les enveloppes se retrouvent par leurs lettres; celles qui n'y sont pas se laissent.
    Les montants offerts ne se recopient pas : ils se disent à venir. Refuse un autre mandataire, ou un décalage nul ou négatif.
    """
    verifier_droit(auteur, "appels.lire_appel", appel, _("Copier un appel"))
    if entente.mandataire_id != appel.entente.mandataire_id:
        raise Refus(_("Un appel se copie dans une entente du même mandataire."), code="entente", champ="entente")
    if decaler_jour(date(2001, 1, 1), annees, jours) <= date(2001, 1, 1):
        raise Refus(_("Décalez les dates vers l’avant."), code="decalage", champ="annees")

    def instant_decale(quand: datetime) -> datetime:
        return decaler_instant(quand, appel.fuseau, annees, jours)

    def jour_decale(jour: date | None) -> date | None:
        return decaler_jour(jour, annees, jours) if jour else None

    copie = creer_appel(
        entente=entente,
        titre=titre,
        terme=appel.terme,
        ouverture=instant_decale(appel.ouverture),
        fermeture=instant_decale(appel.fermeture),
        auteur=auteur,
        instant=instant,
    )
    poser(
        copie,
        copie_de=appel,
        fuseau=appel.fuseau,
        fin_max_projet=min(decaler_jour(appel.fin_max_projet, annees, jours), entente.fin),
        reponse_visee=jour_decale(appel.reponse_visee),
        **{nom: getattr(appel, nom) for nom in REPRIS},
    )
    _recopier(appel, copie, jour_decale)
    PeriodeDepot.objects.bulk_create(
        [
            PeriodeDepot(
                entente=entente,
                appel=copie,
                rang=p.rang,
                ouverture=instant_decale(p.ouverture),
                fermeture=instant_decale(p.fermeture),
                reponse_visee=jour_decale(p.reponse_visee),
            )
            for p in appel.periodes.all()
        ]
    )
    PhaseEvaluation.objects.bulk_create(
        [
            PhaseEvaluation(entente=entente, appel=copie, genre=p.genre, debut=instant_decale(p.debut))
            for p in appel.phases_comite.all()
        ]
    )
    return copie


def _recopier(appel: Appel, copie: Appel, jour_decale: Any) -> None:
    """Enveloppes (montants à venir), pièces, grille, formulaire (à publier avec l'appel), guide, calendrier."""
    enveloppes = {e.lettres: e for e in Enveloppe.objects.filter(entente=copie.entente)}
    commun: dict[str, Any] = {"entente": copie.entente, "appel": copie}
    AppelEnveloppe.objects.bulk_create(
        [
            AppelEnveloppe(enveloppe=enveloppes[o.enveloppe.lettres], offert=None, ordre=o.ordre, **commun)
            for o in appel.offres.select_related("enveloppe")
            if o.enveloppe.lettres in enveloppes
        ]
    )
    PieceRequise.objects.bulk_create(
        [
            PieceRequise(**_valeurs(p, "code", "libelle", "aide", "gravite", "conditions"), **commun)
            for p in appel.pieces_requises.all()
        ]
    )
    Critere.objects.bulk_create(
        [
            Critere(
                **_valeurs(c, "code", "libelle", "question", "poids", "maximum", "consigne", "mots", "seuil"), **commun
            )
            for c in appel.criteres.all()
        ]
    )
    if source := appel.formulaires.order_by("-numero").first():
        FormulaireVersion.objects.create(numero=1, definition=source.definition, **commun)
    TexteGuide.objects.bulk_create([TexteGuide(**_valeurs(t, "titre", "texte"), **commun) for t in appel.textes.all()])
    EtapeCalendrier.objects.bulk_create(
        [
            EtapeCalendrier(
                libelle=e.libelle,
                ordre=e.ordre,
                quand="" if e.jour else e.quand,
                jour=jour_decale(e.jour),
                jusqua=jour_decale(e.jusqua),
                **commun,
            )
            for e in appel.etapes.all()
            if e.jour  # « Février 2020 », en mots, ne se décale pas : l'étape se réécrit
        ]
    )


def _valeurs(objet: Any, *noms: str) -> dict[str, Any]:
    return {nom: getattr(objet, nom) for nom in (*noms, "ordre")}
