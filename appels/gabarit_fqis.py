"""Le formulaire type du FQIS : le point de départ de tout appel. Faits des sources 000, 001 et 004."""

from django.utils.translation import gettext as _

from appels.enums import GenreQuestion as G
from appels.enums import Gravite
from appels.questions import Condition, Formulaire, Question, Section

RESUME_MAX = 600


def formulaire_type() -> Formulaire:
    """Une section, dix-sept questions : celles que la reddition lit, et celles que le comité attend."""
    bloque = Gravite.BLOQUE
    return Formulaire(
        (
            Section(
                "projet",
                _("Projet"),
                questions=(
                    Question("titre", G.TEXTE_COURT, _("Titre"), gravite=bloque, limite=160, publique=True),
                    Question("enveloppe", G.TERRITOIRE, _("Territoire"), gravite=bloque, publique=True),
                    Question("priorite", G.PRIORITE, _("Priorité principale"), gravite=bloque, publique=True),
                    Question("nature", G.CHOIX, _("Nature")),
                    Question(
                        "resume_public",
                        G.TEXTE_LONG,
                        _("Résumé public"),
                        _("Ce que tout le monde lira si le projet est soutenu."),
                        bloque,
                        RESUME_MAX,
                        publique=True,
                    ),
                    Question(
                        "besoin",
                        G.TEXTE_LONG,
                        _("Besoin"),
                        _("Quelle situation le projet change-t-il, et pour qui?"),
                        bloque,
                    ),
                    Question("objectifs", G.TEXTE_LONG, _("Objectifs"), _("Ce qui sera différent à la fin du projet.")),
                    Question("clienteles", G.TEXTE_LONG, _("Personnes visées")),
                    Question("personnes_visees", G.NOMBRE, _("Nombre de personnes visées")),
                    Question(
                        "participation",
                        G.TEXTE_LONG,
                        _("Participation des personnes concernées"),
                        _("Comment les personnes concernées participent-elles au projet?"),
                    ),
                    Question("ancrage", G.TEXTE_LONG, _("Ancrage dans le milieu")),
                    Question("partenaires", G.TEXTE_LONG, _("Partenaires")),
                    Question("perennite", G.TEXTE_LONG, _("Pérennité"), _("Que reste-t-il après le soutien?")),
                    Question(
                        "zone_visee",
                        G.CHOIX,
                        _("Zone où se concentre la pauvreté"),
                        _("Le projet se tient-il dans une zone où se concentre la pauvreté?"),
                    ),
                    Question(
                        "zone",
                        G.ZONE,
                        _("Laquelle"),
                        _("Une des zones que le plan de travail privilégie."),
                        condition=Condition("zone_visee", ("oui",)),
                    ),
                    Question("debut", G.DATE, _("Début"), gravite=bloque, publique=True),
                    Question("fin", G.DATE, _("Fin"), gravite=bloque, publique=True),
                ),
            ),
        )
    )
