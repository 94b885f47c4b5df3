"""Matrice URL × rôle, tirée de l'URLconf : une adresse sans ligne ici fait échouer l'essai."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from alliances.models import PlanTravail
from appels.models import Appel
from comite.models import Seance
from comptes.models import Organisme
from projets.models import BudgetRevise, Evaluation, Projet
from socle.controles_demarrage import NOS_APPS, vues_declarees
from socle.documents.fichiers import ranger
from socle.horloge import maintenant
from socle.models import Travail
from tests.outils.personnes import ROLES, client, personne

pytestmark = pytest.mark.django_db
CONNECTES = ROLES[1:]


def _projet(etat: str, entente: str = "02-2024") -> Projet:
    return Projet.objects.filter(entente__code=entente, etat=etat).order_by("id").first()


def _page(nom: str, etat: str = "en_evaluation") -> Callable[[], str]:
    return lambda: reverse(f"projets:{nom}", args=[_projet(etat).uuid])


def _reddition(nom: str, *suite: str) -> Callable[[], str]:
    return lambda: reverse(f"reddition:{nom}", args=["02-2017", "2019-2020", 2, *suite])


def _fichier() -> str:
    projet = _projet("en_evaluation")
    fichier = ranger(
        b"%PDF-", nom="a.pdf", type_mime="application/pdf", acces="projet", objet_id=projet.pk, instant=maintenant()
    )
    return reverse("socle:telecharger", args=[fichier.uuid])


def _piece() -> str:
    projet = _projet("brouillon")
    fichier = ranger(
        b"%PDF-", nom="a.pdf", type_mime="application/pdf", acces="projet", objet_id=projet.pk, instant=maintenant()
    )
    return reverse(
        "projets:garder_piece", args=[projet.uuid, projet.pieces.create(fichier=fichier, jointe_le=maintenant()).pk]
    )


def _budget_a_refaire() -> Projet:
    """Un octroi partiel communiqué : le budget révisé attend."""
    projet = Projet.objects.filter(entente__code="02-2017", decision__lettre__etat="envoyee", etat="accepte").first()
    BudgetRevise.objects.create(
        entente_id=projet.entente_id, projet=projet, montant=projet.decision.montant, demande_le=maintenant()
    )
    return projet


def _pdf_de_l_appel(champ: str, acces: str) -> str:
    appel = Appel.objects.get(code="02-2024-1")
    fichier = ranger(
        b"%PDF-", nom="g.pdf", type_mime="application/pdf", acces=acces, objet_id=appel.pk, instant=maintenant()
    )
    setattr(appel, champ, fichier)
    appel.save(update_fields=[champ])
    return appel.get_absolute_url()


def _guide() -> str:
    return _pdf_de_l_appel("guide", "guide_appel") + "guide.pdf"


def _formulaire_pdf() -> str:
    return _pdf_de_l_appel("formulaire_pdf", "formulaire_appel") + "formulaire.pdf"


def _travail(nom: str) -> Callable[[], str]:
    def adresse() -> str:
        travail = Travail.objects.create(
            genre="x", libelle="x", demande_par=personne("coordination"), demande_le=maintenant()
        )
        return reverse(f"socle:{nom}", args=[travail.uuid])

    return adresse


def _organisme(nom: str, *cles: object) -> Callable[[], str]:
    """Une page de l'organisme d'une demande de l'Alliance 02; « adhesion » devient celle de son membre."""

    def adresse() -> str:
        organisme = Organisme.objects.get(nom__startswith="Organisme de démonstration CH-04")
        return reverse(
            nom, args=[organisme.uuid, *(organisme.adhesions.get().pk if cle == "adhesion" else cle for cle in cles)]
        )

    return adresse


def tous(code: int, **exceptions: int) -> dict[str, int]:
    """`code` pour chaque personne connectée, 302 vers la connexion pour l'anonyme, sauf exceptions."""
    attendu = {"anonyme": 302, **dict.fromkeys(CONNECTES, code)}
    return {**attendu, **{nom.replace("_", "."): valeur for nom, valeur in exceptions.items()}}


PUBLIC = dict.fromkeys(ROLES, 200)
SIEN = tous(404, organismes=200)
MINISTERE = tous(403, ministere=200)

