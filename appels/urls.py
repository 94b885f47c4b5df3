"""Adresses publiques des appels."""

from django.urls import path

from appels import views

app_name = "appels"

urlpatterns = [
    path("", views.liste, name="liste"),
    path("<slug:code>/", views.appel, name="appel"),
]
