"""Installer, démarrer, éprouver : ce que bin/ appelle. La première étape ne demande que Python."""
