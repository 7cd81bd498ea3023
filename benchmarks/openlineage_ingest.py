"""What it costs to receive OpenLineage events: validated, stored, and in the graph.

    python -m benchmarks.openlineage_ingest [--database sqlite|postgres] [--batches N] [--profile]

Each event has about 4 kB: two inputs with a schema of ten columns, one output with column lineage,
six facets on run and job. A batch of 100 holds START and COMPLETE of 50 new runs of 200 jobs over
500 datasets, and goes through the whole of the service: authentication, JSON, validation, rows,
edges, journal. Counted is the processor time of the service's process, fsync not included (it
waits); beside it the wall time, and for PostgreSQL the processor time of the server.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import machine
from benchmarks.installation import installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BATCH = 100
JOBS, DATASETS = 200, 500
PRODUCER = "https://github.com/OpenLineage/OpenLineage/tree/1.54.0/client/python"
SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
FACETS = "https://openlineage.io/spec/facets/1-0-0/"
START = datetime(2026, 3, 1, tzinfo=UTC)
COLUMNS = (
    "order_id", "customer_id", "created_at", "amount", "currency",
    "country", "channel", "discount", "status", "updated_at",
)  # fmt: skip
WARM_BATCHES = 5
TARGET = 1_000


def facet(kind: str, /, **body: Any) -> dict[str, Any]:
    """Return a facet that names its schema."""
    return {"_producer": PRODUCER, "_schemaURL": f"{FACETS}{kind}.json#/$defs/{kind}", **body}


def dataset(number: int, **facets: Any) -> dict[str, Any]:
    """Return one of the datasets with a schema of ten columns."""
    fields = [{"name": name, "type": "VARCHAR"} for name in COLUMNS]
    return {
        "namespace": "postgres://warehouse.internal:5432",
        "name": f"analytics.public.table_{number:04}",
        "facets": {"schema": facet("SchemaDatasetFacet", fields=fields), **facets},
    }


def column_lineage(source: dict[str, Any]) -> dict[str, Any]:
    """Return column lineage of two fields."""
    of = {"namespace": source["namespace"], "name": source["name"]}
    fields = {
        name: {"inputFields": [{**of, "field": name, "transformations": [{"type": "DIRECT"}]}]}
        for name in COLUMNS[:2]
    }
    return facet("ColumnLineageDatasetFacet", fields=fields)


def run(number: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    """Yield START and COMPLETE of a new run."""
    job = number % JOBS
    inputs = [dataset(place) for place in dice.sample(range(DATASETS), 2)]
    output = dataset(DATASETS + job, columnLineage=column_lineage(inputs[0]))
    facets = {
        "nominalTime": facet("NominalTimeRunFacet", nominalStartTime="2026-03-01T00:00:00Z"),
        "processing_engine": facet("ProcessingEngineRunFacet", version="3.5.1", name="spark"),
        "parent": facet(
            "ParentRunFacet",
            run={"runId": str(uuid.UUID(int=number // 50 + 1))},
            job={"namespace": "airflow", "name": f"dag_{job // 10}"},
        ),
    }
    own = {
        "jobType": facet("JobTypeJobFacet", processingType="BATCH", integration="SPARK"),
        "sql": facet("SQLJobFacet", query="SELECT order_id, customer_id FROM orders " * 4),
        "ownership": facet("OwnershipJobFacet", owners=[{"name": "team:data", "type": "OWNER"}]),
    }
    identity = str(uuid.UUID(int=dice.getrandbits(128), version=4))
    for second, kind in enumerate(("START", "COMPLETE")):
        yield {
            "eventType": kind,
            "eventTime": (START + timedelta(seconds=number * 2 + second)).isoformat(),
            "producer": PRODUCER,
            "schemaURL": SPEC,
            "run": {"runId": identity, "facets": facets},
            "job": {"namespace": "airflow", "name": f"dag_{job // 10}.task_{job}", "facets": own},
            "inputs": inputs,
            "outputs": [output],
        }


def batches(count: int) -> list[bytes]:
    """Return the bodies of ``count`` requests."""
    dice = random.Random(20260301)  # noqa: S311 - the same events in every run
    found = []
    for batch in range(count):
        numbers = range(batch * BATCH // 2, (batch + 1) * BATCH // 2)
        events = [event for number in numbers for event in run(number, dice)]
        found.append(json.dumps(events).encode())
    return found


def sender() -> Callable[[bytes], None]:
    """Return what sends a body as a producer with a token does."""
    from django.test import Client

    from core.actors import Actor, Via
    from core.models import User
    from registry.services import tokens, workspaces

    user = User.objects.create_superuser("bench")
    actor = Actor(user, Via.COMMAND)
    workspaces.create(actor=actor, slug="bench", title="Bench", stage="development")
    issued = tokens.issue(actor=actor, user=user)
    client = Client(headers={"Authorization": f"Bearer {issued.text}"})

    def send(body: bytes) -> None:
        response = client.generic(
            "POST",
            "/api/v1/lineage/batch?workspace=bench",
            body,
            content_type="application/json",
        )
        answer = response.json()
        if answer["summary"]["stored"] != BATCH or answer["warnings"]:
            raise RuntimeError(f"not all events were stored: {answer}")

    return send


def server_seconds() -> float:
    """Return the processor time of this database session's server process, if it has one."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / 100


def measure(count: int, *, is_profiled: bool) -> None:
    """Send everything and print what it cost."""
    send = sender()
    bodies = batches(WARM_BATCHES + count)
    for body in bodies[:WARM_BATCHES]:
        send(body)
    profile = cProfile.Profile()
    if is_profiled:
        profile.enable()
    wall, processor, server = time.perf_counter(), time.process_time(), server_seconds()
    for body in bodies[WARM_BATCHES:]:
        send(body)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    server = server_seconds() - server
    profile.disable()
    events = count * BATCH
    size = sum(map(len, bodies[WARM_BATCHES:])) / events
    print(f"{events} events of {size:,.0f} bytes in batches of {BATCH}")
    print(f"  {events / processor:,.0f} events per processor second of the service")
    if server:
        print(f"  {events / (processor + server):,.0f} with the processor time of PostgreSQL")
    print(f"  {events / wall:,.0f} events per second of wall time, one request at a time")
    print(f"  target {TARGET:,}: ratio {events / processor / TARGET:.2f}")
    print_rows()
    if is_profiled:
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)


def print_rows() -> None:
    """Print what is in the tables now, so that nobody need believe the rest."""
    from lineage.models import ColumnEdge, DatasetEdge, ReceivedEvent, Run

    counts = {
        model.__name__: model._default_manager.count()  # noqa: SLF001 - Django documents it
        for model in (ReceivedEvent, Run, DatasetEdge, ColumnEdge)
    }
    print("  rows: " + ", ".join(f"{name} {count:,}" for name, count in counts.items()))


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with installation(options.database):
        print(f"{options.database} on {machine.describe()}")
        measure(options.batches, is_profiled=options.profile)


if __name__ == "__main__":
    main()
