"""Une page publique gardée quelques secondes : le soir de l'échéance, mille personnes lisent le même appel.

Seulement pour qui n'a pas de session : la page d'une personne connectée ne se garde ni ne se partage jamais.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_page

SECONDES = 5

Vue = Callable[..., HttpResponse]


def garder_un_instant(vue: Vue) -> Vue:
    """Sert la même page pendant `SECONDES` à qui la lit sans session; les autres la reçoivent neuve.

    Ce qui se lit peut donc retarder de cinq secondes; ce qui se décide (un dépôt, une question) se juge à son arrivée.
    """
    gardee = cache_page(SECONDES, cache="pages")(vue)

    @wraps(vue)
    def servir(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return vue(request, *args, **kwargs)
        reponse = gardee(request, *args, **kwargs)
        patch_vary_headers(reponse, ("Cookie",))  # le navigateur relit la page dès qu'une session s'ouvre
        return reponse

    return servir
