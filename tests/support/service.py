"""A real installation for journeys and fault tests: own data, own processes, all thrown away."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from console import programs
from console.bootstrap import ROOT
from console.supervisor import Program
from tests.support.client import Client
from tests.support.processes import PATIENCE_SECONDS, ManagedProcess, free_port, wait_until


def clean_environment(data: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """This process's environment less every setting of ours, plus those of one installation."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MUNIMENT_")}
    return {**inherited, "MUNIMENT_DATA": str(data), "MUNIMENT_BOOTSTRAP": "off", **extra}


@dataclass(kw_only=True)
class Service:
    """One installation. `settings` are its environment variables beyond the data folder."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, ManagedProcess] = field(default_factory=dict)
    _programs: dict[str, Program] = field(default_factory=dict)
    _ports: dict[str, int] = field(default_factory=dict)
    _killed: set[str] = field(default_factory=set)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment(self.data, self.settings)

    @property
    def base_url(self) -> str:
        """The address of the first web server."""
        return self.base_urls[0]

    @property
    def base_urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self._ports.values()]

    def client(self, *, token: str = "", web: int = 0) -> Client:
        """A new client of web server number `web`."""
        return Client(self.base_urls[web], token=token)

    def manage(self, *arguments: str, code: int = 0) -> str:
        """Run a management command, expect its exit `code`, return its standard output."""
        done = subprocess.run(
            [*programs.MANAGE, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, (
            f"manage.py {' '.join(arguments)}: exit code {done.returncode}\n"
            f"{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    def migrate(self) -> None:
        self.manage("migrate", "--no-input", "--verbosity", "0")

    def start_web(self, count: int = 1) -> list[str]:
        """Start `count` independent web servers on ports of their own; return their names."""
        names = [f"web-{len(self._ports) + number}" for number in range(1, count + 1)]
        for name in names:
            self._ports[name] = free_port()
            self._start(name, programs.web(host="127.0.0.1", port=self._ports[name]))
        self.wait_ready()
        return names

    def start_worker(self) -> str:
        """Start one more embedded worker and return its name."""
        name = f"worker-{sum(name.startswith('worker-') for name in self.processes) + 1}"
        self._start(name, programs.worker())
        return name

    def start_celery(self, *, concurrency: int = 2) -> None:
        """Start the processes `celery` and `beat`; needs MUNIMENT_BROKER_URL in `settings`."""
        self._start("celery", programs.celery_worker(concurrency=concurrency))
        self._start("beat", programs.celery_beat(data=self.data))

    def wait_ready(self, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until every web server that was not killed answers 200 at /ready."""
        for name in self._ports.keys() - self._killed:
            wait_until(partial(self._is_ready, name), what=f"{name}'s /ready", seconds=seconds)

    def kill(self, name: str) -> None:
        """SIGKILL to the process and its children, at once."""
        self._killed.add(name)
        self.processes[name].kill()

    def restart(self, name: str) -> None:
        """Start a killed process again, a web server on its old port; does not wait for it."""
        self.processes[name].kill()
        self._start(name, self._programs[name])

    def stop(self) -> None:
        """End every process and remove the data; what was printed stays readable until then."""
        for process in self.processes.values():
            process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def outputs(self) -> dict[str, str]:
        """The last lines of every process."""
        return {name: process.output() for name, process in self.processes.items()}

    def _start(self, name: str, program: Program) -> None:
        self._programs[name] = program
        self._killed.discard(name)
        self.processes[name] = ManagedProcess.start(
            program.command,
            name=name,
            log=self.folder / f"{name}.log",
            env={**self.environment, **program.environment},
            cwd=ROOT,
        )

    def _is_ready(self, name: str) -> bool:
        process = self.processes[name]
        if not process.running:
            raise RuntimeError(f"{name} ended:\n{process.output()}")
        client = Client(f"http://127.0.0.1:{self._ports[name]}", seconds=10)
        try:
            return client.get("/ready").status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            client.close()
