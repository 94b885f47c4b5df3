"""La liste des demandes : colonnes, recherche sans accents, filtres comptés, totaux du jeu filtré, export."""

import tempfile
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L  # noqa: N812

from projets.admin.filtres import FILTRES, ListeProjets
from projets.enums import EtatProjet
from projets.exports.liste import colonnes, feuille, rangees
from projets.models import ExamenAdmissibilite, Projet
from projets.requetes import dossier_complet
from projets.requetes.liste import DRAPEAUX
from projets.services.exports import COURT, demander_export, voit_le_comite
from socle.documents.archives import TYPE_CSV, ecrire_csv
from socle.documents.xlsx import TYPE_MIME, ecrire_grand_classeur
from socle.formats import argent, instant_court, nombre
from socle.recherche import chercher

DU_COMITE = ("evaluations_lues",)
FORMATS = ("xlsx", "csv")


class ListeDesProjets:
    """Ce que la classe d'admin des projets sait de sa liste."""

    list_display = (
        "numero",
        "projet",
        "enveloppe",
        "etat_lu",
        "demande",
        "accorde",
        *DU_COMITE,
        "responsable_lu",
        "depose",
    )
    list_filter = FILTRES
    list_select_related = False
    search_fields = ("numero", "titre", "organisme__nom")
    search_help_text = L("Un numéro, un titre ou un organisme, avec ou sans accents.")
    show_facets = admin.ShowFacets.ALWAYS

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """Les colonnes du comité ne paraissent qu'à qui consigne sa recommandation."""
        comite = voit_le_comite(request.user)
        return [colonne for colonne in self.list_display if comite or colonne not in DU_COMITE]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Projet]:
        """Les demandes déposées; un brouillon n'est qu'à son organisme."""
        return super().get_queryset(request).deposes().select_related("entente__mandataire")  # type: ignore[misc]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Projet | None:
        examens = ExamenAdmissibilite.objects.select_related("auteur", "defait_par")
        dossiers = dossier_complet(self.get_queryset(request)).select_related("decision__consignee_par")
        dossiers = dossiers.prefetch_related("precisions__champs", Prefetch("examens", examens), "examens__points")
        return dossiers.filter(pk=object_id).first() if object_id.isdigit() else None

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return chercher(queryset, search_term, self.search_fields), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ListeProjets]:
        return ListeProjets

    def get_changelist_instance(self, request: HttpRequest) -> ListeProjets:
        """La liste; ses rangées portent les compteurs et les signes, calculés pour la page seule."""
        liste = super().get_changelist_instance(request)  # type: ignore[misc]
        request.liste_projets = liste
        return liste

    def get_paginator(self, request: HttpRequest, queryset: QuerySet, per_page: int, *args: Any) -> Paginator:
        paginateur = Paginator(queryset, per_page, *args)
        if queryset.model is Projet:
            paginateur.count = request.compte_projets
        return paginateur

    def totaux(self, request: HttpRequest, filtree: QuerySet) -> list[tuple[Any, str]]:
        totaux = request.liste_projets.totaux
        pied = [
            (_("Demandes"), nombre(totaux.nombre)),
            (_("Demandé"), argent(totaux.demande)),
            (_("Accordé"), argent(totaux.accorde)),
        ]
        if request.user.has_perm("alliances.lire_grand_livre"):
            pied.append((_("Reste des enveloppes visées"), argent(totaux.reste)))
        return pied

    # Export ------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        vue = self.admin_site.admin_view(self.exporter)  # type: ignore[attr-defined]
        return [path("exporter/", vue, name="projets_projet_exporter"), *super().get_urls()]  # type: ignore[misc]

    def exporter(self, request: HttpRequest) -> HttpResponse:
        """Exporte ce que l'adresse filtre : tout de suite si c'est court, sinon par un travail qu'on suit."""
        if not request.user.has_perm("projets.exporter_projets"):
            raise PermissionDenied("projets.exporter_projets")
        liste = reverse("admin:projets_projet_changelist")
        if request.method != "POST":
            return HttpResponseRedirect(liste)
        format_voulu = request.POST.get("format") if request.POST.get("format") in FORMATS else "xlsx"
        filtrees = self.get_changelist_instance(request).get_queryset(request).order_by()
        cles = list(filtrees.values_list("pk", flat=True))
        if len(cles) <= COURT:
            return self._tout_de_suite(request, cles, str(format_voulu))
        travail = demander_export(
            cles=cles,
            format_voulu=str(format_voulu),
            retour=f"{liste}?{request.GET.urlencode()}",
            auteur=request.user,
            instant=request.arrivee,
        )
        return HttpResponseRedirect(travail.get_absolute_url())

    def _tout_de_suite(self, request: HttpRequest, cles: list[int], format_voulu: str) -> HttpResponse:
        projets, comite = Projet.objects.visibles_pour(request.user).filter(pk__in=cles), voit_le_comite(request.user)
        sortie = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 — la réponse le ferme
        if format_voulu == "csv":
            ecrire_csv(sortie, [c.titre for c in colonnes(comite)], rangees(projets, comite))
        else:
            ecrire_grand_classeur(sortie, [feuille(projets, comite)], titre=_("Demandes déposées"), auteur="")
        sortie.seek(0)
        reponse = FileResponse(
            sortie,
            as_attachment=True,
            filename=f"demandes.{format_voulu}",
            content_type=TYPE_CSV if format_voulu == "csv" else TYPE_MIME,
        )
        reponse["Cache-Control"] = "private, no-store"
        return reponse

    # Colonnes ----------------------------------------------------------------------------------------------

    @admin.display(description=L("demandé"), ordering="montant_demande")
    def demande(self, objet: Projet) -> str:
        return argent(objet.montant_demande)

    @admin.display(description=L("accordé"), ordering="decision__montant")
    def accorde(self, objet: Projet) -> str:
        return argent(objet.decision.montant) if hasattr(objet, "decision") and objet.decision.montant else "–"

    @admin.display(description=L("projet"), ordering="titre")
    def projet(self, objet: Projet) -> str:
        """Le titre, et l'organisme dessous."""
        return format_html('{}<br><span class="second">{}</span>', objet.titre, objet.organisme)

    @admin.display(description=L("comité"), ordering="note_moyenne")
    def evaluations_lues(self, objet: Any) -> str:
        """« 2 / 3 » évaluations soumises, et la note moyenne."""
        if not objet.evaluations_total:
            return "–"
        faites = f"{objet.evaluations_faites} / {objet.evaluations_total}"
        if objet.note_moyenne is None:
            return faites
        return format_html("{}<br>{}", faites, nombre(objet.note_moyenne, 2))

    @admin.display(description=L("responsable"), ordering="responsable__nom")
    def responsable_lu(self, objet: Projet) -> str:
        return str(objet.responsable or "–")

    @admin.display(description=L("état"), ordering="etat")
    def etat_lu(self, objet: Any) -> str:
        """L'état, et ce qui est à voir dessous : pièces manquantes et drapeaux, en mots."""
        leves = [str(texte) for nom, texte in DRAPEAUX.items() if getattr(objet, f"signe_{nom}")]
        manque = [_("Pièces manquantes")] if objet.signe_incomplet else []
        a_voir = ", ".join([*manque, *leves])
        etat = EtatProjet(objet.etat).label  # l'accesseur de Django relit tous les libellés, à chaque rangée
        return format_html('{}<br><span class="second">{}</span>', etat, a_voir) if a_voir else etat

    @admin.display(description=L("déposé le"), ordering="depose_le")
    def depose(self, objet: Projet) -> str:
        jour, heure = instant_court(objet.depose_le, objet.appel.fuseau).split(maxsplit=1)
        return format_html("{}<br>{}", jour, heure)
