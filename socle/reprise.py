"""Une session expirée ne perd rien : ce qui arrive sans session est gardé, puis rendu après la connexion, sans JavaScript."""

from django.http import HttpRequest, QueryDict

CLE = "saisie_gardee"
TAILLE_MAX = 256 * 1024


def garder_saisie(request: HttpRequest) -> None:
    """Garde l'envoi d'une personne dont la session a expiré, dans la session neuve; sans fichier, 256 ko au plus.

    Le jeton CSRF a déjà été vérifié : seul un formulaire que nous avons servi arrive ici.
    """
    if request.method != "POST" or request.FILES:
        return
    donnees = request.POST.copy()
    donnees.pop("csrfmiddlewaretoken", None)
    texte = donnees.urlencode()
    if texte and len(texte) <= TAILLE_MAX:
        request.session[CLE] = {"chemin": request.path, "donnees": texte}


def reprendre_saisie(request: HttpRequest) -> QueryDict | None:
    """Ce qui avait été envoyé à cette adresse avant la connexion, une seule fois."""
    gardee = request.session.get(CLE)
    if not gardee or gardee["chemin"] != request.path:
        return None
    del request.session[CLE]
    return QueryDict(gardee["donnees"])
