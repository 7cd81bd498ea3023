"""What an installation has and lacks, looked at from inside."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from audits.queries.log import LogDamaged, newest_checkpoint
from audits.services.streams.operating import SILENCE_SECONDS, all_lags
from audits.services.transparency.anchors import anchor_file, require_known
from audits.services.transparency.integration import entries_behind
from audits.services.transparency.keys import current_origin
from audits.services.transparency.standing import all_standings
from console.tooling.opa import find_opa
from core.errors import InvalidInput
from core.models import JournalEntry, JournalPending, WorkerHeartbeat

SILENCE = timedelta(seconds=30)


class State(StrEnum):
    """How a thing is; only a problem makes `doctor` fail."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "PROBLEM"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `detail` says what to do where it is a problem."""

    state: State
    name: str
    detail: str


def examine() -> Iterator[Finding]:
    """Look at everything in turn; after a missing database only at what needs none."""
    yield _python()
    yield _data_folder()
    yield from _configuration()
    database = _database()
    yield database
    if database.state is not State.PROBLEM:
        for look in DATABASE_LOOKS:
            yield look()
    yield _engine()
    yield _opa()
    if settings.OPA_DELTAS:
        yield _deltas()


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(State.OK, "python", f"{version} at {sys.executable}")


def _data_folder() -> Finding:
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(State.PROBLEM, "data folder", f"{folder} is not writable by this user")
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return Finding(
            State.PROBLEM, "data folder", f"{folder} is open to other users; chmod 700 {folder}"
        )
    return Finding(State.OK, "data folder", str(folder))


def _configuration() -> Iterator[Finding]:
    messages = [message for message in checks.run_checks() if message.level >= checks.WARNING]
    if not messages:
        yield Finding(State.OK, "settings", "no complaint from the system checks")
    for message in messages:
        state = State.PROBLEM if message.level >= checks.ERROR else State.NOTE
        yield Finding(state, "settings", f"{message.msg} ({message.id})")


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding(State.PROBLEM, "database", f"{connection.vendor}: {error}".strip())
    return Finding(State.OK, "database", connection.vendor)


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        detail = f"{len(pending)} to apply; `python3 manage.py migrate`"
        return Finding(State.PROBLEM, "migrations", detail)
    return Finding(State.OK, "migrations", "all applied")


def _worker() -> Finding:
    try:
        last = WorkerHeartbeat.objects.order_by("-beat_at").first()
    except DatabaseError:
        return Finding(State.PROBLEM, "worker", "unknown until the migrations are applied")
    if last is None:
        return Finding(State.NOTE, "worker", "none is running; `up` starts one")
    age = timezone.now() - last.beat_at
    detail = f"{last.name}, last heard of {age.total_seconds():.0f} s ago"
    return Finding(State.PROBLEM if age > SILENCE else State.OK, "worker", detail)


def _sequencer() -> Finding:
    try:
        waiting = JournalPending.objects.filter(refused_at__isnull=True)
        oldest = waiting.order_by("entry_id").values_list("entry__occurred_at", flat=True).first()
        refused = JournalPending.objects.filter(refused_at__isnull=False).count()
        stray = JournalEntry.objects.filter(sequence=None, journalpending=None).count()
    except DatabaseError:
        return Finding(State.PROBLEM, "journal", "unknown until the migrations are applied")
    if refused:
        detail = f"{refused} entries carry a wrong HMAC and were not written by this service"
        return Finding(State.PROBLEM, "journal", detail)
    if stray:
        detail = f"{stray} entries have no place and do not wait for one: somebody took them out"
        return Finding(State.PROBLEM, "journal", detail)
    if oldest is None:
        return Finding(State.OK, "journal", "every entry has its place in the order")
    lag = timezone.now() - oldest
    detail = f"the oldest entry without a place is {lag.total_seconds():.0f} s old"
    return Finding(State.PROBLEM if lag > SILENCE else State.OK, "journal", detail)


def _log() -> Finding:
    name = "audit log"
    try:
        newest, behind = newest_checkpoint(), entries_behind()
        require_known(newest, origin=current_origin())
    except DatabaseError:
        return Finding(State.PROBLEM, name, "unknown until the migrations are applied")
    except (LogDamaged, OSError) as error:
        return Finding(State.PROBLEM, name, str(error))
    if newest is None:
        return Finding(State.NOTE, name, "nothing is signed yet; a worker does it")
    detail = f"{newest.size} entries are signed, {behind} are not yet"
    is_late = behind and timezone.now() - newest.created_at > SILENCE
    if anchor_file() is None:
        return Finding(State.NOTE, name, f"{detail}; no anchor: a cut would not show")
    return Finding(State.PROBLEM if is_late else State.OK, name, detail)


def _anchors() -> Finding:
    name = "log anchors"
    try:
        found = all_standings()
    except DatabaseError:
        return Finding(State.PROBLEM, name, "unknown until the migrations are applied")
    except InvalidInput as error:
        return Finding(State.PROBLEM, name, error.detail)
    if disputing := [each.dispute for each in found if each.dispute]:
        detail = f"{'; '.join(disputing)}: the log does not extend it. Restore a newer backup, or"
        return Finding(State.PROBLEM, name, f"{detail} `python3 manage.py resume_log`")
    if failing := [f"{each.name}: {each.error}" for each in found if each.error]:
        is_old = any(each.is_silent for each in found)
        return Finding(State.PROBLEM if is_old else State.NOTE, name, "; ".join(failing))
    told = ", ".join(f"{each.name} ({each.behind} behind)" for each in found)
    return Finding(State.OK if found else State.NOTE, name, told or "none: a cut would not show")


def _streams() -> Finding:
    name = "streams"
    try:
        found = all_lags()
    except DatabaseError:
        return Finding(State.PROBLEM, name, "unknown until the migrations are applied")
    late = timezone.now() - timedelta(seconds=SILENCE_SECONDS)
    failing = [row for row, _ in found if row.error]
    if failing:
        is_old = any(row.failing_since and row.failing_since < late for row in failing)
        detail = "; ".join(f"{row.name}: {row.error}" for row in failing)
        return Finding(State.PROBLEM if is_old else State.NOTE, name, detail)
    if refused := [f"{row.name}: {lag.dead} entries" for row, lag in found if lag.dead]:
        return Finding(State.NOTE, name, f"refused by their receivers: {', '.join(refused)}")
    told = ", ".join(f"{row.name} ({lag.behind} behind)" for row, lag in found)
    return Finding(State.OK, name, told or "none")


DATABASE_LOOKS: tuple[Callable[[], Finding], ...] = (
    _migrations,
    _worker,
    _sequencer,
    _log,
    _anchors,
    _streams,
)


def _engine() -> Finding:
    if settings.OPA_URL:
        return Finding(State.OK, "policy engine", f"OPA server at {settings.OPA_URL}")
    try:
        import regopy  # noqa: F401 - only whether it loads
    except ImportError as error:
        return Finding(
            State.PROBLEM,
            "policy engine",
            f"the embedded one does not load here ({error}); set MUNIMENT_OPA_URL",
        )
    return Finding(State.OK, "policy engine", "embedded")


def _opa() -> Finding:
    binary = find_opa()
    if binary is None:
        return Finding(State.NOTE, "opa", "none; `python3 manage.py opa` builds it where Go is")
    return Finding(State.OK, "opa", str(binary))


def _deltas() -> Finding:
    return Finding(
        State.NOTE,
        "delta bundles",
        "on: an OPA that takes one answers undefined for a moment, see docs/fleet.md;"
        " MUNIMENT_OPA_DELTAS=off sends whole bundles",
    )
