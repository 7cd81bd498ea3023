"""A throw-away OPA server from the binary that `manage.py opa` finds or builds."""

from __future__ import annotations

import shutil
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from console.tooling.opa import find_opa
from tests.support.parts import PartMissing
from tests.support.processes import ManagedProcess, free_port, wait_until


@dataclass(kw_only=True)
class OpaServer:
    """One running server without any policy."""

    binary: Path
    folder: Path
    port: int
    process: ManagedProcess

    @classmethod
    def start(cls) -> OpaServer:
        """Start a server on a free loopback port. Raises `PartMissing`."""
        binary = opa_binary()
        folder = Path(tempfile.mkdtemp(prefix="muniment-opa-"))
        port = free_port()
        options = ["--server", f"--addr=127.0.0.1:{port}", "--disable-telemetry"]
        process = ManagedProcess.start(
            [str(binary), "run", *options], name="opa", log=folder / "server.log", cwd=folder
        )
        server = cls(binary=binary, folder=folder, port=port, process=process)
        try:
            process.wait_for_port(port)
            wait_until(server._is_healthy, what="OPA's /health")
        except BaseException:
            server.stop()
            raise
        return server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=10) as answer:  # noqa: S310 - ours
                return bool(answer.status == 200)
        except OSError:
            return False


def opa_binary() -> Path:
    """The OPA executable of this machine. Raises `PartMissing`."""
    found = find_opa()
    if found is None:
        raise PartMissing(
            "there is no OPA: not in MUNIMENT_OPA, on PATH or in .tools/ "
            "(`python3 manage.py opa` builds it where Go is present)"
        )
    return found
