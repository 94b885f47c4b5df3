"""Adresses des projets (promoteur)."""

from django.urls import path

from projets.views import (
    admissible,
    brouillon,
    budget_revise,
    depot,
    echanges,
    formulaire,
    organismes,
    partage,
    pieces,
    reprises,
    sections,
    suite,
    verification,
)

app_name = "projets"

urlpatterns = [
    path("appels/<slug:code>/admissible/", admissible.admissible, name="admissible"),
    path("appels/<slug:code>/formulaire/", formulaire.formulaire, name="formulaire"),
    path("appels/<slug:code>/formulaire.pdf", formulaire.formulaire_pdf, name="formulaire_pdf"),
    path("verifier/", verification.verifier, name="verifier"),
    path("projets/", brouillon.mes_projets, name="mes_projets"),
    path("projets/nouveau/<slug:code>/", brouillon.commencer, name="commencer"),
    path("projets/<uuid:uuid>/", brouillon.projet, name="projet"),
    path("projets/<uuid:uuid>/budget-revise/", budget_revise.budget_revise, name="budget_revise"),
    path("projets/<uuid:uuid>/formulaire-vu/", brouillon.formulaire_vu, name="formulaire_vu"),
    path("projets/<uuid:uuid>/effacer/", brouillon.supprimer, name="supprimer"),
    path("projets/<uuid:uuid>/retirer/", brouillon.retirer, name="retirer"),
    path("projets/<uuid:uuid>/pieces/", pieces.pieces, name="pieces"),
    path("projets/<uuid:uuid>/pieces/reutiliser/", pieces.reutiliser, name="reutiliser_document"),
    path("projets/<uuid:uuid>/pieces/<int:pk>/garder/", pieces.garder, name="garder_piece"),
    path("projets/<uuid:uuid>/pieces/<int:pk>/retirer/", pieces.enlever_piece, name="enlever_piece"),
    path("projets/<uuid:uuid>/relire/", depot.relire, name="relire"),
    path("projets/<uuid:uuid>/accuse/", depot.accuse, name="accuse"),
    path("projets/<uuid:uuid>/documents/<slug:genre>/", depot.preparer_document, name="preparer_document"),
    path("projets/<uuid:uuid>/convention/", suite.convention, name="convention"),
    path("projets/<uuid:uuid>/rapport/", suite.rapport, name="rapport"),
    path("projets/<uuid:uuid>/partager/", partage.partager, name="partager"),
    path("projets/<uuid:uuid>/imprimer/", partage.imprimer, name="imprimer"),
    path("projets/<uuid:uuid>/reprendre/", reprises.reprendre, name="reprendre"),
    path("projets/<uuid:uuid>/signer/", reprises.signer, name="signer"),
    path("projets/<uuid:uuid>/champ/", sections.champ, name="champ"),
    path("projets/<uuid:uuid>/precisions/", echanges.precisions, name="precisions"),
    path("projets/<uuid:uuid>/messages/", echanges.messages_du_dossier, name="messages"),
    path("projets/<uuid:uuid>/<slug:code>/", sections.section, name="section"),
    path("organismes/<uuid:uuid>/projets/", organismes.projets_de_l_organisme, name="organisme_projets"),
]
