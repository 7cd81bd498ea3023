"""How dates are written in English."""

from __future__ import annotations
