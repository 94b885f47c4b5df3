"""Plan de travail et gouvernance de la démonstration : fonctions et organismes fictifs, aucun nom de personne.

De Lanaudière, seules viennent d'une source publique l'échéance du plan (31 mars 2019), les consultations de janvier 2019
et les organisations du comité de réflexion stratégique (leur secteur et leur groupe d'âge se déduisent de leur nom).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from alliances.enums import EtatSiege, FamillePartenaire, GroupeAge, NiveauPriorite, Pouvoir, RoleMembre, TypeComite
from alliances.models import Comite, Delegation, Entente, Partenaire, PlanTravail, Territoire
from alliances.services import avis, elements_plan, gouvernance, plans
from appels.models import Appel
from appels.services.plan import lier_objectifs
from comptes.models import Utilisateur
from portail.demonstration.agenda import quand
from portail.demonstration.territoires import MOTIF_ZONE, ZONES_02
from socle.horloge import EST

Personnes = dict[str, Utilisateur]
PARTENAIRES_02 = (
    ("Regroupement des MRC (démonstration)", FamillePartenaire.MUNICIPAL),
    ("Conférence administrative régionale (démonstration)", FamillePartenaire.GOUVERNEMENTAL),
    ("Bureaux de circonscription (démonstration)", FamillePartenaire.ELUS),
    ("Maison d’entraide (démonstration)", FamillePartenaire.COMMUNAUTAIRE),
    ("Corporation de développement communautaire (démonstration)", FamillePartenaire.CONCERTATION),
    ("Centre de services scolaire (démonstration)", FamillePartenaire.SCOLAIRE),
    ("CIUSSS (démonstration)", FamillePartenaire.SANTE),
)
# fonction, rang du partenaire représenté, rôle, vote, groupe d'âge, lettres du territoire
TABLE_02 = (
    ("Préfecture (démonstration)", 0, RoleMembre.PRESIDENCE, True, "", "MC"),
    ("Direction régionale (démonstration)", 1, RoleMembre.MEMBRE, True, "", ""),
    ("Conseil politique (démonstration)", 2, RoleMembre.OBSERVATION, False, "", ""),
    ("Coordination d’organisme (démonstration)", 3, RoleMembre.MEMBRE, True, GroupeAge.ADULTES, "CH"),
    ("Direction de corporation (démonstration)", 4, RoleMembre.MEMBRE, True, GroupeAge.AINES, "JQ"),
    ("Direction adjointe (démonstration)", 5, RoleMembre.MEMBRE, True, GroupeAge.JEUNES, "LE"),
    ("Organisation communautaire (démonstration)", 6, RoleMembre.SECRETARIAT, True, "", "BS"),
)
ANALYSE_02 = TABLE_02[3:7]
OBJECTIFS_02 = (
    ("O1", "Ouvrir un point de service alimentaire dans chaque territoire", "securite_alimentaire", -20, None),
    ("O2", "Réunir les organismes de transport en un seul service régional", "transport", -60, -75),
    ("O3", "Soutenir quarante ménages vers un logement stable", "habitation", 300, None),
)
ENGAGEMENTS_02 = (
    (0, "argent", "Contribution annuelle", "60000", "45000"),
    (3, "nature", "Locaux et cuisine", "18500", "18500"),
    (6, "temps", "Organisation communautaire, une journée par semaine", "24000", "12750.50"),
)
REFLEXION_14 = (
    ("Direction régionale du MTESS", FamillePartenaire.GOUVERNEMENTAL, ""),
    ("Fondation Chagnon", FamillePartenaire.COMMUNAUTAIRE, ""),
    ("Direction de santé publique", FamillePartenaire.SANTE, ""),
    ("TROCL", FamillePartenaire.CONCERTATION, ""),
    ("Plateau lanaudois intersectoriel", "", ""),
    ("Envolée 0-5", "", GroupeAge.JEUNES),
    ("CRÉVALE", "", GroupeAge.JEUNES),
    ("Table des aînés de Lanaudière", FamillePartenaire.CONCERTATION, GroupeAge.AINES),
    ("Lanaudière économique", FamillePartenaire.AFFAIRES, ""),
    ("TPDSL", FamillePartenaire.CONCERTATION, ""),
    ("Table des préfets de Lanaudière", FamillePartenaire.MUNICIPAL, ""),
)


def charger_cadre_courant(entente: Entente, personnes: Personnes, instant: datetime) -> None:
    """L'entente 02-2024 : partenaires, table, comité d'analyse, plan v1 remplacé et v2 en vigueur, deux délégations."""
    coordination = personnes["coordination"]
    partenaires = [
        gouvernance.ecrire_partenaire(
            entente=entente,
            partenaire=None,
            nom=nom,
            famille=famille,
            auteur=coordination,
            instant=quand(date(2024, 4, 22)),
        )
        for nom, famille in PARTENAIRES_02
    ]
    table = _comites_02(entente, partenaires, coordination)
    _consultations_02(entente, coordination)
    _plans_02(entente, partenaires, personnes, instant)
    _plans_delegues(entente, personnes, instant)
    _avis_02(entente, table, coordination, instant)


def _comites_02(entente: Entente, partenaires: list[Partenaire], auteur: Utilisateur) -> Comite:
    """La table régionale (deux sièges de vécu, un pourvu) et le comité d'analyse."""
    instant = quand(date(2024, 5, 6))
    table = _comite(
        entente,
        TypeComite.TABLE,
        "Table régionale de concertation (démonstration)",
        "Préparer le plan de travail, mobiliser les partenaires, veiller à l’arrimage avec les autres fonds.",
        5,
        auteur,
        instant,
    )
    analyse = _comite(
        entente,
        TypeComite.ANALYSE,
        "Comité d’analyse des projets (démonstration)",
        "Évaluer les demandes admissibles et recommander à l’instance décisionnelle.",
        5,
        auteur,
        instant,
    )
    territoires = {t.code: t for t in Territoire.objects.filter(entente=entente)}
    for comite, fonctions in ((table, TABLE_02), (analyse, ANALYSE_02)):
        for fonction, rang, role, vote, groupe, lettres in fonctions:
            partenaire = partenaires[rang]
            gouvernance.ecrire_membre(
                comite=comite,
                membre=None,
                nom=fonction,
                represente=partenaire.nom,
                secteur=partenaire.famille,
                role=role,
                vote=vote,
                groupe_age=groupe,
                territoire=territoires.get(lettres),
                depuis=date(2024, 5, 6),
                jusqua=None,
                auteur=auteur,
                instant=instant,
            )
    sieges = [gouvernance.ajouter_siege(comite=table, auteur=auteur, instant=instant) for _n in range(2)]
    for etat, jour in ((EtatSiege.INVITE, date(2024, 6, 3)), (EtatSiege.POURVU, date(2024, 9, 9))):
        gouvernance.changer_siege(siege=sieges[0], etat=etat, auteur=auteur, instant=quand(jour))
    return table


