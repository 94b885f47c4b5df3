"""Adresses du portail. Chaque vue déclare son accès (socle/acces.py); l'oubli arrête le démarrage."""

from django.contrib import admin
from django.urls import include, path

handler400 = "portail.erreurs.requete_refusee"
handler403 = "portail.erreurs.interdit"
handler404 = "portail.erreurs.introuvable"
handler500 = "portail.erreurs.panne"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("compte/", include("allauth.urls")),
    path("organismes/", include("comptes.urls")),
    path("appels/", include("appels.urls")),
    path("", include("projets.urls")),
    path("comite/", include("comite.urls")),
    path("ministere/", include("alliances.urls")),
    path("ministere/", include("reddition.urls")),
    path("", include("socle.urls")),
    path("", include("portail.urls")),
]
