"""Le formulaire d'un appel : préparer une version, la changer question par question, la publier; publiée, elle est figée."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from appels.enums import EtatAppel
from appels.gabarit_fqis import formulaire_type
from appels.models import Appel, FormulaireVersion
from appels.questions import DefinitionInvalide, Formulaire, differences, ecrire, verifier
from appels.services.guide import demander_formulaire
from appels.signaux import formulaire_publie
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit

PERMISSION = "appels.modifier_appel"


def version_publiee(appel: Appel) -> FormulaireVersion | None:
    """La dernière version publiée; nulle : le formulaire type vaut."""
    return appel.formulaires.publiees().order_by("-numero").first()


def version_en_preparation(appel: Appel) -> FormulaireVersion | None:
    return appel.formulaires.filter(publiee_le__isnull=True).first()


def formulaire_en_vigueur(appel: Appel) -> Formulaire:
    """Le formulaire que voient les organismes."""
    publiee = version_publiee(appel)
    return publiee.formulaire if publiee else formulaire_type()


def formulaire_a_lire(appel: Appel, *, apercu: bool = False) -> Formulaire:
    """Celui que le public lit; en aperçu, ou pour un appel en préparation, celui qui se publiera ensuite."""
    preparee = version_en_preparation(appel) if apercu or appel.etat == EtatAppel.BROUILLON else None
    return preparee.formulaire if preparee else formulaire_en_vigueur(appel)


@transaction.atomic
def preparer_formulaire(*, appel: Appel, auteur: Any, instant: datetime) -> FormulaireVersion:
    """Ouvre une version à préparer, copie de la publiée (ou du formulaire type); rend celle qui est déjà ouverte.

    Refuse un appel qui ne reçoit plus de demandes.
    """
    verifier_droit(auteur, PERMISSION, appel, _("Préparer le formulaire"))
    appel = Appel.objects.select_for_update(of=("self",), no_key=True).get(pk=appel.pk)
    if appel.etat not in {EtatAppel.BROUILLON, EtatAppel.PUBLIE} or instant >= appel.fermeture:
        raise Refus(_("L’appel ne reçoit plus de demandes : son formulaire ne change plus."), code="etat")
    ouverte = version_en_preparation(appel)
    if ouverte:
        return ouverte
    dernier = appel.formulaires.aggregate(n=Max("numero"))["n"] or 0
    return FormulaireVersion.objects.create(
        entente_id=appel.entente_id,
        appel=appel,
        numero=dernier + 1,
        definition=ecrire(formulaire_en_vigueur(appel)),
        auteur=auteur,
    )


@transaction.atomic
def changer_formulaire(
    *, version: FormulaireVersion, changer: Callable[[Formulaire], Formulaire], auteur: Any, instant: datetime
) -> FormulaireVersion:
    """Applique `changer` à la version en préparation. Refuse une version publiée, ou une définition qui ne tient pas."""
    verifier_droit(auteur, PERMISSION, version.appel, _("Changer le formulaire"))
    version = FormulaireVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    if version.publiee_le:
        raise Refus(
            _("Cette version est publiée : elle ne se change plus. Préparez-en une nouvelle, à partir d’elle."),
            code="etat",
        )
    neuf = changer(version.formulaire)
    try:
        verifier(neuf)
    except DefinitionInvalide as erreur:
        raise Refus(str(erreur), code="definition") from erreur
    version.definition = ecrire(neuf)
    version.auteur = auteur
    version.save(update_fields=["definition", "auteur"])
    return version


@transaction.atomic
def publier_formulaire(*, version: FormulaireVersion, auteur: Any, instant: datetime) -> FormulaireVersion:
    """Publie la version : les brouillons y passent et lisent ce qui change; les demandes déposées gardent la leur.

    Refuse une version déjà publiée, ou sans changement depuis la précédente.
    """
    appel = version.appel
    verifier_droit(auteur, PERMISSION, appel, _("Publier le formulaire"))
    version = FormulaireVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    if version.publiee_le:
        raise Refus(_("Cette version est déjà publiée."), code="etat")
    changements = differences(formulaire_en_vigueur(appel), version.formulaire)
    if not changements and version_publiee(appel):
        raise Refus(_("Rien n’a changé depuis la version publiée : il n’y a rien à publier."), code="vide")
    return _publier(version, changements, auteur, instant)


def publier_avec_l_appel(appel: Appel, *, auteur: Any, instant: datetime) -> None:
    """L'appel se publie : la version en préparation aussi, s'il y en a une; le droit est celui de publier l'appel."""
    version = version_en_preparation(appel)
    if version:
        _publier(version, differences(formulaire_en_vigueur(appel), version.formulaire), auteur, instant)


def _publier(version: FormulaireVersion, changements: list[str], auteur: Any, instant: datetime) -> FormulaireVersion:
    appel = version.appel
    version.changements, version.publiee_le, version.auteur = changements, instant, auteur
    version.save(update_fields=["changements", "publiee_le", "auteur"])
    noter_transition(
        appel,
        action="formulaire",
        de="",
        vers=str(_("Formulaire publié, version {n}").format(n=version.numero)),
        auteur=auteur,
        instant=instant,
        motif="; ".join(changements),
    )
    demander_formulaire(appel, instant=instant)
    formulaire_publie.send(sender=FormulaireVersion, version=version, instant=instant)
    return version
