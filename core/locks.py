"""Locks that one transaction holds and its end releases."""

from __future__ import annotations

import zlib

from django.db import connection


def hold(name: str) -> None:
    """Hold the exclusive lock ``name`` until the surrounding transaction ends.

    On SQLite every transaction is IMMEDIATE and so already alone; on PostgreSQL this takes a
    transaction-scoped advisory lock. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction to live in")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
