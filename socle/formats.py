"""Formats québécois : le seul endroit qui écrit ou lit montants, dates, heures, téléphones et codes (R44 à R46)."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from num2words import num2words

from socle.argent import CENT, MONTANT_MAX, arrondir
from socle.horloge import EST

INSECABLE = "\u00a0"
TIRET = "–"
MOIS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)
JOURS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()  # noqa: SIM905
NOMS_FUSEAUX = {
    "America/Toronto": "heure de l’Est",
    "America/Halifax": "heure de l’Atlantique",
    "America/Blanc-Sablon": "heure de l’Atlantique",
}
PREFIXES_NEQ = ("11", "22", "33", "88")


class SaisieIllisible(ValueError):
    """Une saisie qu'on ne sait pas lire; le message, en français, cite la valeur et dit comment l'écrire."""


class MontantIllisible(SaisieIllisible):
    """Montant refusé."""


# Écrire ------------------------------------------------------------------------------------------------------


def _grouper(entier: str) -> str:
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", INSECABLE, entier)


def nombre(valeur: Decimal | int, decimales: int = 0) -> str:
    """`12345.6` → « 12 345,60 » : espaces insécables, virgule décimale."""
    texte = f"{abs(arrondir(Decimal(valeur), Decimal(1).scaleb(-decimales))):.{decimales}f}"
    entier, _separateur, fraction = texte.partition(".")
    signe = "−" if Decimal(valeur) < 0 and Decimal(texte) else ""
    return f"{signe}{_grouper(entier)}{',' + fraction if fraction else ''}"


def argent(montant: Decimal | int | None) -> str:
    """`156 278 $`; les cents n'apparaissent que s'il y en a : `581 785,42 $`. Inconnu : « – »."""
    if montant is None:
        return TIRET
    montant = Decimal(montant)
    return f"{nombre(montant, 0 if montant == montant.to_integral_value() else 2)}{INSECABLE}$"


def argent_cents(montant: Decimal | int | None) -> str:
    """Toujours au cent : `40 000,00 $`. Inconnu : « – »."""
    return TIRET if montant is None else f"{nombre(montant, 2)}{INSECABLE}$"


def saisie_montant(montant: Decimal | None) -> str:
    """Forme qu'on met dans un champ de saisie : `40 000,00`, sans symbole."""
    return "" if montant is None else nombre(montant, 2)


def argent_en_lettres(montant: Decimal) -> str:
    """Montant en lettres, graphie traditionnelle : « cinquante-cinq mille dollars »."""
    dollars, cents = int(montant), int((montant - int(montant)) * 100)
    mots = num2words(dollars, lang="fr")
    de = " de" if re.search(r"(million|milliard)s?$", mots) else ""
    texte = f"{mots}{de} dollar{'s' if dollars > 1 else ''}"
    if cents:
        texte += f" et {num2words(cents, lang='fr')} cent{'s' if cents > 1 else ''}"
    return texte


def pourcentage(taux: Decimal | None, decimales: int = 0) -> str:
    """`0.95` → « 95 % ». Inconnu : « – »."""
    return TIRET if taux is None else f"{nombre(taux * 100, decimales)}{INSECABLE}%"


def date_longue(jour: date | None) -> str:
    """« 7 février 2020 », « 1er mars 2019 »."""
    if jour is None:
        return TIRET
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme}{INSECABLE}{MOIS[jour.month - 1]} {jour.year}"


def date_avec_jour(jour: date) -> str:
    """« vendredi 7 février 2020 »."""
    return f"{JOURS[jour.weekday()]} {date_longue(jour)}"


def _local(instant: datetime, fuseau: str | ZoneInfo) -> datetime:
    return instant.astimezone(ZoneInfo(fuseau) if isinstance(fuseau, str) else fuseau)


def jour_local(instant: datetime, fuseau: str | ZoneInfo = EST) -> date:
    """La date du calendrier, à cet instant, dans `fuseau`."""
    return _local(instant, fuseau).date()


def heure(instant: datetime, fuseau: str | ZoneInfo = EST, *, secondes: bool = False) -> str:
    """« 23 h 59 », « 9 h » à l'heure juste; avec secondes : « 23 h 41 min 08 s »."""
    local = _local(instant, fuseau)
    if secondes:
        return INSECABLE.join(f"{local.hour} h {local.minute:02d} min {local.second:02d} s".split(" "))
    minutes = f"{INSECABLE}{local.minute:02d}" if local.minute else ""
    return f"{local.hour}{INSECABLE}h{minutes}"


def jour_long(instant: datetime | None, fuseau: str | ZoneInfo = EST) -> str:
    """Le jour local d'un instant : « 7 février 2020 »."""
    return TIRET if instant is None else date_longue(_local(instant, fuseau).date())


