"""Déléguer un territoire : à qui, quels pouvoirs, quelle enveloppe, quel comité, quelle instance, de quand à quand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliances.enums import GenreInstance, Pouvoir
from alliances.models import Comite, Delegation, Enveloppe, InstanceDecisionnelle, Territoire
from alliances.regles.periodes import chevauchement
from socle.erreurs import Refus
from socle.etats import noter_transition, verifier_droit

DROIT = "alliances.gerer_territoires"


@transaction.atomic
def deleguer(
    *,
    territoire: Territoire,
    delegataire: str,
    pouvoirs: Sequence[str],
    depuis: date,
    auteur: Any,
    instant: datetime,
    enveloppe: Enveloppe | None = None,
    comite: Comite | None = None,
    instance: InstanceDecisionnelle | None = None,
    instance_nom: str = "",
    instance_genre: str = GenreInstance.CONSEIL_MRC,
    resolution: str = "",
    jusqua: date | None = None,
) -> Delegation:
    """Confie le territoire à `delegataire`. Une instance nommée et absente de la liste s'inscrit du même geste (R27).

    Refuse : une autre délégation du territoire aux mêmes dates, aucun pouvoir, le pouvoir de décider sans instance, une
    enveloppe, un comité ou une instance d'ailleurs, des dates à l'envers.
    """
    verifier_droit(auteur, DROIT, territoire, _("Déléguer le territoire"))
    Territoire.objects.select_for_update(of=("self",), no_key=True).get(pk=territoire.pk)
    delegation = Delegation(
        entente=territoire.entente,
        territoire=territoire,
        delegataire=delegataire.strip(),
        enveloppe=enveloppe,
        pouvoirs=list(pouvoirs),
        comite=comite,
        instance=instance,
        resolution=resolution.strip(),
        depuis=depuis,
        jusqua=jusqua,
    )
    _verifier(delegation, instance_a_venir=bool(instance_nom.strip()))
    _inscrire_instance(delegation, instance_nom, instance_genre)
    delegation.save()
    noter_transition(
        delegation, action="deleguer", de="", vers="en_vigueur", auteur=auteur, instant=instant, motif=resolution
    )
    return delegation


@transaction.atomic
def modifier_delegation(
    *,
    delegation: Delegation,
    delegataire: str,
    pouvoirs: Sequence[str],
    depuis: date,
    auteur: Any,
    instant: datetime,
    enveloppe: Enveloppe | None = None,
    comite: Comite | None = None,
    instance: InstanceDecisionnelle | None = None,
    instance_nom: str = "",
    instance_genre: str = GenreInstance.CONSEIL_MRC,
    resolution: str = "",
    jusqua: date | None = None,
) -> Delegation:
    """Change la délégation. Refuse ce que `deleguer` refuse."""
    verifier_droit(auteur, DROIT, delegation, _("Modifier la délégation"))
    Territoire.objects.select_for_update(of=("self",), no_key=True).get(pk=delegation.territoire_id)
    rangee = Delegation.objects.select_related("territoire__entente").get(pk=delegation.pk)
    rangee.delegataire, rangee.pouvoirs, rangee.resolution = delegataire.strip(), list(pouvoirs), resolution.strip()
    rangee.enveloppe, rangee.comite, rangee.instance = enveloppe, comite, instance
    rangee.depuis, rangee.jusqua = depuis, jusqua
    _verifier(rangee, instance_a_venir=bool(instance_nom.strip()))
    _inscrire_instance(rangee, instance_nom, instance_genre)
    rangee.save()
    noter_transition(
        rangee, action="modifier", de="en_vigueur", vers="en_vigueur", auteur=auteur, instant=instant, motif=resolution
    )
    return rangee


@transaction.atomic
def finir_delegation(
    *, delegation: Delegation, jusqua: date, auteur: Any, instant: datetime, motif: str = ""
) -> Delegation:
    """Met fin à la délégation, ce jour compris; son instance ne décide plus après lui.

    Refuse : déjà finie avant ce jour; une fin avant le début.
    """
    verifier_droit(auteur, DROIT, delegation, _("Mettre fin à la délégation"))
    rangee = Delegation.objects.select_for_update(of=("self",), no_key=True).get(pk=delegation.pk)
    if jusqua < rangee.depuis:
        raise Refus(_("La fin vient avant le début de la délégation."), code="dates", champ="jusqua")
    if rangee.jusqua is not None and rangee.jusqua < jusqua:
        raise Refus(
            _("Cette délégation finit déjà plus tôt. Pour la prolonger, modifiez-la."), code="dates", champ="jusqua"
        )
    rangee.jusqua = jusqua
    rangee.save(update_fields=["jusqua"])
    if rangee.instance_id is not None:
        InstanceDecisionnelle.objects.filter(pk=rangee.instance_id, jusqua__isnull=True, depuis__lte=jusqua).update(
            jusqua=jusqua
        )
    noter_transition(rangee, action="finir", de="en_vigueur", vers="finie", auteur=auteur, instant=instant, motif=motif)
    return rangee


def _verifier(delegation: Delegation, *, instance_a_venir: bool) -> None:
    territoire = delegation.territoire
    if delegation.jusqua is not None and delegation.jusqua < delegation.depuis:
        raise Refus(_("La fin vient avant le début de la délégation."), code="dates", champ="jusqua")
    if not delegation.pouvoirs or any(pouvoir not in Pouvoir for pouvoir in delegation.pouvoirs):
        raise Refus(_("Choisissez au moins un pouvoir à déléguer."), code="pouvoirs", champ="pouvoirs")
    if Pouvoir.DECIDER in delegation.pouvoirs and delegation.instance is None and not instance_a_venir:
        raise Refus(
            _("Qui décide? Choisissez l’instance du territoire, ou inscrivez-la."), code="instance", champ="instance"
        )
    for nom, objet in (("enveloppe", delegation.enveloppe), ("instance", delegation.instance)):
        if objet is not None and objet.territoire_id != territoire.pk:
            raise Refus(_("Choisissez ce qui est de ce territoire, pas d’un autre."), code=nom, champ=nom)
    if delegation.comite is not None and delegation.comite.entente_id != territoire.entente_id:
        raise Refus(_("Choisissez un comité de la même entente."), code="comite", champ="comite")
    for autre in territoire.delegations.exclude(pk=delegation.pk):
        if chevauchement(delegation.depuis, delegation.jusqua, autre.depuis, autre.jusqua):
            raise Refus(
                _("Ce territoire est déjà délégué à {qui} à ces dates. Mettez-y fin d’abord.").format(
                    qui=autre.delegataire
                ),
                code="deja",
                champ="depuis",
            )


def _inscrire_instance(delegation: Delegation, nom: str, genre: str) -> None:
    """L'instance du territoire, à inscrire si elle n'est pas dans la liste."""
    if delegation.instance is None and nom.strip():
        delegation.instance = InstanceDecisionnelle.objects.create(
            entente=delegation.entente,
            territoire=delegation.territoire,
            nom=nom.strip(),
            genre=genre,
            depuis=delegation.depuis,
            jusqua=delegation.jusqua,
        )