def _comite(
    entente: Entente, type_: str, nom: str, mandat: str, quorum: int | None, auteur: Utilisateur, instant: datetime
) -> Comite:
    return gouvernance.ecrire_comite(
        entente=entente,
        comite=None,
        type=type_,
        nom=nom,
        territoire=None,
        mandat=mandat,
        quorum=quorum,
        depuis=instant.astimezone(EST).date(),
        jusqua=None,
        auteur=auteur,
        instant=instant,
    )


def _consultations_02(entente: Entente, auteur: Utilisateur) -> None:
    priorites = {p.code: p for p in entente.priorites.all()}
    tenues = (
        (
            "CH",
            date(2024, 5, 14),
            34,
            "Se nourrir et se loger passent avant tout; le soir, rien n’est ouvert.",
            "securite_alimentaire",
        ),
        ("MC", date(2024, 5, 16), 19, "Sans transport, les services restent hors de portée.", "transport"),
        ("JQ", date(2024, 5, 21), 27, "Les loyers montent plus vite que les revenus.", "habitation"),
    )
    for lettres, jour, presents, constats, priorite in tenues:
        territoire = Territoire.objects.get(entente=entente, code=lettres)
        elements_plan.ecrire_consultation(
            entente=entente,
            consultation=None,
            territoire=territoire,
            tenue_le=jour,
            lieu=f"{territoire.nom}, salle communautaire (démonstration)",
            participants=presents,
            constats=constats,
            priorites=[priorites[priorite]],
            auteur=auteur,
            instant=quand(jour + timedelta(days=7)),
        )


