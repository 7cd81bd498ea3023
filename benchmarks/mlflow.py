"""MLflow's registry operations against stock ``mlflow server`` and against us, in one run.

`python -m benchmarks.mlflow OPERATIONS [--database sqlite|postgres] [--models N] [--seconds S]`

OPERATIONS is the file of a load generator that speaks the protocol (``Ctx``, ``seed``, ``one``,
``OPS``); it is executed, not copied. The stock server runs without authentication and without its
job runner; ours with a token, access checks, the journal, and the worker that sequences it. CPU
and resident memory are those of all processes of a server, with PostgreSQL's. ``ratio`` is theirs
divided by ours: above 1 we spend less. A line that misses its target says so.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import runpy
import shutil
import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from benchmarks.machine import describe
from tests.support.mlflow import VERSION, environment
from tests.support.organisation import Organisation
from tests.support.postgres import PostgresServer
from tests.support.processes import ManagedProcess, free_port
from tests.support.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

# Name of the operation: the ratio of CPU to reach on SQLite, and on PostgreSQL.
TARGETS = {
    "get_model_version": (20, 10),
    "get_registered_model": (20, 10),
    "get_by_alias": (20, 10),
    "set_alias": (10, 5),
    "create_registered_model": (10, 5),
    "create_model_version": (10, 5),
    "create_model_version_hot": (10, 3),
    "search_models_page100": (10, 10),
    "search_models_like": (10, 10),
    "search_models_tag": (10, 10),
    "search_versions_by_name": (10, 10),
    "search_versions_tag": (10, 10),
}
SETTLES = 25  # seconds that the stock server stays busy after its first answer
CONNECTIONS = 8


@dataclass(frozen=True)
class Target:
    """A running server: its address, the processes to charge, and what its callers send."""

    name: str
    url: str
    pids: list[int]
    token: str = ""
    workspace: str = ""


def main() -> None:
    """Measure both and print a line per operation."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("operations", type=Path)
    options.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--models", type=int, default=1_000)
    options.add_argument("--seconds", type=float, default=3)
    chosen = options.parse_args()
    print(f"machine: {describe()}\ndatabase: {chosen.database}, MLflow {VERSION}", flush=True)
    rows: dict[str, dict[str, Any]] = {}
    resident: dict[str, int] = {}
    for server in (stock, ours):
        with server(chosen.database) as target:
            rows[target.name] = measured(target, chosen)
            resident[target.name] = sum(_resident(pid) for pid in target.pids)
    report(rows["stock"], rows["ours"], chosen.database)
    theirs, mine = resident["stock"] / 1024, resident["ours"] / 1024
    print(f"resident after the run: {theirs:.0f} / {mine:.0f} MiB, ratio {theirs / mine:.1f}")


@contextmanager
def stock(database: str) -> Iterator[Target]:
    """Run ``mlflow server`` in its own environment."""
    home, port = Path(tempfile.mkdtemp(prefix="muniment-benchmark-")), free_port()
    postgres = PostgresServer.start() if database == "postgres" else None
    store, drivers = f"sqlite:///{home / 'mlflow.db'}", list[str]()
    if postgres is not None:
        drivers = ["psycopg2-binary"]
        store = postgres.url(postgres.create()).replace("postgresql", "postgresql+psycopg2", 1)
    bin_folder = environment(*drivers) / "bin"
    command = [str(bin_folder / "mlflow"), "server", "--backend-store-uri", store]
    command += ["--artifacts-destination", str(home / "artifacts"), "--port", str(port)]
    process = ManagedProcess.start(
        command,
        name="mlflow",
        log=home / "log",
        cwd=home,
        env={
            "PATH": f"{bin_folder}:/usr/bin:/bin",
            "HOME": str(home),
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        },
    )
    try:
        process.wait_for_port(port, seconds=180)
        time.sleep(SETTLES)
        pids = [process.pid, *([postgres.process.pid] if postgres else [])]
        yield Target("stock", f"http://127.0.0.1:{port}", pids)
    finally:
        process.stop()
        if postgres is not None:
            postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def ours(database: str) -> Iterator[Target]:
    """Run an installation: web server and worker."""
    service = Service(folder=Path(tempfile.mkdtemp(prefix="muniment-benchmark-")))
    service.data.mkdir(mode=0o700)
    postgres = PostgresServer.start() if database == "postgres" else None
    service.settings["MUNIMENT_LOG_LEVEL"] = "ERROR"
    if postgres is not None:
        service.settings["MUNIMENT_DATABASE_URL"] = postgres.url(postgres.create())
    try:
        service.migrate()
        token = Organisation.found(service).tokens["author"]
        service.start_web()
        service.start_worker()
        pids = [process.pid for process in service.processes.values()]
        pids += [postgres.process.pid] if postgres else []
        yield Target("ours", service.base_url, pids, token, "assist-dev")
    finally:
        service.stop()
        if postgres is not None:
            postgres.stop()


