"""What identifies datasets, jobs and fields, as fixed-length keys."""

from __future__ import annotations

import hashlib
import json

# Of lists of texts this writes the canonical form (RFC 8785), in a tenth of the time.
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def name_key(namespace: str, name: str) -> str:
    """Return the key of a dataset or a job: 64 hexadecimal digits, the same wherever it is
    computed. Names may hold any character, so the two are told apart by JSON."""
    return hashlib.sha256(_canonical([namespace, name]).encode()).hexdigest()


def namespace_key(namespace: str) -> str:
    """Return the key of a namespace of datasets or jobs."""
    return hashlib.sha256(namespace.encode()).hexdigest()


def field_key(namespace: str, name: str, field: str) -> str:
    """Return the key of one field of a dataset."""
    return hashlib.sha256(_canonical([namespace, name, field]).encode()).hexdigest()
