"""Where an installation keeps what is its own."""

from __future__ import annotations

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("MUNIMENT_DATA") or BASE_DIR / "var").resolve()
KEYS_DIR = DATA_DIR / "keys"
# Outside of the data: whoever may write the database should not be able to write here.
ANCHORS_DIR = DATA_DIR.with_name(f"{DATA_DIR.name}-anchors")
