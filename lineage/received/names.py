"""What identifies datasets, jobs and fields, as fixed-length keys."""

from __future__ import annotations

import hashlib

from core.canonical import canonical_bytes


def name_key(namespace: str, name: str) -> str:
    """Return the key of a dataset or a job: 64 hexadecimal digits, the same wherever it is
    computed. Names may hold any character, so the two are told apart by JSON."""
    return hashlib.sha256(canonical_bytes([namespace, name])).hexdigest()


def field_key(namespace: str, name: str, field: str) -> str:
    """Return the key of one field of a dataset."""
    return hashlib.sha256(canonical_bytes([namespace, name, field])).hexdigest()
