"""What a graph of lineage costs here and in Marquez, on the same PostgreSQL, over the same jobs.

`python -m benchmarks.marquez_lineage [--pipelines N] [--depth N]`

Pipelines of 20 jobs, each of which reads what the one before it wrote, are received as OpenLineage
events. Then both answer what lies around a dataset in the middle of one pipeline. Ours is the whole
request in this process (middleware, token, access, the walk, every node with its fields and runs,
JSON), and the walk alone. Of Marquez it is its recursive query alone: the walk over the current
versions of all jobs, as its `LineageDao` does it, written anew over tables like its own. What its
server does besides (the way from dataset to job, datasets, runs, JSON) is not counted. Its server
itself is not run: Maven Central gave out no marquez-api.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from benchmarks.installation import installation
from benchmarks.machine import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LENGTH = 20  # jobs of a pipeline
NAMESPACE = "warehouse"
BATCH = 1_000
REPEATS = 30
ENOUGH = 30  # seconds

TABLES = """
CREATE SCHEMA peer;
CREATE TABLE peer.jobs AS
    SELECT uuid, gen_random_uuid() AS current_version, name FROM lineage_job;
CREATE TABLE peer.io AS
    SELECT jobs.current_version AS version, dataset.uuid AS dataset, touched.role
    FROM lineage_jobdataset touched
    JOIN lineage_job job ON job.id = touched.job_id JOIN peer.jobs ON jobs.uuid = job.uuid
    JOIN lineage_dataset dataset ON dataset.id = touched.dataset_id;