def _plans_02(entente: Entente, partenaires: list[Partenaire], personnes: Personnes, instant: datetime) -> None:
    """La version 1, remplacée; la version 2, en vigueur, avec un objectif en retard et des engagements suivis."""
    coordination = personnes["coordination"]
    premier = _plan(entente, None, coordination, date(2024, 5, 27), date(2024, 6, 28))
    _choisir(premier, ("securite_alimentaire", "transport", "habitation", "insertion"), coordination)
    _accepter(premier, personnes, quand(date(2024, 6, 21)), quand(date(2024, 7, 9)))
    plan = plans.creer_plan(
        entente=entente, territoire=None, echeance=None, auteur=coordination, instant=instant - timedelta(days=130)
    )
    acte = {"plan": plan, "auteur": coordination, "instant": instant - timedelta(days=120)}
    for nom, niveau, lettres in (
        ("Participation des personnes concernées", NiveauPriorite.MINISTERE, ""),
        ("Services de proximité le soir et la fin de semaine", NiveauPriorite.LOCALE, "CH"),
    ):
        territoire = Territoire.objects.get(entente=entente, code=lettres) if lettres else None
        elements_plan.ajouter_priorite(libelle=nom, niveau=niveau, territoire=territoire, **acte)
    for lettres, nom in ZONES_02:
        elements_plan.ajouter_zone(
            nom=nom, motif=MOTIF_ZONE, territoire=Territoire.objects.get(entente=entente, code=lettres), **acte
        )
    jour = instant.astimezone(EST).date()
    priorites = {p.code: p for p in entente.priorites.all()}
    for code, libelle, priorite, dans, _fait in OBJECTIFS_02:
        elements_plan.ecrire_objectif(
            objectif=None,
            code=code,
            libelle=libelle,
            priorite=priorites[priorite],
            echeance=jour + timedelta(days=dans),
            **acte,
        )
    for rang, nature, description, promis, _recu in ENGAGEMENTS_02:
        elements_plan.ecrire_engagement(
            engagement=None,
            partenaire=partenaires[rang],
            nature=nature,
            description=description,
            promis=Decimal(promis),
            **acte,
        )
    _accepter(plan, personnes, instant - timedelta(days=110), instant - timedelta(days=90))
    _suivre(plan, coordination, jour)


def _suivre(plan: PlanTravail, auteur: Utilisateur, jour: date) -> None:
    """Ce qui est fait et reçu depuis l'acceptation."""
    for code, _libelle, _priorite, _dans, fait in OBJECTIFS_02:
        if fait is not None:
            elements_plan.marquer_objectif(
                objectif=plan.objectifs.get(code=code),
                fait_le=jour + timedelta(days=fait),
                auteur=auteur,
                instant=quand(jour + timedelta(days=fait + 1)),
            )
    for engagement in plan.engagements.order_by("id"):
        recu = next(
            r for _rang, _nature, description, _promis, r in ENGAGEMENTS_02 if description == engagement.description
        )
        elements_plan.inscrire_recu(
            engagement=engagement, recu=Decimal(recu), auteur=auteur, instant=quand(jour - timedelta(days=40))
        )


