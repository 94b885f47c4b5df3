"""Rappels : beat bat, les échéances se calculent, une rangée unique par objet, genre, palier, échéance et destinataire."""

from portail.rappels.battre import battre

__all__ = ["battre"]
