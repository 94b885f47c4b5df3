"""Des clients HTTP connectés, sans navigateur : pour les courses contre de vrais processus."""

import re
import threading
from collections.abc import Callable, Sequence
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener

import psycopg

from tests.outils.serveur import Serveur

MOT_DE_PASSE = "solidarite-demo-02"


def ouvrir_session(serveur: Serveur, nom: str) -> OpenerDirector:
    """Une session connectée au nom de cette personne de la démonstration."""
    ouvreur = build_opener(HTTPCookieProcessor(CookieJar()))
    adresse = f"{serveur.adresse}/compte/login/"
    jeton = jeton_csrf(ouvreur.open(adresse).read().decode())
    donnees = {"login": f"{nom}@demo.example", "password": MOT_DE_PASSE, "csrfmiddlewaretoken": jeton}
    ouvreur.open(adresse, urlencode(donnees).encode())
    return ouvreur


class SansSuite(HTTPRedirectHandler):
    """Une redirection se rend telle quelle : 302."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def sans_suite(session: OpenerDirector) -> OpenerDirector:
    """La même session, mêmes témoins, qui s'arrête à la réponse de l'acte au lieu de lire la page où il mène."""
    temoins = next(h for h in session.handlers if isinstance(h, HTTPCookieProcessor))
    return build_opener(HTTPCookieProcessor(temoins.cookiejar), SansSuite())


def jeton_csrf(page: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)


def envoyer(ouvreur: OpenerDirector, adresse: str, donnees: dict[str, object]) -> tuple[int, str, str]:
    """POST; rend le code, l'adresse finale et la page, redirections suivies (sauf `sans_suite`)."""
    try:
        reponse = ouvreur.open(adresse, urlencode(donnees).encode())
        return reponse.status, reponse.url, reponse.read().decode()
    except HTTPError as erreur:
        return erreur.code, adresse, erreur.read().decode()


def ensemble(gestes: Sequence[Callable[[], object]]) -> list:
    """Joue tous les gestes à la fois, un fil chacun, partis au même signal; rend leurs résultats dans l'ordre."""
    depart, rendus = threading.Barrier(len(gestes)), [None] * len(gestes)

    def jouer(rang: int) -> None:
        depart.wait()
        rendus[rang] = gestes[rang]()

    fils = [threading.Thread(target=jouer, args=(rang,)) for rang in range(len(gestes))]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return rendus


def lire_base(serveur: Serveur, requete: str, *valeurs: object) -> list[tuple]:
    with psycopg.connect(serveur.base) as base:
        return base.execute(requete, valeurs).fetchall()