def instant_long(instant: datetime | None, fuseau: str | ZoneInfo = EST) -> str:
    """« 7 février 2020, à 23 h 59 »."""
    if instant is None:
        return TIRET
    return f"{date_longue(_local(instant, fuseau).date())}, à {heure(instant, fuseau)}"


def derniere_minute(fin: datetime) -> datetime:
    """Dernière minute utile avant un instant exclusif : minuit donne 23 h 59 de la veille (R20)."""
    return (fin - timedelta(microseconds=1)).replace(second=0, microsecond=0)


def fin_exclusive(fin: datetime | None, fuseau: str | ZoneInfo = EST) -> str:
    """« 7 février 2020, à 23 h 59 », d'un instant exclusif (R20)."""
    return TIRET if fin is None else instant_long(derniere_minute(fin), fuseau)


def echeance_en_mots(fin: datetime, fuseau: str) -> str:
    """« 7 février 2020 inclusivement, à 23 h 59 (heure de l’Est) », d'un instant exclusif (R20)."""
    derniere = derniere_minute(fin)
    return _("{date} inclusivement, à {heure} ({fuseau})").format(
        date=jour_long(derniere, fuseau), heure=heure(derniere, fuseau), fuseau=nom_fuseau(fuseau)
    )


def instant_secondes(instant: datetime | None, fuseau: str | ZoneInfo = EST) -> str:
    """« 7 février 2020, 23 h 41 min 07 s » : ce qu'un accusé atteste (R56)."""
    if instant is None:
        return TIRET
    return f"{date_longue(_local(instant, fuseau).date())}, {heure(instant, fuseau, secondes=True)}"


def instant_court(instant: datetime | None, fuseau: str | ZoneInfo = EST) -> str:
    """Forme de tableau : « 2020-02-07 23:41 »."""
    return TIRET if instant is None else f"{_local(instant, fuseau):%Y-%m-%d %H:%M}"


def nom_fuseau(fuseau: str) -> str:
    """Nom courant du fuseau : « heure de l’Est »."""
    return NOMS_FUSEAUX.get(fuseau, fuseau)


