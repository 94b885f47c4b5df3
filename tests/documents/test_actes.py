"""Accusé, demande, lettre et convention : balises, faits exigés, une page, données hostiles."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from projets.exports import contexte_accuse, contexte_convention, contexte_dossier, contexte_lettre
from projets.models import Convention, Depot, Lettre, Projet
from projets.requetes import dossier_complet
from projets.services.conventions import contresigner_convention, signer_convention
from socle import travaux
from socle.documents.pdf import mettre_en_page, rendre_html
from socle.horloge import maintenant
from socle.models import Travail
from tests.documents.lecture import debordements, defauts_ua, lire, ouvrir, veuves
from tests.outils.personnes import personne

I = "\u00a0"  # noqa: E741 — l'espace insécable, lisible dans les attendus
ENORME = Decimal("999999999999.99")
LONG = ("Un titre de projet fort long qui occupe toute la place permise " * 4)[:160]
MOT = ("Anticonstitutionnellement" * 8)[:200]
pytestmark = pytest.mark.django_db


def _projet(pk: int) -> Projet:
    return dossier_complet(Projet.objects.all()).get(pk=pk)


def le_depot() -> tuple[Depot, Projet]:
    depot = Depot.objects.select_related("deposant").filter(projet__entente__code="02-2024").order_by("instant").first()
    return depot, _projet(depot.projet_id)


def la_lettre(*, octroi: bool) -> tuple[Lettre, Projet]:
    lettres = Lettre.objects.filter(etat="envoyee", decision__entente__code="02-2017")
    lettre = lettres.filter(decision__montant__gt=0) if octroi else lettres.filter(decision__montant=0)
    trouvee = lettre.select_related("decision", "envoyee_par").order_by("pk").first()
    return trouvee, _projet(trouvee.decision.projet_id)


def composer(gabarit: str, projet: Projet, donnees: dict[str, Any]) -> Any:
    base = {"projet": projet, "appel": projet.appel, "mandataire": projet.entente.mandataire}
    html = rendre_html(f"pdf/projets/{gabarit}.html", {**base, **donnees})
    assert "<script" not in html
    assert "<i>" not in html
    return mettre_en_page(html)


def accuse() -> Any:
    depot, projet = le_depot()
    return composer("accuse", projet, contexte_accuse(depot, projet))


def demande() -> Any:
    depot, projet = le_depot()
    return composer("dossier", projet, contexte_dossier(depot, projet))


def lettre() -> Any:
    une, projet = la_lettre(octroi=True)
    return composer("lettre", projet, contexte_lettre(une, projet))


def refus() -> Any:
    une, projet = la_lettre(octroi=False)
    return composer("lettre", projet, contexte_lettre(une, projet))


def convention() -> Any:
    _lettre, projet = la_lettre(octroi=True)
    return composer("convention", projet, contexte_convention(projet.convention, projet))


@pytest.mark.parametrize(
    ("acte", "pages"), [(accuse, 1), (lettre, 1), (refus, 1), (convention, 1), (demande, 3)], ids=lambda v: str(v)[:20]
)
def test_balises_pages_et_folio(acte: Callable[[], Any], pages: int) -> None:
    document = acte()
    assert len(document.pages) == pages
    assert debordements(document) == []
    assert veuves(document) == []
    assert all(f"page {n} sur {pages}" in page for n, page in enumerate(lire(document), 1))
    with ouvrir(document) as pdf:
        assert defauts_ua(pdf) == []
        assert {(float(p.mediabox[2]), float(p.mediabox[3])) for p in pdf.pages} == {(612.0, 792.0)}


def test_l_accuse_dit_la_seconde_la_provenance_et_la_destination() -> None:
    """R56, et ce qu'on attend encore."""
    depot, projet = le_depot()
    texte = lire(composer("accuse", projet, contexte_accuse(depot, projet)))[0].replace(I, " ")
    secondes = f" min {depot.instant.second:02d} s"
    for attendu in (
        projet.numero,
        secondes,
        "Provenance",
        depot.deposant.email,
        "Destination",
        projet.entente.mandataire.nom,
        depot.empreinte,
        "Résolution du conseil d’administration",
    ):
        assert attendu in texte, attendu


