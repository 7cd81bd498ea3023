"""``manage.py worker``: drain the task table, sequence the journal, honour schedules."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from core.worker import Worker

if TYPE_CHECKING:
    from types import FrameType


class Command(BaseCommand):
    help = "Run the embedded profile's worker until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()

        def stop(signum: int, frame: FrameType | None) -> None:
            worker.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        worker.run()
