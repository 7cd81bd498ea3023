"""Which release of the product this is."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

WRITTEN_IN = Path(__file__).resolve().parents[1] / "pyproject.toml"


@functools.cache
def version() -> str:
    """Return the version in pyproject.toml, where it is written once."""
    with WRITTEN_IN.open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
