"""Les sections d'un brouillon : ce qu'elles contiennent, leur état, ce qui reste à faire avant de déposer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from appels.enums import GenreQuestion, Gravite
from appels.questions import UNITES
from comptes.enums import FormeJuridique
from projets.champs import MONTANT, formulaire_de, nom_du_champ, valeurs_de
from projets.exigences import Exigence, deja_deposees, exigences_de
from projets.models import LigneDepense, LigneFinancement, PieceJointe, Projet
from projets.regles import Constat, Demande, Depense, Financement, constat_nombre, evaluer
from socle.formats import compter, nombre
from socle.textes import COMPTEURS

ORGANISME, PROJET, ACTIVITES, BUDGET, PIECES = "organisme", "projet", "activites", "budget", "pieces"
TITRES = {
    ORGANISME: L("Organisme"),
    ACTIVITES: L("Activités et résultats"),
    BUDGET: L("Budget"),
    PIECES: L("Pièces à joindre"),
}
# Ce qu'on demande de faire devant une réponse vide; ailleurs, la question elle-même.
GESTES = {
    "enveloppe": L("Choisissez le territoire du projet."),
    "titre": L("Donnez un titre au projet."),
    "priorite": L("Choisissez la priorité principale du projet."),
    "resume_public": L("Écrivez le résumé public."),
    "besoin": L("Décrivez le besoin."),
    "debut": L("Inscrivez la date de début."),
    "fin": L("Inscrivez la date de fin."),
}
A_FAIRE, EN_COURS, TERMINE = "a_faire", "en_cours", "termine"


@dataclass(frozen=True)
class Section:
    """Une ligne de la liste de tâches."""

    code: str
    titre: str
    url: str
    etat: str
    detail: str


def demande_de(projet: Projet, depenses: Iterable[LigneDepense], financements: Iterable[LigneFinancement]) -> Demande:
    """Les nombres du projet, pour les règles. L'acceptation est inconnue avant la décision (R3)."""
    return Demande(
        montant=projet.montant_demande,
        depenses=[Depense(d.categorie, d.montant, d.engagee_le) for d in depenses],
        financements=[Financement(f.source, f.montant) for f in financements],
        debut=projet.debut,
        fin=projet.fin,
        fin_max=projet.appel.fin_max_projet,
        acceptation=projet.decision.adoptee_le if projet.decide_le and hasattr(projet, "decision") else None,
    )


def constats_chiffres(projet: Projet) -> list[Constat]:
    """Les règles du budget et des dates, vertes et rouges."""
    return evaluer(demande_de(projet, projet.depenses.all(), projet.financements.all()), projet.appel.aide)


def forme_admissible(projet: Projet) -> Constat:
    """R1 : la forme juridique de l'organisme est de celles que l'appel admet."""
    return constat_forme(projet.organisme.forme, projet.appel.formes_admissibles)


def constat_forme(forme: str, admises: Sequence[str]) -> Constat:
    """R1, pour une forme juridique et celles qu'un appel admet (vide : toutes)."""
    tenu, nom = not admises or forme in admises, str(FormeJuridique(forme).label)
    return Constat(
        "R1",
        conforme=tenu,
        titre=_("organisme admissible") if tenu else _("L’organisme n’est pas d’une forme admissible à cet appel"),
        detail=nom
        if tenu
        else _(
            "L’appel n’admet pas cette forme juridique : {forme}. Vérifiez la fiche de l’organisme, ou écrivez à la coordination."
        ).format(forme=nom),
        section=ORGANISME,
        champ="forme",
    )


def titres_de(projet: Projet) -> dict[str, str]:
    """Les sections de la demande, dans l'ordre : l'organisme, celles du formulaire, puis activités, budget, pièces."""
    du_formulaire = {section.cle: section.titre for section in formulaire_de(projet).sections}
    return {
        ORGANISME: str(TITRES[ORGANISME]),
        **du_formulaire,
        **{code: str(TITRES[code]) for code in (ACTIVITES, BUDGET, PIECES)},
    }