def jours_restants(fin: datetime, instant: datetime, fuseau: str | ZoneInfo = EST) -> str:
    """« Il reste 12 jours », « Il reste 3 heures », « Dernier jour » : le compte du calendrier local."""
    jours = (_local(fin, fuseau).date() - _local(instant, fuseau).date()).days
    if fin <= instant:
        return _("L’échéance est passée")
    if jours > 1:
        return _("Il reste {jours} jours").format(jours=jours)
    heures = int((fin - instant).total_seconds() // 3600)
    if heures >= 1:
        return _("Il reste {duree}").format(duree=compter(heures, "heure", "heures"))
    minutes = max(1, int((fin - instant).total_seconds() // 60))
    return _("Il reste {duree}").format(duree=compter(minutes, "minute", "minutes"))


def compter(quantite: int, singulier: str, pluriel: str) -> str:
    """« 0 projet », « 1 projet », « 2 projets » : en français, le pluriel commence à deux."""
    return f"{nombre(quantite)}{INSECABLE}{pluriel if abs(quantite) >= 2 else singulier}"  # noqa: PLR2004


def telephone(brut: str) -> str:
    """« 418 487-5453 », avec poste au besoin, d'un numéro rangé; ce qu'une personne a tapé revient tel quel."""
    if not re.fullmatch(r"[2-9][0-9]{9,15}", brut):
        return brut
    base = f"{brut[:3]}{INSECABLE}{brut[3:6]}-{brut[6:10]}"
    return f"{base}, poste{INSECABLE}{brut[10:]}" if brut[10:] else base


def code_postal(brut: str) -> str:
    """« G1R 4S9 »."""
    return f"{brut[:3]}{INSECABLE}{brut[3:]}" if len(brut) == 6 else brut  # noqa: PLR2004


MEGA = 1_000_000


def taille(octets: int) -> str:
    """« 184 ko », « 1,2 Mo »."""
    if octets < MEGA:
        return f"{nombre(max(1, round(octets / 1000)))}{INSECABLE}ko"
    return f"{nombre(Decimal(octets) / MEGA, 1)}{INSECABLE}Mo"


# Lire --------------------------------------------------------------------------------------------------------


def lire_taux(texte: str) -> Decimal:
    """Un taux écrit en pour cent (`90`, `87,5 %`) → sa valeur entre 0 et 1, au dix-millième. Refuse hors de 0 à 100."""
    propre = re.sub(r"[\s\u00a0\u202f]", "", texte).removesuffix("%").replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", propre) or Decimal(propre) > 100:  # noqa: PLR2004 — cent pour cent
        raise SaisieIllisible(
            _(
                "« {valeur} » n’est pas un taux que l’on sait lire. Écrivez un nombre de 0 à 100, par exemple 87,5."
            ).format(valeur=texte)
        )
    return (Decimal(propre) / 100).quantize(Decimal("0.0001"))


def lire_montant(texte: str) -> Decimal:
    """Montant positif, au cent, écrit à la québécoise (R46).

    Accepte `156278`, `156 278,50 $`, U+00A0, U+202F et le point décimal seul (`156278.50`).
    Refuse (`MontantIllisible`) le vide, le négatif, plus de deux décimales, `1.234,50`, `NaN`, `1e309`, et
    au-delà de 999 999 999 999,99 : le message cite la valeur écrite et propose une écriture.
    """
    propre = re.sub(r"[\s\u00a0\u202f\u2009]", "", texte).removesuffix("$")
    if not propre:
        raise MontantIllisible(_("Aucun montant n’est écrit. Écrivez par exemple 40 000,00."))
    if propre.startswith(("-", "−")):
        raise MontantIllisible(
            _("« {valeur} » est négatif. Écrivez un montant de 0 ou plus, par exemple 40 000,00.").format(valeur=texte)
        )
    if re.fullmatch(r"\d+[.,]\d{3,}", propre):
        raise MontantIllisible(
            _(
                "« {valeur} » a plus de deux décimales. Écrivez les milliers avec une espace et au plus deux décimales,"
                " par exemple 1 234,50."
            ).format(valeur=texte)
        )
    if not re.fullmatch(r"[0-9]+([.,][0-9]{1,2})?", propre):
        raise MontantIllisible(
            _(
                "« {valeur} » n’est pas un montant que l’on sait lire. Écrivez des chiffres, une virgule et deux décimales,"
                " par exemple 1 234,50."
            ).format(valeur=texte)
        )
    try:
        montant = Decimal(propre.replace(",", ".")).quantize(CENT)
    except InvalidOperation:
        montant = MONTANT_MAX + 1
    if montant > MONTANT_MAX:
        raise MontantIllisible(
            _("« {valeur} » dépasse le plus grand montant permis ({maximum}). Vérifiez le nombre de chiffres.").format(
                valeur=texte[:40], maximum=argent_cents(MONTANT_MAX)
            )
        )
    return montant


def lire_neq(texte: str) -> str:
    """NEQ de dix chiffres, préfixe 11, 22, 33 ou 88, sans clé de contrôle (R44)."""
    chiffres = re.sub(r"[\s\u00a0\u202f-]", "", texte)
    if not (re.fullmatch(r"[0-9]{10}", chiffres) and chiffres.startswith(PREFIXES_NEQ)):
        raise SaisieIllisible(
            _(
                "« {valeur} » n’est pas un NEQ. Il compte dix chiffres et commence par 11, 22, 33 ou 88;"
                " vous le trouvez au Registre des entreprises."
            ).format(valeur=texte)
        )
    return chiffres


def lire_code_postal(texte: str) -> str:
    """Code postal canadien, rangé sans espace et en majuscules : `G1R4S9` (R45)."""
    propre = re.sub(r"[\s\u00a0\u202f-]", "", texte).upper()
    if not re.fullmatch(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][0-9][ABCEGHJ-NPRSTV-Z][0-9]", propre):
        raise SaisieIllisible(
            _("« {valeur} » n’est pas un code postal. Écrivez-le comme G1R 4S9.").format(valeur=texte)
        )
    return propre


def lire_telephone(texte: str) -> str:
    """Téléphone nord-américain rangé en chiffres, le poste à la suite (R45)."""
    base, _mot, poste = re.sub(r"(?i),?\s*\b(poste|p\.|ext\.?|x)\s*(?=\d+$)", "|", texte).partition("|")
    chiffres = re.sub(r"\D", "", base).removeprefix("1")
    if len(chiffres) != 10 or re.search(r"[^\d\s().+\u00a0\u202f-]", base) or len(poste.strip()) > 6:  # noqa: PLR2004
        raise SaisieIllisible(
            _(
                "« {valeur} » n’est pas un numéro de téléphone. Écrivez-le comme 418 487-5453, avec le poste au besoin."
            ).format(valeur=texte)
        )
    return chiffres + poste.strip()


def sans_accents(texte: str) -> str:
    """Minuscules sans accents, pour chercher et trier : « École » → « ecole »."""
    decompose = unicodedata.normalize("NFKD", texte.replace("’", "'"))
    return "".join(c for c in decompose if not unicodedata.combining(c)).lower()