# motif de l'URLconf → (adresse d'un objet de l'Alliance 02, code attendu par rôle, en GET)
MATRICE: dict[str, tuple[Callable[[], str], dict[str, int]]] = {
    "": (lambda: "/", PUBLIC),
    "mon-espace/": (lambda: "/mon-espace/", tous(302)),
    **{
        f"{nom}/": ((lambda n=nom: f"/{n}/"), PUBLIC)
        for nom in ("accessibilite", "confidentialite", "conditions", "joindre", "etat", "composants")
    },
    "alliances/": (lambda: "/alliances/", PUBLIC),
    "alliances/<slug:code>/": (lambda: "/alliances/02/", PUBLIC),
    "alliances/<slug:code>/image.css": (lambda: "/alliances/02/image.css", PUBLIC),
    "alliances/<slug:code>/logo": (lambda: "/alliances/02/logo", dict.fromkeys(ROLES, 404)),
    "sante": (lambda: "/sante", PUBLIC),
    "pret": (lambda: "/pret", PUBLIC),
    "appels/": (lambda: "/appels/", PUBLIC),
    "appels/fil.atom": (lambda: "/appels/fil.atom", PUBLIC),
    "appels/agenda.ics": (lambda: "/appels/agenda.ics", PUBLIC),
    "appels/<slug:code>/admissible/": (lambda: "/appels/02-2024-1/admissible/?depenses=100", PUBLIC),
    "appels/<slug:code>/formulaire.pdf": (_formulaire_pdf, PUBLIC),
    "appels/<slug:code>/formulaire/": (lambda: "/appels/02-2024-1/formulaire/", PUBLIC),
    "verifier/": (lambda: "/verifier/?numero=02-2024-1-JQ-0003", PUBLIC),
    "appels/<slug:code>/": (lambda: "/appels/02-2024-1/", PUBLIC),
    "appels/<slug:code>/apercu/": (
        lambda: "/appels/02-2024-3/apercu/",
        dict.fromkeys(ROLES, 404) | {"coordination": 200, "agent": 200},
    ),
    "appels/<slug:code>/guide/": (lambda: "/appels/02-2024-1/guide/", PUBLIC),
    "appels/<slug:code>/guide.pdf": (_guide, PUBLIC),
    "appels/<slug:code>/questions/": (lambda: "/appels/02-2024-1/questions/", PUBLIC),
    "organismes/nouveau/": (lambda: "/organismes/nouveau/", tous(200)),
    "organismes/<uuid:uuid>/": (
        lambda: reverse(
            "comptes:organisme", args=[Organisme.objects.get(nom__startswith="Organisme de démonstration CH-04").uuid]
        ),
        SIEN,
    ),
    "organismes/rejoindre/": (lambda: "/organismes/rejoindre/", tous(200)),
    "organismes/invitation/<str:jeton>/": (lambda: "/organismes/invitation/inconnu/", tous(404)),
    **{
        f"organismes/<uuid:uuid>/{suite}": (_organisme(nom, *cles), attendu)
        for suite, nom, cles, attendu in (
            ("correction/<int:pk>/", "comptes:correction", (1,), tous(405)),
            ("membres/", "comptes:membres", (), SIEN),
            ("membres/<int:pk>/", "comptes:membre", ("adhesion",), SIEN),
            ("membres/<int:pk>/retirer/", "comptes:retirer_membre", ("adhesion",), SIEN),
            ("invitations/<int:pk>/annuler/", "comptes:annuler_invitation", (1,), tous(405)),
            ("demandes/<int:pk>/", "comptes:trancher_adhesion", (1,), tous(405)),
            ("documents/", "comptes:documents", (), SIEN),
            ("documents/<int:pk>/retirer/", "comptes:retirer_document", (1,), tous(405)),
            ("projets/", "projets:organisme_projets", (), SIEN),
        )
    },
    "projets/": (lambda: "/projets/", tous(200)),
    "projets/nouveau/<slug:code>/": (lambda: "/projets/nouveau/02-2024-1/", tous(302, promoteur=200, organismes=200)),
    "projets/<uuid:uuid>/": (_page("projet"), SIEN),
    "projets/<uuid:uuid>/partager/": (_page("partager", "brouillon"), tous(405)),
    "projets/<uuid:uuid>/imprimer/": (_page("imprimer", "brouillon"), SIEN),
    "projets/<uuid:uuid>/reprendre/": (_page("reprendre"), tous(405)),
    "projets/<uuid:uuid>/signer/": (_page("signer"), SIEN),
    "projets/<uuid:uuid>/champ/": (_page("champ", "brouillon"), tous(405)),
    "projets/<uuid:uuid>/formulaire-vu/": (_page("formulaire_vu", "brouillon"), tous(405)),
    "projets/<uuid:uuid>/effacer/": (_page("supprimer", "brouillon"), tous(405)),
    "projets/<uuid:uuid>/retirer/": (_page("retirer"), SIEN),
    "projets/<uuid:uuid>/pieces/": (_page("pieces", "brouillon"), SIEN),
    "projets/<uuid:uuid>/pieces/reutiliser/": (_page("reutiliser_document", "brouillon"), tous(405)),
    "projets/<uuid:uuid>/pieces/<int:pk>/garder/": (_piece, SIEN),
    "projets/<uuid:uuid>/pieces/<int:pk>/retirer/": (
        lambda: reverse("projets:enlever_piece", args=[_projet("brouillon").uuid, 1]),
        tous(405),
    ),
    "projets/<uuid:uuid>/relire/": (_page("relire", "brouillon"), SIEN),
    "projets/<uuid:uuid>/accuse/": (_page("accuse"), SIEN),
    "projets/<uuid:uuid>/documents/<slug:genre>/": (
        lambda: reverse("projets:preparer_document", args=[_projet("en_evaluation").uuid, "accuse"]),
        tous(405),
    ),
    "projets/<uuid:uuid>/budget-revise/": (
        lambda: reverse("projets:budget_revise", args=[_budget_a_refaire().uuid]),
        dict.fromkeys(ROLES, 404) | {"anonyme": 302, "organismes": 200},
    ),
    "projets/<uuid:uuid>/convention/": (
        lambda: reverse(
            "projets:convention", args=[Projet.objects.filter(convention__isnull=False).order_by("id").first().uuid]
        ),
        SIEN,
    ),
    "projets/<uuid:uuid>/rapport/": (
        lambda: reverse(
            "projets:rapport", args=[Projet.objects.filter(convention__isnull=False).order_by("id").first().uuid]
        ),
        SIEN,
    ),
    "projets/<uuid:uuid>/precisions/": (_page("precisions", "depose"), SIEN),
    "projets/<uuid:uuid>/messages/": (_page("messages", "depose"), SIEN),
    "projets/<uuid:uuid>/<slug:code>/": (
        lambda: reverse("projets:section", args=[_projet("brouillon").uuid, "budget"]),
        SIEN,
    ),
    "comite/": (lambda: "/comite/", tous(200)),
    "comite/affichage/": (lambda: "/comite/affichage/", tous(405)),
    "comite/liens/": (lambda: "/comite/liens/", tous(200)),
    "comite/devenus/": (lambda: "/comite/devenus/", tous(200)),
    "comite/code/": (lambda: "/comite/code/", PUBLIC),
    "comite/ecarts/<slug:code>/": (lambda: "/comite/ecarts/02-2024-1/", tous(404)),
    "comite/seances/<int:pk>/": (
        lambda: reverse("comite:seance", args=[Seance.objects.get(etat="preparee").pk]),
        tous(404, evaluation1=200),
    ),
    # Un membre qui ne préside pas n'y lit rien; evaluation2, qui préside, a ses essais (tests/comite/test_presidence.py).
    "comite/seances/<int:pk>/tableau/": (
        lambda: reverse("comite:tableau", args=[Seance.objects.get(etat="preparee").pk]),
        tous(404, evaluation1=403),
    ),
    "comite/seances/<int:pk>/liens/": (
        lambda: reverse("comite:interets", args=[Seance.objects.get(etat="preparee").pk]),
        tous(404, evaluation1=200),
    ),
    "comite/seances/<int:pk>/cahier/": (
        lambda: reverse("comite:cahier", args=[Seance.objects.get(etat="preparee").pk]),
        tous(405),
    ),
    "comite/<int:pk>/brouillon/": (lambda: reverse("comite:brouillon", args=[1]), tous(405)),
    "comite/<int:pk>/": (
        lambda: reverse(
            "comite:evaluation",
            args=[Evaluation.objects.filter(evaluateur=personne("evaluation1")).order_by("id").first().pk],
        ),
        tous(404, evaluation1=200),
    ),
    "comite/<int:pk>/retrait/": (
        lambda: reverse(
            "comite:retrait",
            args=[
                Evaluation.objects.filter(evaluateur=personne("evaluation1"), etat="soumise").order_by("id").first().pk
            ],
        ),
        tous(404, evaluation1=200),
    ),
    "ministere/ententes/": (lambda: "/ministere/ententes/", MINISTERE),
    "ministere/ententes/nouvelle/<slug:mandataire>/": (lambda: "/ministere/ententes/nouvelle/02/", MINISTERE),
    "ministere/ententes/<slug:code>/": (lambda: "/ministere/ententes/02-2017/", MINISTERE),
    "ministere/ententes/<slug:code>/mouvements/": (lambda: "/ministere/ententes/02-2017/mouvements/", MINISTERE),
    "ministere/ententes/<slug:code>/actes/<slug:nom>/": (
        lambda: "/ministere/ententes/02-2017/actes/avenant/",
        MINISTERE,
    ),
    "ministere/": (lambda: "/ministere/", MINISTERE),
    "ministere/dossiers/<str:numero>/": (
        lambda: reverse("reddition:dossier", args=[_projet("accepte", "02-2017").numero]),
        MINISTERE,
    ),
    "ministere/plans/": (lambda: "/ministere/plans/", MINISTERE),
    "ministere/plans/<int:pk>/": (
        lambda: reverse(
            "portail:plan", args=[PlanTravail.objects.en_vigueur().get(entente__code="02-2024", territoire=None).pk]
        ),
        MINISTERE,
    ),
    "ministere/<slug:entente>/<str:exercice>/<int:version>/": (_reddition("reddition"), MINISTERE),
    "ministere/<slug:entente>/<str:exercice>/<int:version>/dossiers/": (_reddition("dossiers"), MINISTERE),
    "ministere/<slug:entente>/<str:exercice>/<int:version>/produire/<slug:genre>/": (
        _reddition("produire", "pdf"),
        tous(403, ministere=405),
    ),
    "fichiers/<uuid:uuid>/": (
        _fichier,
        tous(404, organismes=200, coordination=200, secretariat=200, finances=200, tresorerie=200),
    ),
    "travaux/<uuid:uuid>/": (_travail("travail"), tous(404, coordination=200)),
    "travaux/<uuid:uuid>/reprendre/": (_travail("reprendre_travail"), tous(405)),
    "travaux/<uuid:uuid>/annuler/": (_travail("annuler_travail"), tous(405)),
}


