"""The processes of an installation, as command lines: one place for `up` and for tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from console.bootstrap import ROOT
from console.supervisor import Program

MANAGE = (sys.executable, str(ROOT / "manage.py"))

OPA_AUTHORIZATION = """package system.authz

default allow := false

allow if input.identity == "{token}"

allow if input.path == ["health"]
"""
# Percent by which what OPA holds may grow before Go collects it. At Go's own 100 the collector, for
# which a small heap is full again and again, takes a third of what evaluations cost.
OPA_GOGC = "400"


def web(*, host: str, port: int) -> Program:
    """The HTTP server; MUNIMENT_WEB_WORKERS processes of MUNIMENT_WEB_THREADS threads each."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", host, "--port", str(port)]
    command += ["--workers", os.environ.get("MUNIMENT_WEB_WORKERS") or "1"]
    command += ["--blocking-threads", os.environ.get("MUNIMENT_WEB_THREADS") or "4"]
    command += ["--respawn-failed-workers", "--respawn-interval", "0.5"]
    command += ["--workers-kill-timeout", "10", "--log-level", "warning"]
    command += ["--working-dir", str(ROOT), "config.wsgi:application"]
    return Program(name="web", command=command)


def worker() -> Program:
    """The embedded profile's worker: tasks, the journal's sequencer, schedules."""
    return Program(name="worker", command=[*MANAGE, "worker"])


def celery_worker(*, concurrency: int) -> Program:
    """The scale profile's worker; the broker comes from MUNIMENT_BROKER_URL."""
    command = [sys.executable, "-m", "celery", "--app", "config.celery", "--workdir", str(ROOT)]
    command += ["worker", "--concurrency", str(concurrency), "--loglevel", "INFO"]
    return Program(name="celery", command=command)


def celery_beat(*, data: Path) -> Program:
    """The scale profile's scheduler, with its rows in the database."""
    command = [sys.executable, "-m", "celery", "--app", "config.celery", "--workdir", str(ROOT)]
    command += ["beat", "--loglevel", "INFO", "--pidfile", str(data / "beat.pid")]
    return Program(name="beat", command=command)


def opa(binary: Path, *, port: int, data: Path) -> tuple[Program, dict[str, str]]:
    """An OPA server that obeys only the holder of a fresh token, and the settings to reach it.

    Any user of the machine can connect to the loopback; without the token they could replace
    the policies.
    """
    # Not at the top: it brings OpenSSL, which the supervisor would keep in memory for nothing.
    import secrets

    token = secrets.token_urlsafe(32)
    authorization = data / "keys" / "opa-authorization.rego"
    authorization.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    authorization.unlink(missing_ok=True)
    descriptor = os.open(authorization, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(OPA_AUTHORIZATION.format(token=token))
    command = [str(binary), "run", "--server", f"--addr=127.0.0.1:{port}", "--log-level=error"]
    command += ["--authentication=token", "--authorization=basic", "--disable-telemetry"]
    program = Program(
        name="opa",
        command=[*command, str(authorization)],
        environment={"GOGC": os.environ.get("GOGC") or OPA_GOGC},
    )
    return program, {
        "MUNIMENT_OPA_URL": f"http://127.0.0.1:{port}",
        "MUNIMENT_OPA_TOKEN": token,
    }