def _plans_delegues(entente: Entente, personnes: Personnes, instant: datetime) -> None:
    """Domaine-du-Roy attend le ministère; Lac-Saint-Jean-Est, retourné, se corrige avant son échéance."""
    coordination, jour = personnes["coordination"], instant.astimezone(EST).date()
    for lettres in ("DR", "LE"):
        territoire = Territoire.objects.get(entente=entente, code=lettres)
        if not Delegation.objects.filter(territoire=territoire, jusqua__isnull=True).exists():
            Delegation.objects.create(
                entente=entente,
                territoire=territoire,
                delegataire=f"MRC de démonstration ({territoire.nom})",
                pouvoirs=[Pouvoir.RECEVOIR, Pouvoir.EXAMINER],
                resolution=f"CA-DEMO-{lettres}",
                depuis=date(2024, 6, 1),
                enveloppe=territoire.enveloppes.first(),
            )
        echeance = jour + timedelta(days=20)
        plan = _plan(entente, territoire, coordination, jour - timedelta(days=35), echeance)
        _choisir(plan, ("habitation", "transport"), coordination)
        _garnir(plan, coordination, jour)
        plans.deposer_plan(plan=plan, auteur=coordination, instant=instant - timedelta(days=21))
        if lettres == "LE":
            plans.commenter_plan(
                plan=plan,
                commentaire="Dites comment les personnes en situation de pauvreté ont été consultées.",
                auteur=personnes["ministere"],
                instant=instant - timedelta(days=12),
            )


def _garnir(plan: PlanTravail, auteur: Utilisateur, jour: date) -> None:
    """Un objectif, un engagement et une consultation du territoire."""
    acte = {"auteur": auteur, "instant": quand(jour - timedelta(days=30))}
    elements_plan.ecrire_objectif(
        plan=plan,
        objectif=None,
        code="L1",
        libelle="Offrir un transport hebdomadaire vers les services",
        priorite=plan.priorites.get(code="transport"),
        echeance=jour + timedelta(days=240),
        **acte,
    )
    elements_plan.ecrire_engagement(
        plan=plan,
        engagement=None,
        partenaire=Partenaire.objects.filter(entente=plan.entente, famille=FamillePartenaire.MUNICIPAL).get(),
        nature="nature",
        description="Un minibus et son entretien",
        promis=Decimal("14000"),
        **acte,
    )
    elements_plan.ecrire_consultation(
        entente=plan.entente,
        consultation=None,
        territoire=plan.territoire,
        tenue_le=jour - timedelta(days=48),
        lieu="Centre communautaire (démonstration)",
        participants=16,
        constats="Les rendez-vous manqués tiennent surtout au transport.",
        priorites=list(plan.priorites.filter(code="transport")),
        **acte,
    )


def _plan(
    entente: Entente, territoire: Territoire | None, auteur: Utilisateur, cree: date, echeance: date
) -> PlanTravail:
    """Une première version, ses textes écrits."""
    plan = plans.creer_plan(
        entente=entente, territoire=territoire, echeance=echeance, auteur=auteur, instant=quand(cree)
    )
    return plans.ecrire_textes(
        plan=plan,
        orientations="Agir sur les causes de la pauvreté, au plus près des milieux, avec les personnes concernées"
        " (texte de démonstration).",
        structure="La table régionale oriente; le comité d’analyse recommande; le conseil d’administration décide"
        " par résolution (texte de démonstration).",
        mecanique="Un appel de projets par année, dans chaque territoire et à l’échelle de la région"
        " (texte de démonstration).",
        echeance=echeance,
        auteur=auteur,
        instant=quand(cree, 14),
    )


def _choisir(plan: PlanTravail, codes: tuple[str, ...], auteur: Utilisateur) -> None:
    plans.choisir_priorites(
        plan=plan,
        priorites=list(plan.entente.priorites.filter(code__in=codes)),
        auteur=auteur,
        instant=plan.cree_le + timedelta(hours=5),
    )


def _accepter(plan: PlanTravail, personnes: Personnes, depose: datetime, accepte: datetime) -> None:
    plans.deposer_plan(plan=plan, auteur=personnes[_coordination(plan)], instant=depose)
    plans.accepter_plan(plan=plan, commentaire="", auteur=personnes["ministere"], instant=accepte)


def _coordination(plan: PlanTravail) -> str:
    return "coordination.lanaudiere" if plan.entente.mandataire.code == "14" else "coordination"


