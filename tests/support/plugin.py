"""Chooses the database of the run and shuts the run off from the developer's own installation.

Loaded by `-p` because Django's settings are read before any conftest.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support import migrated
from tests.support.parts import PartMissing
from tests.support.postgres import PostgresServer

# Set by the run itself, and read again by the processes that pytest-xdist starts.
DATA = "MUNIMENT_TEST_RUN_DATA"
DATABASE = "MUNIMENT_TEST_RUN_DATABASE"
# What a developer may have set for these has a meaning for tests.
KEPT = {"MUNIMENT_TEST_DATA", "MUNIMENT_REQUIRE_ALL", "MUNIMENT_OPA", "MUNIMENT_BOOTSTRAP"}

# What a test that touches the database of the run asks for, by itself or by its fixtures.
DATABASE_FIXTURES = {"db", "django_db_setup", "transactional_db"}

# Looking through all classes and plans of Django again and again was a fifth of the run.
gc.set_threshold(50_000, 20, 50)

_owned: list[PostgresServer | Path] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgres"],
        default="sqlite",
        help="a throw-away database for the tests that run inside pytest; on postgres, those that "
        "touch no database are left out",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, run what touches the database: the rest is the same there as on SQLite."""
    if config.getoption("database") != "postgres":
        return
    touching = [item for item in items if _touches_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(touching)])
    items[:] = touching


def _touches_the_database(item: pytest.Item) -> bool:
    names: list[str] = getattr(item, "fixturenames", [])
    return bool(DATABASE_FIXTURES.intersection(names)) or any(item.iter_markers("django_db"))


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    if DATA not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="muniment-tests-"))
        _owned.append(folder)
        os.environ[DATA] = str(folder)
        if early_config.known_args_namespace.database == "postgres":
            try:
                # A statement without end is a failure with a name, not a run without end.
                server = migrated.server(statement_timeout="60s")
            except PartMissing as error:
                raise pytest.UsageError(f"--database=postgres, but {error}") from error
            _owned.append(server)
            os.environ[DATABASE] = server.url("postgres")
    for name in [name for name in os.environ if name.startswith("MUNIMENT_")]:
        if name not in KEPT | {DATA, DATABASE}:
            del os.environ[name]
    # Each process has a store of its own: its tests count what lies there.
    data = Path(os.environ[DATA], os.environ.get("PYTEST_XDIST_WORKER", "main"))
    data.mkdir(mode=0o700, exist_ok=True)
    os.environ["MUNIMENT_DATA"] = str(data)
    # Each test has a journal of its own, which the anchor of another would call cut short.
    os.environ["MUNIMENT_LOG_ANCHOR_FILE"] = "off"
    if DATABASE in os.environ:
        os.environ["MUNIMENT_DATABASE_URL"] = os.environ[DATABASE]
    return (yield)


def pytest_unconfigure() -> None:
    while _owned:
        match _owned.pop():
            case PostgresServer() as server:
                server.stop()
            case folder:
                shutil.rmtree(folder, ignore_errors=True)
