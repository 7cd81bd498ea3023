"""Databases that are migrated once per state of the migrations, and copied for every use.

To migrate takes some 10 s; a run needs a migrated database per process and per installation.
"""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from django.db import connections

from console.bootstrap import DEVELOPMENT, ROOT
from tests.support.cache import kept
from tests.support.postgres import PostgresServer, installation
from tests.support.service import Service

DATABASE = "muniment.sqlite3"
# The name of the migrated database of `server`.
TEMPLATE = "muniment_migrated"


def sqlite_file() -> Path:
    """A migrated SQLite database to copy."""
    return kept("migrated-sqlite", digest(), _make_sqlite) / DATABASE


def use() -> None:
    """Make a copy the database of this process; its settings name the server of the run."""
    connection = connections["default"]
    if connection.vendor == "postgresql":
        name = f"muniment_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        connection.close()
        connection.settings_dict["NAME"] = name
        return
    # Django's name for it: what asks whether the database lies in memory goes by that.
    connection.settings_dict["NAME"] = "file:memorydb_default?mode=memory&cache=shared"
    connection.ensure_connection()
    with closing(sqlite3.connect(f"{sqlite_file().as_uri()}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)


def server(**settings: str) -> PostgresServer:
    """A started throw-away server with the migrated database `TEMPLATE`. Raises `PartMissing`."""
    # Another build of PostgreSQL may not read the files of this one.
    program = installation() / "postgres"
    build = f"{program}:{program.stat().st_size}:{program.stat().st_mtime_ns}"
    name = hashlib.sha256(f"{digest()}:{build}".encode()).hexdigest()[:32]
    prepared = kept("migrated-postgres", name, _make_postgres)
    return PostgresServer.start(prepared=prepared / "data", **settings)


def _make_sqlite(folder: Path) -> None:
    draft = Service(folder=folder)
    draft.data.mkdir(mode=0o700)
    draft.migrate()
    with closing(sqlite3.connect(draft.data / DATABASE)) as made:
        # One file that is whole by itself; who opens it as the product does has the log again.
        made.execute("PRAGMA journal_mode=DELETE")
    (draft.data / DATABASE).rename(folder / DATABASE)
    shutil.rmtree(draft.data)


def _make_postgres(folder: Path) -> None:
    running = PostgresServer.start()
    try:
        draft = Service(folder=folder / "draft")
        draft.data.mkdir(parents=True, mode=0o700)
        name = running.create(name=TEMPLATE)
        draft.settings["MUNIMENT_DATABASE_URL"] = running.url(name)
        draft.migrate()
        running.shut_down()
        shutil.rmtree(draft.folder)
        shutil.copytree(running.data, folder / "data")
    finally:
        running.stop()


@cache
def digest() -> str:
    """What a migrated database depends on, as a name: migrations, what they use, packages."""
    return digest_of(ROOT)


def digest_of(root: Path) -> str:
    """The digest of the checkout at `root`."""
    parts = [root / DEVELOPMENT, root / "config" / "settings.py", *_sources(root)]
    state = hashlib.sha256()
    for part in parts:
        state.update(f"{part.relative_to(root)}\n".encode())
        state.update(hashlib.sha256(part.read_bytes()).digest())
    return state.hexdigest()[:32]


def _sources(root: Path) -> list[Path]:
    """The migrations, each module of ours that they import, however indirectly, and their data."""
    found: set[Path] = set()
    waiting = list(root.glob("*/migrations/*.py"))
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.suffix == ".py":
            waiting += _used_by(path, root)
    return sorted(found)


def _used_by(path: Path, root: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield from _module(alias.name, root)
            case ast.ImportFrom(module=str(module), names=names):
                yield from _module(module, root)
                for alias in names:
                    yield from _module(f"{module}.{alias.name}", root)
            case ast.Constant(value=str(name)) if "." in name and name.isascii():
                yield from _data(name, root)


def _module(name: str, root: Path) -> Iterator[Path]:
    place = root.joinpath(*name.split("."))
    for candidate in (place.with_suffix(".py"), place / "__init__.py"):
        if candidate.is_file():
            yield candidate


def _data(name: str, root: Path) -> Iterator[Path]:
    """The files of a package that a migration names as `importlib.resources` wants it."""
    if all(part.isidentifier() for part in name.split(".")):
        folder = root.joinpath(*name.split("."))
        yield from sorted(path for path in folder.glob("*.*") if path.is_file())
