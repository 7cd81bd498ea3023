"""Which release of the product this is."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@functools.cache
def version() -> str:
    """Return the version in pyproject.toml, where it is written once."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
