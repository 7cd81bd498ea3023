"""Writers, sequencers and logs of one installation that are killed; run inside of its process."""

from __future__ import annotations

import json
import os
import random
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from django.db import connection, connections, transaction

from audits.models import LogCheckpoint
from audits.services.transparency import integration, keys
from audits.services.transparency.anchors import anchor_file
from audits.services.transparency.export import export_log
from audits.verifier import muniment_verify as verifier
from core import actors, sequencer
from core.journal import publish_many
from core.models import JournalEntry, JournalPending, JournalSequence
from tests.audits.transparency.growing import Happened

DIED = 137


def process(work: Callable[[], None]) -> int:
    """Fork a process that does some work with connections of its own; return its id."""
    connections.close_all()
    child = os.fork()
    if not child:
        _work_and_end(work)
    return child


def _work_and_end(work: Callable[[], None]) -> NoReturn:
    try:
        work()
    except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
        traceback.print_exc()
        _end(1)
    _end(0)


def _end(code: int) -> NoReturn:
    os._exit(code)


def write(count: int) -> list[str]:
    """Commit some entries; return their ids."""
    with transaction.atomic():
        events = [Happened(subject=f"thing/{number}") for number in range(count)]
        return [str(entry.uuid) for entry in publish_many(events, actor=actors.system())]


def work_once() -> bool:
    """One round of what a worker does for the log."""
    return bool(sequencer.sequence_pending() + integration.integrate(at_once=True))


def dying_at(statement: int) -> Callable[[], None]:
    """Work that ends without a word before its n-th statement."""

    def work() -> None:
        seen = 0

        def count(execute: Any, *arguments: Any) -> Any:
            nonlocal seen
            if seen == statement:
                _end(DIED)
            seen += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            work_once()

    return work


def at_every_statement() -> None:
    """Kill the worker at each of its statements in turn, until one round gets through."""
    write(3)
    while work_once():
        pass
    kills = 0
    while True:
        write(5)
        child = process(dying_at(kills))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == 0:
            break
        assert code == DIED, code
        kills += 1
    report(kills=kills)


def two_at_once() -> None:
    """Let two workers race for the same entries, and for the same checkpoints."""

    def race() -> None:
        end = time.monotonic() + 8
        while time.monotonic() < end:
            if not work_once():
                time.sleep(0.005)

    write(1)
    racers = [process(race) for _ in range(2)]
    for _ in range(150):
        write(7)
        time.sleep(0.02)  # let both have a turn between two writes
    codes = [os.waitstatus_to_exitcode(os.waitpid(racer, 0)[1]) for racer in racers]
    report(codes=codes)


def random_kills(*, kills: int = 200) -> None:
    """Kill writers and workers at random while they work; then count what was acknowledged."""
    folder = Path(tempfile.mkdtemp(prefix="muniment-kills-"))
    work_once()
    roles = [_writer(folder / "1"), _writer(folder / "2"), _worker, _worker]
    living = [process(role) for role in roles]
    for _ in range(kills):
        time.sleep(random.uniform(0.02, 0.15))
        chosen = random.randrange(len(roles))
        _kill(living[chosen])
        living[chosen] = process(roles[chosen])
    for child in living:
        _kill(child)
    told = [uuid for file in folder.iterdir() for uuid in whole_lines(file)]
    report(kills=kills, acknowledged=told)


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _writer(acknowledged: Path) -> Callable[[], None]:
    """Write without end, and note on disk what was committed."""

    def work() -> None:
        with acknowledged.open("a") as file:
            while True:
                file.write("".join(f"{uuid}\n" for uuid in write(3)))
                file.flush()
                os.fsync(file.fileno())

    return work


def _worker() -> None:
    while True:
        if not work_once():
            time.sleep(0.005)


def whole_lines(file: Path) -> list[str]:
    return [line for line in file.read_text().split("\n")[:-1] if len(line) == 36]


def report(*, acknowledged: list[str] | None = None, **told: Any) -> None:
    """Let the worker catch up, look at everything, and print what was found."""
    while work_once():
        pass
    placed = list(JournalSequence.objects.order_by("seq").values_list("seq", "entry__uuid"))
    there = {str(uuid) for _, uuid in placed}
    folder = Path(tempfile.mkdtemp(prefix="muniment-log-"))
    export_log(folder / "log", actor=actors.system(), is_journalled=False)
    given = [str(folder / "log"), "--key", keys.log_signer().verifier.encoded()]
    print(
        "\n"
        + json.dumps(
            {
                **told,
                "acknowledged": len(acknowledged or ()),
                "lost": len([uuid for uuid in acknowledged or () if uuid not in there]),
                "entries": JournalEntry.objects.count(),
                "pending": JournalPending.objects.count(),
                "contiguous": [seq for seq, _ in placed] == list(range(len(placed))),
                "placed": len(placed),
                "checkpoints": LogCheckpoint.objects.count(),
                "size": LogCheckpoint.objects.latest("size").size,
                "code": verifier.main([*given, "--anchor", str(anchor_file())]),
            }
        )
    )
