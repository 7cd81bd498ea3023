"""Frameworks of controls, catalogs in and out, and gaps."""
