"""Fixtures of every test: throw-away servers, real installations, fast passwords."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connections
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from console.bootstrap import ROOT
from tests.support import migrated
from tests.support.opa import OpaServer
from tests.support.parts import PartMissing, missing
from tests.support.postgres import PostgresServer
from tests.support.redis import RedisServer
from tests.support.service import Service

MakeService = Callable[..., Service]

SERVICES = pytest.StashKey[list[Service]]()


def pytest_configure() -> None:
    # Hundreds of logins: a slow hash would be most of the run. Real processes keep the real one.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _look_for_static_files_once()
    _let_examples_take_their_time()


def pytest_collection_finish() -> None:
    # What is there now stays to the end.
    gc.collect()
    gc.freeze()


def _let_examples_take_their_time() -> None:
    """How long an example takes says more of the machine, and of what else it does, than of us."""
    hypothesis.settings.register_profile(
        "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("patient")


def _look_for_static_files_once() -> None:
    """Let the clients of tests, thousands of them, share what the first finds on the disk."""
    look = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, Any] = {}

    def once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = once


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for node in item.listchain():
            for service in node.stash.get(SERVICES, []):
                for name, output in service.outputs().items():
                    report.sections.append((f"output of {name}", output))
    return report


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The database of this process's tests: a copy, since migrating one takes some 10 s."""
    with django_db_blocker.unblock():
        migrated.use()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of third-party inputs; tests that need it are skipped without it."""
    folder = Path(os.environ.get("MUNIMENT_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        # Not a part of the product: a clean clone rightly has none, also where all is required.
        pytest.skip("no third-party inputs: MUNIMENT_TEST_DATA names no folder")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    try:
        server = migrated.server()
    except PartMissing as error:
        missing(str(error))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    try:
        server = RedisServer.start()
    except PartMissing as error:
        missing(str(error))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def opa_server() -> Iterator[OpaServer]:
    try:
        server = OpaServer.start()
    except PartMissing as error:
        missing(str(error))
    yield server
    server.stop()


@pytest.fixture
def make_service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeService]:
    """`make_service(database="sqlite", **settings)`: a migrated installation without processes.

    `database` is sqlite or postgres; further keywords are environment variables of ours in lower
    case without the prefix (`broker_url=...`). All is ended and removed after the test.
    """
    with _services(request, tmp_path_factory) as make:
        yield make


@contextmanager
def _services(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeService]:
    made: list[Service] = request.node.stash.setdefault(SERVICES, [])

    def make(*, database: str = "sqlite", **settings: str) -> Service:
        service = Service(folder=tmp_path_factory.mktemp("service"))
        service.settings |= {f"MUNIMENT_{name.upper()}": text for name, text in settings.items()}
        service.data.mkdir(mode=0o700)
        if database == "postgres":
            server: PostgresServer = request.getfixturevalue("postgres_server")
            name = server.create(template=migrated.TEMPLATE)
            service.settings["MUNIMENT_DATABASE_URL"] = server.url(name)
        else:
            shutil.copy(migrated.sqlite_file(), service.data)
        made.append(service)
        return service

    try:
        yield make
    finally:
        for service in made:
            service.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest, make_service: MakeService) -> Service:
    """A migrated installation on each database in turn; mark its tests `slow`."""
    return make_service(database=request.param)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def shared_service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """As `service`, once for the tests of a module, which leave each other's things alone."""
    with _services(request, tmp_path_factory) as make:
        yield make(database=request.param)
