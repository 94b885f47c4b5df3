"""La file de travail de la démonstration : responsables, notes d'appels, une étape « comité » datée au calendrier."""

from datetime import datetime, timedelta

from appels.models import Appel, EtapeCalendrier
from comptes.models import Utilisateur
from projets.enums import GenreNote
from projets.models import NoteInterne, Projet
from projets.services.dossiers import confier_responsabilite, noter_appel
from socle.formats import jour_local

SEANCE = timedelta(days=6)


def charger_file_de_travail(personnes: dict[str, Utilisateur], instant: datetime) -> None:
    """Sur l'appel du jour; une fois seulement, sauf la date de la séance, qui suit le jour."""
    appel = Appel.objects.get(code="02-2024-1")
    EtapeCalendrier.objects.update_or_create(
        entente=appel.entente,
        appel=appel,
        libelle="Séance du comité d’analyse",
        defaults={"jour": jour_local(instant) + SEANCE, "ordre": 9},
    )
    if NoteInterne.objects.exists():
        return
    coordination = personnes["coordination"]
    dossiers = list(
        Projet.objects.filter(appel=appel, depose_le__isnull=False)
        .select_related("entente__mandataire")
        .order_by("depose_le")
    )
    for projet in dossiers[::2]:
        confier_responsabilite(projet=projet, personne=coordination, auteur=coordination, instant=instant)
    noter_appel(
        projet=dossiers[0],
        genre=GenreNote.APPEL,
        interlocuteur="direction de l’organisme",
        texte="La lettre d’appui de la municipalité est promise pour la semaine prochaine.",
        auteur=coordination,
        instant=instant - timedelta(hours=20),
    )
    noter_appel(
        projet=dossiers[0],
        genre=GenreNote.REMARQUE,
        interlocuteur="",
        texte="Même quartier qu’un projet soutenu au premier appel : à dire au comité.",
        auteur=coordination,
        instant=instant - timedelta(hours=2),
    )
