"""Verify OpenSSF model signatures against digests of stored bytes. Free of Django."""

from __future__ import annotations
