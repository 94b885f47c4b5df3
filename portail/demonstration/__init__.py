"""La démonstration : organismes et dossiers nommés comme tels, montants publiés des sources."""
