"""Adresses de l'espace du comité."""

from django.urls import path

from comite.views import codes, dossiers, presidence, seances

app_name = "comite"

urlpatterns = [
    path("", dossiers.mes_evaluations, name="dossiers"),
    path("affichage/", dossiers.affichage, name="affichage"),
    path("liens/", dossiers.liens, name="liens"),
    path("devenus/", dossiers.devenus, name="devenus"),
    path("code/", codes.entrer, name="code"),
    path("ecarts/<slug:code>/", seances.ecarts, name="ecarts"),
    path("seances/<int:pk>/", seances.seance, name="seance"),
    path("seances/<int:pk>/liens/", seances.interets, name="interets"),
    path("seances/<int:pk>/cahier/", seances.cahier, name="cahier"),
    path("seances/<int:pk>/tableau/", presidence.tableau_de_la_seance, name="tableau"),
    path("<int:pk>/", dossiers.evaluation, name="evaluation"),
    path("<int:pk>/brouillon/", dossiers.brouillon, name="brouillon"),
    path("<int:pk>/retrait/", dossiers.retrait, name="retrait"),
]
