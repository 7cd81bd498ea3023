"""The embedded profile's worker: one process, two loops.

The housekeeping loop sequences the journal, tells the consumers and honours schedules, several
times a second; the task loop does one task at a time. A long task so never holds up the journal.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import TYPE_CHECKING

from django.db import close_old_connections, connections
from django.utils import timezone

from core import consumers, schedules, sequencer, tasks
from core.models import WorkerHeartbeat

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)
IDLE_SECONDS = 0.2
# A round of housekeeping costs its transactions whether it tells of one entry or of fifty: under
# load, entries are let gather.
GATHER_SECONDS = 0.1
HEARTBEAT_SECONDS = 5


class Worker:
    """Runs until ``stop`` is called; a failing round is logged and the next one goes on."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.started_at = timezone.now()
        self._beat_at = self.started_at
        # No event: a signal that comes while its lock is held would wait for itself.
        self._is_stopping = False

    def run(self) -> None:
        """Work until ``stop``; the task in hand is finished first."""
        task_loop = threading.Thread(target=self._loop, args=(tasks.claim_and_run,), name="tasks")
        # Before there are two threads: libraries whose modules import each other in a circle fail
        # when two threads enter the circle at different places.
        consumers.installed()
        self._beat()
        task_loop.start()
        self._loop(self.keep_house, pause=GATHER_SECONDS)
        task_loop.join()
        WorkerHeartbeat.objects.filter(name=self.name).delete()

    def stop(self) -> None:
        """Ask both loops to end after what they are doing."""
        self._is_stopping = True

    def keep_house(self) -> bool:
        """Do one housekeeping round; tell whether there was anything to do."""
        worked = sequencer.sequence_pending() + consumers.drain_all()
        if (timezone.now() - self._beat_at).total_seconds() >= HEARTBEAT_SECONDS:
            self._beat()
            worked += schedules.run_due()
        return worked > 0

    def _beat(self) -> None:
        self._beat_at = timezone.now()
        WorkerHeartbeat.objects.update_or_create(
            name=self.name, defaults={"started_at": self.started_at, "beat_at": self._beat_at}
        )

    def _loop(self, work: Callable[[], bool], *, pause: float = 0) -> None:
        while not self._is_stopping:
            try:
                close_old_connections()
                busy = work()
            except Exception:  # a worker outlives a locked or restarting database
                logger.exception("a round of the worker failed")
                busy = False
            time.sleep(pause if busy else IDLE_SECONDS)
        connections.close_all()
