"""Adresses publiques des appels."""

from django.urls import path

from appels import views

app_name = "appels"

urlpatterns = [
    path("", views.liste, name="liste"),
    path("fil.atom", views.atom, name="atom"),
    path("agenda.ics", views.agenda, name="agenda"),
    path("<slug:code>/", views.appel, name="appel"),
    path("<slug:code>/apercu/", views.apercu, name="apercu"),
    path("<slug:code>/guide/", views.guide, name="guide"),
    path("<slug:code>/guide.pdf", views.guide_pdf, name="guide_pdf"),
    path("<slug:code>/questions/", views.questions, name="questions"),
]
