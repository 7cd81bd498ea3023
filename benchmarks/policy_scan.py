"""What a scan of many configurations by many rules costs, beside a client that only asks OPA.

    python -m benchmarks.policy_scan [--engine opa|embedded] [--database sqlite|postgres]
        [--configurations N] [--rules N] [--workspaces N] [--profile]

The OPA server is the one that ``up --opa`` starts. With it the bare client comes first: one
kept-alive connection that posts the very inputs of the scan to the very policies, and throws the
answers away. Then the scan, through its
task: every decision, result and finding stored and journalled. Both are wall time, on the same OPA
in one run; the processor time of each process is printed beside it. Then the same scan again, of
which nothing may be evaluated, and promotions that the same rules judge.
"""

from __future__ import annotations

import argparse
import cProfile
import http.client
import json
import os
import pstats
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import machine, policy_estate
from benchmarks.installation import installation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor
    from registry.models import Workspace

PROMOTIONS = 100
OPA_TARGET, EMBEDDED_TARGET = 0.8, 40


@dataclass
class Cost:
    """Seconds of the wall clock, of this process, of its ended and living children, of OPA."""

    wall: float = 0.0
    own: float = 0.0
    engine: float = 0.0


@contextmanager
def costing(pids: list[int]) -> Iterator[Cost]:
    """Fill in what is used inside; ``pids`` are the processes of the engine."""
    cost = Cost()
    wall, own, engine = time.perf_counter(), time.process_time(), _processor_seconds(pids)
    yield cost
    cost.wall, cost.own = time.perf_counter() - wall, time.process_time() - own
    cost.engine = _processor_seconds(pids) - engine


