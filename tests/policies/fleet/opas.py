"""A real OPA that is started with its address, its token and a discovery name alone."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.opa import opa_binary
from tests.support.processes import ManagedProcess, free_port, wait_until


@dataclass(kw_only=True)
class FleetOpa:
    """One process; its configuration is what the product tells a person to start it with."""

    port: int
    process: ManagedProcess

    @classmethod
    def start(cls, folder: Path, configuration: dict[str, Any], *, token: str) -> FleetOpa:
        """Start it on a free loopback port."""
        port = free_port()
        file = folder / "opa.json"
        file.write_text(json.dumps(configuration))
        options = ["--server", f"--addr=127.0.0.1:{port}", f"--config-file={file}"]
        process = ManagedProcess.start(
            [str(opa_binary()), "run", *options, "--disable-telemetry", "--log-level=error"],
            name="fleet-opa",
            log=folder / f"opa-{port}.log",
            env={"MUNIMENT_OPA_TOKEN": token},
            cwd=folder,
        )
        process.wait_for_port(port)
        return cls(port=port, process=process)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, document: dict[str, Any]) -> Any:
        """The result at a path of data, None where it is undefined."""
        request = urllib.request.Request(  # noqa: S310 - ours
            f"{self.url}/v1/data/{path}",
            json.dumps({"input": document}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - ours
            return json.loads(answer.read()).get("result")

    def bundle_type(self) -> str:
        """Whether the bundle that came last is a `snapshot` or a `delta`."""
        with urllib.request.urlopen(f"{self.url}/v1/status", timeout=5) as answer:  # noqa: S310 - ours
            found: str = json.loads(answer.read())["result"]["bundles"]["muniment"]["type"]
        return found

    def wait_for_bundle(self) -> None:
        """Wait until every bundle is active."""
        wait_until(self._is_whole, what="the OPA's bundles", seconds=120)

    def stop(self) -> None:
        self.process.stop()

    def _is_whole(self) -> bool:
        url = f"{self.url}/health?bundles&plugins"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - ours
                return bool(answer.status == 200)
        except OSError:
            return False