def essentiels_vides(projet: Projet) -> list[Constat]:
    """Les réponses vides que l'appel attend, avec la gravité de chaque question; le montant demandé bloque toujours."""
    valeurs = valeurs_de(projet)
    constats = [
        Constat(
            "essentiel",
            conforme=False,
            titre=str(GESTES.get(question.cle) or _("Répondez : {libelle}").format(libelle=question.libelle)),
            gravite=question.gravite,
            section=section.cle,
            champ=question.cle,
        )
        for section, question in formulaire_de(projet).posees(valeurs)
        if question.gravite and question.genre != GenreQuestion.FICHIER and valeurs[question.cle] is None
    ]
    if projet.montant_demande is None and MONTANT not in projet.illisibles:
        constats.append(
            Constat(
                "essentiel",
                conforme=False,
                titre=_("Inscrivez le montant demandé."),
                gravite=Gravite.BLOQUE,
                section=BUDGET,
                champ=MONTANT,
            )
        )
    return constats


def saisies_illisibles(projet: Projet) -> list[Constat]:
    """Ce qui est écrit mais ne se lit pas (un montant, une date) : gardé, et à corriger avant de déposer."""
    sections = {question.cle: section.cle for section, question in formulaire_de(projet).toutes()}
    sections |= {
        "activites": ACTIVITES,
        "resultats": ACTIVITES,
        "depenses": BUDGET,
        "financements": BUDGET,
        MONTANT: BUDGET,
    }
    return [
        Constat(
            "illisible",
            conforme=False,
            titre=_("Une saisie ne se lit pas : {nom}").format(nom=nom_du_champ(projet, champ)),
            detail=_("Vous avez écrit « {brut} ».").format(brut=brut) if isinstance(brut, str) else "",
            gravite=Gravite.BLOQUE,
            section=sections[champ],
            champ=champ,
        )
        for champ, brut in projet.illisibles.items()
        if champ in sections
    ]


def textes_trop_longs(projet: Projet) -> list[Constat]:
    """Un texte au-delà de sa limite avertit : rien n'est coupé, le comité lit tout."""
    constats = []
    valeurs = valeurs_de(projet)
    for section, question in formulaire_de(projet).posees(valeurs):
        texte = valeurs[question.cle]
        if not question.limite or not isinstance(texte, str):
            continue
        trop = COMPTEURS[question.unite](texte) - question.limite
        if trop > 0:
            unite = UNITES[question.unite]
            constats.append(
                Constat(
                    "limite",
                    conforme=False,
                    titre=_("{libelle} : {trop} de plus que demandé ({limite} {unite})").format(
                        libelle=question.libelle, trop=nombre(trop), limite=nombre(question.limite), unite=unite
                    ),
                    section=section.cle,
                    champ=question.cle,
                )
            )
    return constats


def pieces_manquantes(
    projet: Projet, pieces: Iterable[PieceJointe], exigences: list[Exigence] | None = None
) -> list[Constat]:
    """Chaque pièce requise absente, avec sa gravité; une modification garde les pièces de la demande qu'elle modifie."""
    jointes = [*pieces, *(projet.remplace.pieces.all() if projet.remplace else ())]
    return [
        Constat(
            "piece",
            conforme=False,
            titre=exigence.libelle,
            gravite=exigence.gravite,
            section=PIECES,
            champ=exigence.cle,
            detail=_("Peut suivre le dépôt de {n} jours.").format(n=projet.appel.suite_jours)
            if exigence.gravite == Gravite.SUITE
            else exigence.aide,
        )
        for exigence in (exigences_de(projet) if exigences is None else exigences)
        if exigence.gravite and not exigence.remplie(jointes)
    ]


def nombre_de_demandes(projet: Projet) -> list[Constat]:
    """La borne de l'appel sur le nombre de demandes par organisme, s'il en a une (une requête)."""
    aide = projet.appel.aide
    constat = constat_nombre(deja_deposees(projet), aide) if aide.par_organisme is not None else None
    return [constat] if constat else []


