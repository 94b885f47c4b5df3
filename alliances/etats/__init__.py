"""Tables de transitions des alliances."""