def _processor_seconds(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def told(name: str, count: int, cost: Cost) -> None:
    """Print one line."""
    print(
        f"  {name}: {count / cost.wall:,.0f} configurations/s of wall time; CPU ms each: "
        f"{1000 * cost.own / count:.2f} this process, {1000 * cost.engine / count:.2f} the engine",
        flush=True,
    )


def scan(actor: Actor) -> dict[str, Any]:
    """Scan the organisation through the task; return its counts."""
    from audits.models import Scan
    from audits.services import scans
    from core import tasks

    started = scans.start(actor=actor)
    if not tasks.claim_and_run(task_uuid=started.task.uuid):
        raise RuntimeError("the scan's task could not be claimed")
    found = Scan.objects.select_related("task").get(pk=started.pk)
    if found.completed_at is None:
        raise RuntimeError(f"the scan did not complete: {found.task.error}")
    return {state: count for state, count in (found.counts or {}).items() if count}


def posts(places: list[Workspace]) -> tuple[str, list[bytes]]:
    """Return the address and the bodies by which OPA answers every rule for each configuration."""
    from django.utils import timezone

    from policies.documents import configuration_document, input_bytes
    from policies.engines import mounts
    from policies.engines.base import Bundle
    from policies.queries.assignments import rules_by_workspace
    from policies.queries.configurations import configurations_by_workspace

    rules = next(iter(rules_by_workspace(places[:1]).values()))
    bundle = Bundle(tuple(rule.policy_version.module for rule in rules))
    address = f"/v1/data/{mounts.survey_package(bundle).replace('.', '/')}/verdicts"
    now, bodies = timezone.now(), []
    for each in configurations_by_workspace(places).values():
        for found in each:
            document = configuration_document(found.snapshot)
            text = input_bytes(document, now=now, parameters={})
            bodies.append(b'{"input":' + text + b"}")
    return address, bodies


def post_all(url: str, address: str, bodies: list[bytes]) -> None:
    """Post every body over one connection, and read the answers."""
    from django.conf import settings

    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {settings.OPA_TOKEN}",
    }
    connection = http.client.HTTPConnection(url.partition("//")[2], timeout=30)
    for body in bodies:
        connection.request("POST", address, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200 or b'"result"' not in content:
            raise RuntimeError(f"OPA answered {answer.status} {content[:200]!r}")
    connection.close()


def post_bare(url: str, places: list[Workspace], *, pids: list[int]) -> Cost:
    """Measure the bare client and print what it cost."""
    address, bodies = posts(places)
    print(f"  an input has {sum(map(len, bodies)) / len(bodies):,.0f} bytes")
    post_all(url, address, bodies[:50])
    with costing(pids) as bare:
        post_all(url, address, bodies)
    told("bare client", len(bodies), bare)
    return bare


def warm(places: list[Workspace]) -> None:
    """Have the engine mount every rule before anything is timed; print how long it takes."""
    from policies.documents import configuration_document, input_bytes
    from policies.engines.base import Bundle
    from policies.queries.assignments import rules_by_workspace
    from policies.queries.configurations import configurations_by_workspace
    from policies.services.engine import engine

    rules = next(iter(rules_by_workspace(places[:1]).values()))
    bundle = Bundle(tuple(rule.policy_version.module for rule in rules))
    (first, *_) = configurations_by_workspace(places[:1])[places[0].pk]
    document = configuration_document(first.snapshot)
    text = input_bytes(document, now=first.snapshot.observed_at, parameters={}).decode()
    begin = time.perf_counter()
    engine().evaluate(bundle, packages=bundle.packages, input_json=text, deadline=30)
    took = time.perf_counter() - begin
    print(f"  first answer, {len(bundle.modules)} policies mounted: {took:.2f} s", flush=True)


def gate(actor: Actor, target: Workspace) -> None:
    """Promote many versions where the rules hold, and print how long each took."""
    from registry.services import versions, workspaces
    from registry.services.promotions.request import promote

    workspaces.create(actor=actor, slug="drafts", title="Drafts", stage="development")
    took, used = [], 0.0
    for number in range(PROMOTIONS):
        registered = versions.register(
            actor=actor,
            workspace="drafts",
            kind="prompt",
            name=f"prompt-{number}",
            spec={"type": "text", "template": f"Answer in {number} words."},
        )
        begin, own = time.perf_counter(), time.process_time()
        promote(
            actor=actor,
            source=f"drafts/prompt/prompt-{number}/{registered.version.number}",
            target=target.slug,
            reason="measured",
        )
        took.append(1000 * (time.perf_counter() - begin))
        used += time.process_time() - own
    took.sort()
    middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(
        f"  {PROMOTIONS} promotions past the gate: p50 {middle:.1f} ms, p95 {late:.1f} ms; "
        f"CPU ms each: {1000 * used / PROMOTIONS:.1f}"
    )


def compare(bare: Cost, first: Cost) -> None:
    """Print how the scan does beside the bare client."""
    busy = (bare.own + bare.engine) / (first.own + first.engine)
    print(
        f"  scan / bare client: {bare.wall / first.wall:.2f} of wall time, to reach "
        f"{OPA_TARGET}; {busy:.2f} of processor time"
    )


def measure(options: argparse.Namespace, *, url: str, pids: list[int]) -> None:
    """Set the estate up, scan it, and print what that cost."""
    from django.conf import settings

    from core.actors import Actor, Via
    from core.models import User
    from policies.models import Decision

    actor = Actor(User.objects.create_superuser("bench"), Via.COMMAND)
    policy_estate.assign_rules(actor, options.rules)
    settings.OPA_URL = url
    places = policy_estate.submit(actor, options.workspaces, options.configurations)
    count = options.configurations
    warm(places)
    if not url:
        from policies.services.engine import engine

        pids += engine().worker_pids()  # type: ignore[attr-defined]
    bare = post_bare(url, places, pids=pids) if url else Cost()
    profile = cProfile.Profile()
    if options.profile:
        profile.enable()
    with costing(pids) as first:
        counts = scan(actor)
    profile.disable()
    told("scan", count, first)
    stored = Decision.objects.count()
    print(f"  {json.dumps(counts)}, {stored:,} decisions stored")
    if url:
        compare(bare, first)
    else:
        rate = count / (first.own + first.engine)
        print(f"  {rate:,.1f} configurations per processor second, to reach {EMBEDDED_TARGET}")
    with costing(pids) as again:
        scan(actor)
    told("the same scan again", count, again)
    print(f"  {Decision.objects.count() - stored} evaluated anew")
    gate(actor, places[0])
    if options.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)


@contextmanager
def opa_server() -> Iterator[tuple[str, int]]:
    """Start OPA as ``up --opa`` does; yield its address and the id of its process."""
    from django.conf import settings

    from console import programs
    from tests.support.opa import opa_binary
    from tests.support.processes import ManagedProcess, free_port

    folder = Path(tempfile.mkdtemp(prefix="muniment-opa-"))
    port = free_port()
    program, reached = programs.opa(opa_binary(), port=port, data=folder)
    process = ManagedProcess.start(
        program.command,
        name="opa",
        log=folder / "opa.log",
        env={**os.environ, **program.environment},
        cwd=folder,
    )
    try:
        process.wait_for_port(port)
        settings.OPA_TOKEN = reached["MUNIMENT_OPA_TOKEN"]
        yield reached["MUNIMENT_OPA_URL"], process.pid
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("opa", "embedded"), default="opa")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--configurations", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=60)
    parser.add_argument("--workspaces", type=int, default=100)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with installation(options.database):
        print(f"{options.engine}, {options.database} on {machine.describe()}", flush=True)
        if options.engine == "embedded":
            measure(options, url="", pids=[])
            return
        with opa_server() as (url, pid):
            measure(options, url=url, pids=[pid])


if __name__ == "__main__":
    main()
