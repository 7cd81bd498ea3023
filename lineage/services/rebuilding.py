"""Tell lineage the whole journal again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from core.models import ConsumerCursor, JournalSequence
from lineage.graph.exploration import CONSUMER

BEFORE_THE_FIRST = -1


@transaction.atomic
def rebuild() -> int:
    """Let the worker tell lineage every entry of the journal again; return how many those are.

    What is there stays as it is, what lacks is added: entries that an earlier release did not
    know how to tell, places of versions, jobs and runs. Events that are new go to the sinks.
    Until the worker is through, the graph of an earlier moment says that it is not settled.
    """
    ConsumerCursor.objects.filter(consumer=CONSUMER).update(seq=BEFORE_THE_FIRST)
    last = JournalSequence.objects.aggregate(last=Max("seq"))["last"]
    return 0 if last is None else last + 1
