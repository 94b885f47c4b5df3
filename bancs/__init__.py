"""Bancs de mesure : chacun imprime ses figures et leur rapport à une limite dite; la dernière ligne est un objet JSON."""