ALTER TABLE peer.jobs ADD PRIMARY KEY (uuid);
CREATE INDEX ON peer.io (version);
CREATE INDEX ON peer.io (dataset);
CREATE INDEX ON peer.jobs (current_version);
ANALYZE;
"""
WALK = """
WITH RECURSIVE touched AS (
    SELECT jobs.uuid AS job,
        array_agg(DISTINCT io.dataset) FILTER (WHERE io.role = 'input') AS inputs,
        array_agg(DISTINCT io.dataset) FILTER (WHERE io.role = 'output') AS outputs
    FROM peer.jobs LEFT JOIN peer.io ON io.version = jobs.current_version
    GROUP BY jobs.uuid
), walk AS (
    SELECT job, inputs, outputs, 0 AS depth FROM touched WHERE job = %s
    UNION
    SELECT next.job, next.inputs, next.outputs, walk.depth + 1
    FROM touched next, walk
    WHERE next.job <> walk.job AND walk.depth < %s
        AND (next.inputs || next.outputs) && (walk.inputs || walk.outputs)
)
SELECT DISTINCT ON (walk.job) walk.job, jobs.name, inputs, outputs
FROM walk JOIN peer.jobs ON jobs.uuid = walk.job
"""


@dataclass(frozen=True)
class Cost:
    """The medians of what one call took, in milliseconds, and of how many jobs it answered."""

    cpu: float
    wall: float
    jobs: float

    def __str__(self) -> str:
        return f"{self.wall:,.1f} ms ({self.cpu:,.1f} ms of CPU), {self.jobs:.0f} jobs"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pipelines", type=int, default=500)
    options.add_argument("--depth", type=int, default=LENGTH)
    chosen = options.parse_args()
    print(f"machine: {describe()}\ndatabase: PostgreSQL", flush=True)
    with installation("postgres"):
        started = time.perf_counter()
        token = load(chosen.pipelines)
        seconds = time.perf_counter() - started
        print(f"{chosen.pipelines * LENGTH:,} jobs received in {seconds:.0f} s", flush=True)
        ours = measure(our_calls(token, chosen.pipelines, chosen.depth))
        print(f"our request, depth {chosen.depth}: {ours}", flush=True)
        walk = measure(our_walks(chosen.pipelines, chosen.depth))
        print(f"our walk alone, depth {chosen.depth}: {walk}", flush=True)
        theirs = measure(their_calls(chosen.pipelines, chosen.depth))
        print(f"Marquez's recursive query, depth {chosen.depth}: {theirs}")
        for name, cost in (("query to query", walk), ("its query to our request", ours)):
            times, cpu = theirs.wall / cost.wall, theirs.cpu / cost.cpu
            print(f"ratio, {name}: {times:.0f} by time, {cpu:.0f} by CPU")


def load(pipelines: int) -> str:
    """Receive one complete run of every job; return the token of somebody who may read them."""
    from core.actors import Actor, Via
    from core.models import User
    from lineage.services.receiving import receive
    from registry.services import members, tokens, workspaces

    administrator = Actor(User.objects.create_superuser("administrator"), Via.COMMAND)
    workspaces.create(actor=administrator, slug="lab", title="Lab", stage="development")
    reader = User.objects.create_user("reader")
    members.grant(actor=administrator, workspace="lab", role="reader", username="reader")
    events = [event(number, place) for number in range(pipelines) for place in range(LENGTH)]
    for start in range(0, len(events), BATCH):
        receipt = receive(administrator, "lab", events[start : start + BATCH])
        assert not receipt.refusals
    execute(TABLES)
    return tokens.issue(actor=administrator, user=reader).text


def event(number: int, place: int) -> dict[str, Any]:
    """The end of a run of the job at a place of a pipeline."""
    fields = [{"name": f"column_{index}", "type": "VARCHAR"} for index in range(5)]
    facet = {"_producer": "urn:benchmark", "_schemaURL": "urn:benchmark:schema", "fields": fields}
    return {
        "eventType": "COMPLETE",
        "eventTime": "2026-01-01T00:00:00Z",
        "producer": "urn:benchmark",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": str(UUID(int=number * LENGTH + place + 1))},
        "job": {"namespace": NAMESPACE, "name": f"pipeline_{number}.job_{place}"},
        "inputs": [{"namespace": NAMESPACE, "name": table(number, place)}],
        "outputs": [
            {"namespace": NAMESPACE, "name": table(number, place + 1), "facets": {"schema": facet}}
        ],
    }


def table(number: int, place: int) -> str:
    """The name of the dataset before the job at a place of a pipeline."""
    return f"schema_{number}.table_{place}"


def our_calls(token: str, pipelines: int, depth: int) -> Iterator[Callable[[], int]]:
    """Return calls that answer how many jobs they were told, each of another pipeline."""
    from django.test import Client

    client = Client(headers={"Authorization": f"Bearer {token}", "Host": "localhost"})
    for number in steps(pipelines):
        node = f"dataset:{NAMESPACE}:{table(number, LENGTH // 2)}"
        address = f"/marquez/api/v1/lineage?{urlencode({'nodeId': node, 'depth': depth})}"

        def call(address: str = address) -> int:
            graph = json.loads(client.get(address).content)["graph"]
            return sum(item["type"] == "JOB" for item in graph)

        yield call


def our_walks(pipelines: int, depth: int) -> Iterator[Callable[[], int]]:
    """Return the like walks over the same rows, of the same reader, without what is told of each
    node: what Marquez's query answers."""
    from core.actors import Actor, Via
    from core.models import User
    from lineage.models import Dataset
    from lineage.queries import pipelines as walks

    reader = Actor(User.objects.get(username="reader"), Via.COMMAND)
    for number in steps(pipelines):
        name = table(number, LENGTH // 2)
        root = Dataset.objects.values_list("pk", flat=True).get(namespace=NAMESPACE, name=name)

        def call(root: int = root) -> int:
            return len(walks.around(reader, dataset=root, depth=depth).jobs)

        yield call


def their_calls(pipelines: int, depth: int) -> Iterator[Callable[[], int]]:
    """Return the like calls of Marquez's query, from the job that wrote the dataset."""
    from lineage.models import Job

    for number in steps(pipelines):
        name = f"pipeline_{number}.job_{LENGTH // 2 - 1}"
        root = Job.objects.values_list("uuid", flat=True).get(name=name)

        def call(root: UUID = root) -> int:
            return len(execute(WALK, [root, depth]))

        yield call


def steps(pipelines: int) -> Iterator[int]:
    """Return the numbers of the pipelines to ask for, spread over all."""
    return iter(range(0, pipelines, max(pipelines // REPEATS, 1)))


def execute(sql: str, values: list[Any] | None = None) -> list[Any]:
    """Run statements; return the rows of the last one that has any."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []


def measure(calls: Iterator[Callable[[], int]]) -> Cost:
    """Return what the calls cost, the first left out: it fills the caches."""
    from benchmarks.registry_scale import database_session, spent

    next(calls)()
    there = database_session()
    walls, cpus, jobs = [], [], []
    for call in calls:
        wall, cpu, before = time.perf_counter(), time.process_time(), spent(there)
        jobs.append(call())
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu + spent(there) - before)
        if sum(walls) > ENOUGH:
            break
    medians = (statistics.median(values) for values in (cpus, walls))
    cpu, wall = (value * 1e3 for value in medians)
    return Cost(cpu, wall, statistics.median(jobs))


if __name__ == "__main__":
    main()
