"""Frameworks of controls, and OSCAL catalogs in and out. Free of Django."""
