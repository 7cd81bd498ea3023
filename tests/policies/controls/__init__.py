"""Catalogues of controls and how far policies cover them."""
