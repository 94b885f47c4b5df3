"""Un appel, vu par le travail de son comité : la même rangée, une autre page d'admin."""

from django.utils.translation import gettext_lazy as _

from appels.models import Appel


class ComiteAppel(Appel):
    """Mandataire de `Appel` : l'avancement, l'assignation, les relances."""

    class Meta:
        proxy = True
        verbose_name = _("travail du comité")
        verbose_name_plural = _("travail du comité, par appel")
