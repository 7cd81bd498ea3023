"""`manage.py up`: from a fresh clone to a running installation, and its supervisor from then on."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from console import programs
from console.bootstrap import ROOT, WITH_EXTRAS
from console.supervisor import Supervisor, kill_group, spawn

PATIENCE_SECONDS = 60.0
# Lies in the data folder from the first start until the demo is whole.
DEMO_PENDING = "demo-pending"


class LaunchError(Exception):
    """The installation cannot start; the message tells a person what to do."""


def main(arguments: list[str]) -> int:
    """Prepare the data folder, run web and worker until a signal, and return the exit code."""
    options = parse(arguments)
    data = data_folder()
    try:
        with _alone(data):
            _require_free_port(options.host, options.port)
            _run(options, data=data)
    except LaunchError as error:
        print(f"muniment: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line of `up`."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Run Muniment.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--no-demo", action="store_true", help="start without demo content")
    parser.add_argument(
        WITH_EXTRAS, action="store_true", help="install the optional parts, too: PDF, timestamps"
    )
    parser.add_argument("--opa", action="store_true", help="evaluate policies in an OPA server")
    return parser.parse_args(arguments)


def data_folder() -> Path:
    """Make and return the folder of MUNIMENT_DATA, readable by its owner only."""
    folder = Path(os.environ.get("MUNIMENT_DATA") or ROOT / "var").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(f"muniment: {line}", flush=True)


def _run(options: argparse.Namespace, *, data: Path) -> None:
    binary = _opa() if options.opa else None
    prepared = _prepare(demo=not options.no_demo)
    children = [programs.web(host=options.host, port=options.port), programs.worker()]
    if binary is not None:
        # Only now: a port that is free does not stay free while a database is prepared.
        opa, settings = programs.opa(binary, port=_free_port(), data=data)
        os.environ.update(settings)
        children.insert(0, opa)
    supervisor = Supervisor(children, say=say)
    welcome = Welcome(options, prepared=prepared, data=data)
    supervisor.run(each_round=welcome.tick)
    welcome.end()
    say("stopped")


def _opa() -> Path:
    from console.tooling.opa import find_opa

    binary = find_opa()
    if binary is None:
        raise LaunchError("--opa: there is no OPA; `python3 manage.py opa` builds it.")
    return binary


def _prepare(*, demo: bool) -> dict[str, Any]:
    """Bring the database up to date; return what the first start made."""
    say("preparing the database ...")
    command = [*programs.MANAGE, "prepare", *([] if demo else ["--no-demo"])]
    process = spawn(command, stdout=subprocess.PIPE)
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        output, _ = process.communicate()
    except BaseException:
        kill_group(process)
        process.wait()
        raise
    finally:
        signal.signal(signal.SIGTERM, previous)
    if process.returncode:
        raise LaunchError("preparing the database failed; the messages above say why.")
    prepared: dict[str, Any] = json.loads(output)
    return prepared


class Welcome:
    """What happens between the start of the children and the moment a person can log in."""

    def __init__(
        self, options: argparse.Namespace, *, prepared: dict[str, Any], data: Path
    ) -> None:
        self._options = options
        self._data = data
        self._prepared = prepared
        self._started_at = time.monotonic()
        self._demo: subprocess.Popen[bytes] | None = None
        self._is_ready = self._is_late = self._is_done = False

    def tick(self) -> None:
        """Take the next step if it is due."""
        if self._is_done:
            return
        if not self._is_ready:
            self._await_ready()
        elif self._demo is None and self._prepared["demo"]:
            say("making the demo organisation ...")
            self._demo = spawn([*programs.MANAGE, "demo"])
        elif self._demo is None or self._demo.poll() is not None:
            self._finish()

    def end(self) -> None:
        """Leave nothing running."""
        if self._demo is not None and self._demo.poll() is None:
            kill_group(self._demo)
            self._demo.wait()

    def _await_ready(self) -> None:
        self._is_ready = is_ready(self._options.host, self._options.port)
        waited = time.monotonic() - self._started_at
        if not self._is_ready and waited > PATIENCE_SECONDS and not self._is_late:
            self._is_late = True
            say("still not ready; `python3 manage.py doctor` may tell why")

    def _finish(self) -> None:
        self._is_done = True
        if self._demo is not None and self._demo.returncode == 0:
            (self._data / DEMO_PENDING).unlink(missing_ok=True)
        elif self._demo is not None:
            say("the demo could not be made (see above); `python3 manage.py demo` tries again")
        host = reachable(self._options.host)
        url = f"http://{f'[{host}]' if ':' in host else host}:{self._options.port}"
        print(banner(url, password=self._prepared["password"]), flush=True)


def banner(url: str, *, password: str | None) -> str:
    """What a person needs next: addresses, the login, three things to try."""
    login = (
        f"admin / {password}   (shown this once)"
        if password
        else "as before (`python3 manage.py changepassword admin` sets a new password)"
    )
    return f"""
  Muniment is ready.

    Console    {url}/admin/
    REST API   {url}/api/docs/
    Login      {login}

  Three things to try
    1. Look round the console, then promote a version: {url}/admin/
    2. Make an API token:          python3 manage.py token admin
    3. List what is registered:    curl -H "Authorization: Bearer $TOKEN" \\
                                     {url}/api/registry/assets/

  Ctrl-C stops everything.
"""


def reachable(host: str) -> str:
    """An address of this machine at which a server that listens on `host` answers."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compares, binds nothing


def is_ready(host: str, port: int) -> bool:
    """Whether GET /ready answers 200. Raw sockets: an HTTP client would outweigh this process."""
    request = f"GET /ready HTTP/1.1\r\nHost: {_host_header()}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((reachable(host), port), timeout=2) as connection:
            connection.sendall(request.encode("ascii"))
            answer = connection.recv(64)
    except OSError:
        return False
    return answer.startswith(b"HTTP/1.1 200")


def _host_header() -> str:
    """A host name that the service accepts."""
    allowed = [part.strip() for part in os.environ.get("MUNIMENT_ALLOWED_HOSTS", "").split(",")]
    named = [name.lstrip(".") for name in allowed if name and name != "*"]
    return named[0] if named else "localhost"


def _require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise LaunchError(
                f"cannot listen on {host}:{port} ({error}); --port and --host choose another."
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Refuse a second `up` on the same data folder; the system frees the lock at our end."""
    with (data / "up.lock").open("a") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LaunchError(f"an `up` is already running on {data}.") from None
        yield
