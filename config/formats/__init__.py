"""How dates are written."""

from __future__ import annotations
