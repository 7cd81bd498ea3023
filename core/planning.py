"""What PostgreSQL's planner is told where its statistics must not decide."""

from __future__ import annotations

from django.db import connection

BY_INDEX = """
SELECT set_config(name, 'off', true)
  FROM unnest(ARRAY['enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'enable_hashjoin',
                    'enable_mergejoin']) AS name
UNION ALL SELECT set_config('max_parallel_workers_per_gather', '0', true)
"""


def walk_indexes() -> None:
    """Have rows read along indexes, one by one, until the surrounding transaction ends.

    For batches that are read from the front of a queue, or from a place in an order. Statistics
    tell of a queue as it was: a planner that takes a full one for empty sorts all that waits, with
    what it joins, for each batch. SQLite walks indexes anyway. Raises RuntimeError outside a
    transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("what the planner is told needs a transaction to live in")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(BY_INDEX)
