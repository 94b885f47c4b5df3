"""Journaux en JSON, une ligne par évènement, sans donnée personnelle."""

import json
import logging


class FormateurJson(logging.Formatter):
    """Écrit niveau, journal, message et trace; jamais les arguments d'une requête ni un courriel."""

    def format(self, record: logging.LogRecord) -> str:
        ligne = {
            "quand": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "niveau": record.levelname,
            "journal": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            ligne["trace"] = self.formatException(record.exc_info)
        return json.dumps(ligne, ensure_ascii=False)
