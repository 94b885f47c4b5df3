"""Adresses du ministère sur les ententes (`/ministere/…`)."""

from django.urls import path

from alliances.views import ententes

app_name = "alliances"

urlpatterns = [
    path("ententes/", ententes.ententes, name="ententes"),
    path("ententes/nouvelle/<slug:mandataire>/", ententes.nouvelle, name="nouvelle_entente"),
    path("ententes/<slug:code>/", ententes.entente, name="entente"),
    path("ententes/<slug:code>/mouvements/", ententes.mouvements, name="mouvements"),
    path("ententes/<slug:code>/actes/<slug:nom>/", ententes.acte, name="acte"),
]
