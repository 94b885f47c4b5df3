"""Ce que plusieurs essais partagent."""