def test_la_lettre_dit_le_montant_deux_fois_et_le_ministere_de_sa_date() -> None:
    """R29, R30."""
    une, projet = la_lettre(octroi=True)
    montant = une.decision.montant
    une.decision.montant = Decimal("60001.01")
    texte = lire(composer("lettre", projet, contexte_lettre(une, projet)))[0].replace(I, " ")
    assert "60 001,01 $" in texte
    assert "soixante mille un dollars et un cent" in texte
    assert "30 000,51 $" in texte
    assert "30 000,50 $" in texte
    assert "ministère du Travail, de l’Emploi et de la Solidarité sociale" in texte
    assert montant > 0


def test_la_convention_porte_ses_deux_signatures() -> None:
    une, projet = la_lettre(octroi=True)
    texte = lire(composer("convention", projet, contexte_convention(projet.convention, projet)))[0].replace(I, " ")
    assert str(projet.convention.promoteur_signe_par) in texte
    assert str(projet.convention.mandataire_signe_par) in texte
    assert "Total de l’aide" in texte
    assert une.decision.resolution in texte


def test_une_lettre_hostile_tient_en_une_page() -> None:
    une, projet = la_lettre(octroi=True)
    ancien, projet.titre = projet.titre, LONG
    projet.organisme.nom, projet.organisme.adresse = ("Regroupement d’organismes " * 9)[:200], LONG
    une.objet = f"Votre projet « {LONG} » est accepté"[:200]
    une.corps = une.corps.replace(ancien, LONG) + "\n\n<i>x</i>"
    une.decision.montant = ENORME
    document = composer("lettre", projet, contexte_lettre(une, projet))
    assert len(document.pages) == 1
    assert debordements(document) == []


def test_les_autres_actes_hostiles_restent_dans_leurs_marges() -> None:
    depot, projet = le_depot()
    depot.contenu["titre"], depot.contenu["organisme"]["nom"] = LONG, MOT
    depot.contenu["montant_demande"] = str(ENORME)
    depot.contenu["pieces"] = [{"nom": f"{MOT[:190]}.pdf", "sha256": "a" * 64, "taille": 10_000_000}] * 12
    projet.titre, projet.besoin, projet.objectifs = MOT[:160], MOT * 40, "<script>x</script>\n<i>y</i>\n" * 60
    projet.montant_demande = ENORME
    assert debordements(composer("accuse", projet, contexte_accuse(depot, projet))) == []
    demande = composer("dossier", projet, contexte_dossier(depot, projet))
    assert debordements(demande) == []
    assert veuves(demande) == []
    _lettre, projet = la_lettre(octroi=True)
    projet.titre, projet.organisme.nom, projet.convention.montant = MOT[:160], MOT, ENORME
    projet.decision.conditions = "Une condition parmi d’autres. " * 150
    convention = composer("convention", projet, contexte_convention(projet.convention, projet))
    assert debordements(convention) == []
    assert veuves(convention) == []


def test_chaque_signature_refait_le_pdf_de_la_convention() -> None:
    _lettre, projet = la_lettre(octroi=True)
    Convention.objects.filter(projet=projet).update(
        etat="generee", promoteur_signe_le=None, promoteur_signe_par=None, mandataire_signe_le=None
    )
    convention = Convention.objects.get(projet=projet)
    texte = " ".join(lire(composer("convention", projet, contexte_convention(convention, projet))))
    assert texte.count("à signer dans le portail") == 2
    demandes = Travail.objects.filter(genre="projets.convention", parametres__objet_id=convention.pk)
    avant = demandes.count()
    convention = signer_convention(convention=convention, auteur=personne("organismes"), instant=maintenant())
    assert demandes.count() == avant + 1
    contresigner_convention(convention=convention, auteur=personne("coordination"), instant=maintenant())
    assert demandes.count() == avant + 2
    travaux.executer(demandes.latest("pk").pk)
    convention.refresh_from_db()
    assert convention.fichier is not None
