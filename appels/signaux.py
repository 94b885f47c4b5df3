"""Ce que les appels annoncent aux apps du haut, qui s'y abonnent (module `ecoutes` d'une app)."""

from django.dispatch import Signal

depot_prolonge = Signal()  # prolongation, instant : dans la transaction de l'acte
formulaire_publie = Signal()  # version, instant : dans la transaction de l'acte
# appel, instant : le dépôt cesse (fonds épuisés, ou appel annulé), dans la transaction de l'acte
depot_ferme = Signal()
appel_annonce = Signal()  # appel, instant : les décisions deviennent publiques, dans la transaction de l'acte