def _avis_02(entente: Entente, table: Comite, auteur: Utilisateur, instant: datetime) -> None:
    """Un avis reçu, un autre en retard, tous deux sur le plan en vigueur."""
    plan = PlanTravail.objects.en_vigueur().get(entente=entente, territoire=None)
    demandes = (
        (
            "Chaire de recherche sur l’habitation (démonstration)",
            "Le seuil de quarante ménages est-il réaliste?",
            70,
            45,
        ),
        ("Office d’habitation (démonstration)", "Combien de logements pouvez-vous réserver au projet?", 40, 10),
    )
    for rang, (destinataire, question, demande, attendu) in enumerate(demandes):
        jour = (instant - timedelta(days=attendu)).astimezone(EST).date()
        ecrit = avis.demander_avis(
            entente=entente,
            comite=table,
            plan=plan,
            dossier="",
            destinataire=destinataire,
            courriel=f"avis{rang + 1}@demo.example",
            question=question,
            attendu_le=jour,
            auteur=auteur,
            instant=instant - timedelta(days=demande),
        )
        if rang == 0:
            avis.inscrire_avis(
                avis=ecrit,
                reponse="Oui, si l’accompagnement dure au moins un an (réponse de démonstration).",
                auteur=auteur,
                instant=instant - timedelta(days=attendu + 5),
            )


def lier_appel_courant(appel: Appel, auteur: Utilisateur) -> None:
    """L'appel du jour sert deux objectifs du plan qu'il cite."""
    lier_objectifs(
        appel=appel,
        objectifs=list(appel.plan.objectifs.filter(code__in=["O1", "O3"])),
        auteur=auteur,
        instant=appel.ouverture,
    )


def charger_cadre_2017(entente: Entente, personnes: Personnes) -> None:
    """L'entente 02-2017 : un plan accepté avant le premier appel."""
    plan = _plan(entente, None, personnes["coordination"], date(2018, 10, 1), date(2018, 12, 14))
    _choisir(plan, ("securite_alimentaire", "transport", "habitation", "insertion"), personnes["coordination"])
    _accepter(plan, personnes, quand(date(2018, 12, 12)), quand(date(2019, 1, 21)))


def charger_cadre_lanaudiere(entente: Entente, personnes: Personnes) -> None:
    """L'entente 14-2017 : le plan exigé au 31 mars 2019, les consultations de janvier, le comité de réflexion."""
    coordination = personnes["coordination.lanaudiere"]
    comite = _comite(
        entente,
        TypeComite.REFLEXION,
        "Comité de réflexion stratégique",
        "Soutenir la réflexion et formuler des recommandations au conseil d’administration de la Table des préfets de"
        " Lanaudière; favoriser les arrimages et une vision globale, intégrée et intersectorielle.",
        None,
        coordination,
        quand(date(2018, 12, 3)),
    )
    for organisation, secteur, groupe in REFLEXION_14:
        gouvernance.ecrire_membre(
            comite=comite,
            membre=None,
            nom=organisation,
            represente="",
            secteur=secteur,
            role=RoleMembre.MEMBRE,
            vote=True,
            groupe_age=groupe,
            territoire=None,
            depuis=date(2018, 12, 3),
            jusqua=None,
            auteur=coordination,
            instant=quand(date(2018, 12, 3)),
        )
    for rang, territoire in enumerate(Territoire.objects.filter(entente=entente).order_by("ordre")):
        elements_plan.ecrire_consultation(
            entente=entente,
            consultation=None,
            territoire=territoire,
            tenue_le=date(2019, 1, 15 + rang),
            lieu=f"MRC, {territoire.nom} (jour de démonstration)",
            participants=None,
            constats="Consultation annoncée pour janvier 2019, pour alimenter la réflexion sur le plan de travail; ce qui en"
            " est sorti n’est pas publié.",
            priorites=[],
            auteur=coordination,
            instant=quand(date(2019, 2, 4)),
        )
    plan = _plan(entente, None, coordination, date(2018, 11, 5), date(2019, 3, 31))
    _choisir(plan, ("insertion", "transport"), coordination)
    _accepter(plan, personnes, quand(date(2019, 3, 28)), quand(date(2019, 4, 25)))
