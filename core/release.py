"""Which release of the product this is."""

from __future__ import annotations

import functools
import tomllib

from django.conf import settings


@functools.cache
def version() -> str:
    """Return the version in pyproject.toml, where it is written once."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