def reste_a_faire(projet: Projet, exigences: list[Exigence] | None = None) -> list[Constat]:
    """Tout ce qui manque ou cloche, le plus grave d'abord. Vide : la demande est prête. `exigences` : si on les a déjà lues."""
    depenses = list(projet.depenses.all())
    constats = [
        *saisies_illisibles(projet),
        *essentiels_vides(projet),
        forme_admissible(projet),
        *constats_chiffres(projet),
        *textes_trop_longs(projet),
    ]
    if not depenses:
        constats = [c for c in constats if c.regle != "R13"]
        constats.append(
            Constat(
                "R13",
                conforme=False,
                titre=_("Inscrivez les dépenses du projet."),
                section=BUDGET,
                champ="depenses",
                gravite=Gravite.AVERTIT,
            )
        )
    constats += pieces_manquantes(projet, projet.pieces.all(), exigences)
    constats += nombre_de_demandes(projet)
    rang = {Gravite.BLOQUE: 0, Gravite.AVERTIT: 1, Gravite.SUITE: 2}
    return sorted((c for c in constats if not c.conforme), key=lambda c: rang[Gravite(c.gravite)])


def blocages(constats: Iterable[Constat]) -> list[Constat]:
    return [constat for constat in constats if constat.gravite == Gravite.BLOQUE]


def liste_de_taches(projet: Projet, constats: list[Constat], exigences: list[Exigence]) -> list[Section]:
    """Les sections et leur état : à faire, en cours, terminé."""
    par_section: dict[str, list[Constat]] = {}
    for constat in constats:
        par_section.setdefault(constat.section, []).append(constat)
    return [
        Section(code, titre, adresse_section(projet, code), *_etat(projet, code, par_section.get(code, []), exigences))
        for code, titre in titres_de(projet).items()
    ]


def adresse_section(projet: Projet, code: str) -> str:
    """La page où la section se remplit."""
    if code == ORGANISME:
        return reverse("comptes:organisme", args=[projet.organisme.uuid])
    if code == PIECES:
        return reverse("projets:pieces", args=[projet.uuid])
    return reverse("projets:section", args=[projet.uuid, code])


def _etat(projet: Projet, code: str, constats: list[Constat], exigences: list[Exigence]) -> tuple[str, str]:
    if code == PIECES:
        requises = sum(bool(exigence.gravite) for exigence in exigences)
        jointes = requises - len(constats)
        detail = (
            _("{n} jointes sur {total}").format(n=jointes, total=requises) if requises else _("Aucune pièce exigée")
        )
        return (TERMINE if not constats else EN_COURS if len(projet.pieces.all()) else A_FAIRE), detail
    if code == ORGANISME:
        complet = bool(projet.organisme.mission and projet.organisme.adresse) and not constats
        return (TERMINE if complet else EN_COURS), str(projet.organisme)
    if code == ACTIVITES:
        total = len(projet.activites.all())
        if not total:
            return A_FAIRE, _("Rien d’inscrit encore")
        return TERMINE, compter(total, _("activité"), _("activités"))
    if code not in projet.sections_vues:
        return A_FAIRE, _("Rien d’inscrit encore")
    if constats:
        return EN_COURS, constats[0].titre
    valeurs = valeurs_de(projet)
    vides = sum(
        section.cle == code and valeurs[question.cle] is None
        for section, question in formulaire_de(projet).posees(valeurs)
    )
    return (
        (
            EN_COURS,
            _("{vides}, sans bloquer").format(
                vides=compter(vides, _("réponse encore vide"), _("réponses encore vides"))
            ),
        )
        if vides
        else (TERMINE, _("Complet"))
    )


def adoucir(constats: Iterable[Constat]) -> list[Constat]:
    """Les mêmes constats, sans aucun qui bloque : ce que lit la coordination après le dépôt."""
    return [replace(c, gravite=Gravite.AVERTIT) if c.gravite == Gravite.BLOQUE else c for c in constats]