def nos_adresses() -> set[str]:
    return {
        adresse
        for adresse, vue in vues_declarees()
        if vue.__module__.split(".")[0] in NOS_APPS and not adresse.startswith("admin/")
    }


def test_toute_adresse_est_dans_la_matrice() -> None:
    assert nos_adresses() == set(MATRICE)


@pytest.mark.parametrize("motif", MATRICE)
def test_qui_ouvre_quoi(motif: str) -> None:
    adresse, attendu = MATRICE[motif]
    cible = adresse()
    assert {nom: _ouvrir(nom, cible) for nom in ROLES} == attendu


def _ouvrir(nom: str, cible: str) -> int:
    reponse = client(nom).get(cible)
    if reponse.streaming:  # un téléchargement tient son fichier ouvert jusqu'au bout
        b"".join(reponse.streaming_content)
    return reponse.status_code


@pytest.mark.parametrize("nom", ROLES)
def test_qui_ouvre_l_admin(nom: str) -> None:
    internes = {"coordination", "secretariat", "finances", "tresorerie", "agent", "coordination.lanaudiere"}
    reponse = client(nom).get("/admin/")
    assert reponse.status_code == (200 if nom in internes else 302)
    if nom not in internes and nom != "anonyme":
        assert client(nom).get(reponse["Location"], follow=True).status_code == 403
