"""La liste d'attente : qui attend, ce que le solde libre de chaque enveloppe sert maintenant, et le geste qui mène à la décision (R14, R27)."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from projets.actes.communique import page
from projets.regles.attente import Place
from projets.requetes.attente import GroupeAttente, LigneAttente, liste_d_attente
from socle.formats import argent_cents, compter


@dataclass(frozen=True)
class LigneLue:
    """Une demande en attente, en mots; `prepare` : la personne peut en préparer la décision."""

    ligne: LigneAttente
    dans_le_solde: str
    ton: str
    prepare: bool


@dataclass(frozen=True)
class GroupeLu:
    """Une enveloppe de la page : ses nombres, ce qu'elle sert en une phrase, ses demandes."""

    groupe: GroupeAttente
    phrase: str
    lignes: list[LigneLue]


def attente(request: HttpRequest) -> HttpResponse:
    """Par enveloppe; vide, la page dit d'où une demande y arrive. Elle n'adopte rien."""
    groupes = liste_d_attente(request.user)
    lus = [
        GroupeLu(
            groupe,
            _phrase(groupe),
            [
                _ligne(ligne, request.user.has_perm("projets.preparer_decision", ligne.projet))
                for ligne in groupe.lignes
            ],
        )
        for groupe in groupes
    ]
    return page(
        request,
        "attente",
        _("Liste d’attente"),
        {
            "groupes": lus,
            "demandes": sum(len(groupe.lignes) for groupe in groupes),
            "a_servir": sum(len(groupe.tiennent) for groupe in groupes),
            "consigne": request.user.has_perm("projets.decider"),
        },
    )


def _ligne(ligne: LigneAttente, prepare: bool) -> LigneLue:
    if ligne.place is None:
        return LigneLue(ligne, _("Déjà proposée à l’instance."), "", prepare)
    mots, ton = _place(ligne.place)
    return LigneLue(ligne, mots, ton, prepare)


def _place(place: Place) -> tuple[str, str]:
    if place.tient:
        reste = _("Oui : il resterait {reste}.").format(reste=argent_cents(place.reste))
        return reste if place.avec else _("{reste} Pas avec celles d’avant.").format(reste=reste), "reussite"
    if place.en_partie:
        return _("En partie, jusqu’à {libre} : il manque {manque}.").format(
            libre=argent_cents(place.libre), manque=argent_cents(place.manque)
        ), "attention"
    return _("Non : il manque {manque}.").format(manque=argent_cents(place.manque)), ""


def _phrase(groupe: GroupeAttente) -> str:
    """Ce que le solde libre sert maintenant, en une phrase."""
    if not groupe.places:
        return _("Chaque demande a sa décision préparée : l’instance l’adopte par résolution.")
    if groupe.libre <= 0:
        return _("Aucun solde libre : rien ne se sert maintenant.")
    ensemble = groupe.ensemble
    if not ensemble:
        return _("Rien ne tient en entier dans les {libre} libres.").format(libre=argent_cents(groupe.libre))
    numeros = [str(ligne.projet.numero) for ligne in ensemble]
    valeurs = {"libre": argent_cents(groupe.libre), "reste": argent_cents(groupe.resterait)}
    if len(numeros) == 1:
        return _("{numero} tient dans les {libre} libres : il resterait {reste}.").format(numero=numeros[0], **valeurs)
    return _(
        "Dans l’ordre des rangs, {combien} tiennent ensemble dans les {libre} libres : il resterait {reste}."
    ).format(combien=compter(len(numeros), _("demande"), _("demandes")), **valeurs)
