"""Reddition : le PDF complet (lecture, gabarit, rendu, rangement) contre le seul rendu WeasyPrint du même HTML."""

import json
import os

import django

from bancs.outils import base_neuve, cpu_ms

EXERCICE, FOIS, BUDGET = "2020-2021", 5, 1.15


def main() -> None:
    with base_neuve() as adresse:
        os.environ |= {"DATABASE_URL": adresse, "DJANGO_SETTINGS_MODULE": "config.settings.essais"}
        django.setup()
        from django.db import connection  # noqa: PLC0415 — après django.setup()
        from weasyprint import HTML  # noqa: PLC0415

        from reddition.document import contexte  # noqa: PLC0415
        from reddition.models import Reddition  # noqa: PLC0415
        from socle.documents.pdf import BASE, LecteurStatique, feuille, polices, rendre_html, rendre_pdf  # noqa: PLC0415

        reddition = Reddition.objects.get(entente__code="02-2017", exercice=EXERCICE, etat="acceptee")

        def composer() -> str:
            return rendre_html("pdf/reddition/reddition.html", contexte(reddition))

        html = composer()
        nu = cpu_ms(
            lambda: HTML(string=html, base_url=BASE, url_fetcher=LecteurStatique()).write_pdf(
                stylesheets=[feuille("pdf/pdf.css")], font_config=polices(), pdf_variant="pdf/ua-1"
            ),
            FOIS,
        )
        entier = cpu_ms(lambda: rendre_pdf(composer()), FOIS)
        projets = reddition.lignes.values("projet").distinct().count()
        connection.close()
    resultat = {
        "projets": projets,
        "entier_ms": round(entier),
        "weasyprint_nu_ms": round(nu),
        "rapport": round(entier / nu, 3),
        "budget": BUDGET,
    }
    print(
        f"{projets} projets : {entier:.0f} ms, WeasyPrint nu {nu:.0f} ms, rapport {resultat['rapport']} (≤ {BUDGET})."
    )
    print(json.dumps(resultat, ensure_ascii=False))


if __name__ == "__main__":
    main()
