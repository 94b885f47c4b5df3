"""La région d'une MRC à une date : deux MRC ont changé de région en 2021."""

from datetime import date

from django.db.models import Q, QuerySet

from socle.models import Mrc, RattachementMrc, Region


def rattachements_au(jour: date) -> QuerySet[RattachementMrc]:
    """Les rattachements qui valent ce jour-là, un par MRC."""
    return RattachementMrc.objects.filter(
        Q(depuis__isnull=True) | Q(depuis__lte=jour), Q(jusqua__isnull=True) | Q(jusqua__gte=jour)
    )


def mrc_de_region(region: Region, jour: date) -> QuerySet[Mrc]:
    """Les MRC de la région, ce jour-là."""
    return Mrc.objects.filter(pk__in=rattachements_au(jour).filter(region=region).values("mrc"))