def _resident(pid: int) -> int:
    """Return the proportional set size of a process and all its children, in KiB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it ended meanwhile
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own + sum(_resident(int(child)) for child in children)


def measured(target: Target, chosen: argparse.Namespace) -> dict[str, Any]:
    """Seed the server, run every operation; return what the generator reported of each."""
    with patch("asyncio.run", lambda coroutine: coroutine.close()):
        generator = runpy.run_path(str(chosen.operations))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows"
        asyncio.run(_drive(generator, target, chosen, out))
        found = [json.loads(line) for line in out.read_text().splitlines()]
    return {row["op"]: row for row in found}


async def _drive(
    generator: dict[str, Any], target: Target, chosen: argparse.Namespace, out: Path
) -> None:
    import aiohttp

    settings = argparse.Namespace(
        models=chosen.models,
        versions=1,
        conc_seed=CONNECTIONS,
        label=target.name,
        out=None,
        pid=target.pids,
        seedtag=None,
        token=target.token,
        header=[f"X-MLFLOW-WORKSPACE={target.workspace}"] if target.workspace else [],
    )
    context = generator["Ctx"](settings)
    async with aiohttp.ClientSession(
        headers=generator["headers"](settings), timeout=aiohttp.ClientTimeout(total=120)
    ) as session:
        await _prepare(generator, session, context, target)
        await generator["seed"](session, context, target.url)
        for name in TARGETS:
            settings.out = None
            await generator["one"](session, context, target.url, name, CONNECTIONS, 0.5)
            settings.out = str(out)
            await generator["one"](session, context, target.url, name, CONNECTIONS, chosen.seconds)


async def _prepare(generator: dict[str, Any], session: Any, context: Any, target: Target) -> None:
    """Make the run that versions come from: a name to us, who keep no runs of MLflow."""
    if target.name == "stock":
        await generator["prep"](session, context, target.url)
        return
    context.run_id = "benchmark"
    context.art = "mlflow-artifacts:/0/benchmark/artifacts"
    path = generator["P"] + "registered-models/create"
    await generator["must"](session, target.url, "POST", path, {"name": f"{context.tag}-hot"})


def report(stock_rows: dict[str, Any], our_rows: dict[str, Any], database: str) -> None:
    """Print both figures, the ratios, and the target where it is missed."""
    print(f"\n{'operation':<26}{'CPU ms':>16}{'ratio':>8}{'req/s':>16}{'ratio':>8}  target")
    lost, ratios = [], []
    for name, targets in TARGETS.items():
        theirs, mine = stock_rows[name], our_rows[name]
        target = targets[database == "postgres"]
        cpu = theirs["cpu_ms_per_req"] / max(mine["cpu_ms_per_req"], 0.01)
        rate = mine["rps"] / max(theirs["rps"], 0.01)
        ratios.append(cpu)
        missed = "" if cpu >= target else "  missed"
        lost += [name] if missed else []
        spent = f"{theirs['cpu_ms_per_req']:.1f} / {mine['cpu_ms_per_req']:.1f}"
        served = f"{theirs['rps']:.0f} / {mine['rps']:.0f}"
        print(f"{name:<26}{spent:>16}{cpu:>8.1f}{served:>16}{rate:>8.1f}  {target}x{missed}")
        if theirs["errors"] or mine["errors"]:
            print(f"  errors: stock {theirs['errors']}, ours {mine['errors']}")
    missed_all = ", ".join(lost) or "none"
    print(f"median ratio of CPU {statistics.median(ratios):.1f}; missed: {missed_all}")


if __name__ == "__main__":
    main()
