"""Pages des alliances."""
