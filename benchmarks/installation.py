"""A throw-away installation in this process, on SQLite or on a PostgreSQL server of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def installation(database: str) -> Iterator[None]:
    """Set Django up over an empty, migrated ``database`` (sqlite or postgres); remove it after.

    Once per process: Django is set up for good.
    """
    folder = Path(tempfile.mkdtemp(prefix="muniment-benchmark-"))
    for name in [name for name in os.environ if name.startswith("MUNIMENT_")]:
        del os.environ[name]
    os.environ |= {"MUNIMENT_DATA": str(folder), "MUNIMENT_LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    try:
        with _server(database):
            _migrate()
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(database: str) -> Iterator[None]:
    if database == "sqlite":
        yield
        return
    from tests.support.postgres import PostgresServer

    server = PostgresServer.start()
    try:
        os.environ["MUNIMENT_DATABASE_URL"] = server.url(server.create())
        yield
    finally:
        server.stop()


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
