from reddition.models.reddition import Controle, LigneReddition, Production, Reddition

__all__ = ["Controle", "LigneReddition", "Production", "Reddition"]
