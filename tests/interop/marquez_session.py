"""Everything that marquez-python can read, and what it is told where it wants to change something.

Run with the client's own Python: it prints one JSON document.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from marquez_client import MarquezClient, errors

LAKE, STORE = "s3://lake", "postgres://db:5432"


def refused(call: Any, *arguments: Any) -> str:
    """The status that a call fails with."""
    try:
        call(*arguments)
    except errors.APIError as error:
        return str(error.__cause__)[:3]
    return "done"


def reads(client: MarquezClient, run: str) -> dict[str, Any]:
    versions = client.list_dataset_versions(STORE, "public.orders")
    version = versions["versions"][0]["version"]
    return {
        "namespaces": client.list_namespaces(),
        "namespace": client.get_namespace(LAKE),
        "sources": client.list_sources(),
        "source": client.get_source(LAKE),
        "datasets": client.list_datasets(LAKE),
        "dataset": client.get_dataset(LAKE, "raw/orders"),
        "versions": versions,
        "version": client.get_dataset_version(STORE, "public.orders", version),
        "jobs": client.list_jobs("etl"),
        "page": client.list_jobs("etl", limit=1, offset=1),
        "job": client.get_job("etl", "load"),
        "runs": client.list_job_runs("etl", "load"),
        "run": client.get_job_run(run),
        "events": client.list_events(),
        "events_of": client.list_events("etl", limit=2),
        "tags": client.list_tags(),
        "by_dataset": client.get_column_lineage_by_dataset(STORE, "public.orders"),
        "by_version": client.get_column_lineage_by_dataset(STORE, "public.orders", version=version),
        "by_field": client.get_column_lineage_by_dataset_field(
            LAKE, "raw/orders", "amount", with_downstream=True
        ),
        "by_job": client.get_column_lineage_by_job("etl", "load"),
    }


def changes(client: MarquezClient, run: str) -> dict[str, str]:
    return {
        "namespace": refused(client.create_namespace, "new", "somebody"),
        "tag": refused(client.create_tag, "new"),
        "tagged": refused(client.tag_dataset, LAKE, "raw/orders", "pii"),
        "tagged_field": refused(client.tag_dataset_field, LAKE, "raw/orders", "amount", "pii"),
        "run": refused(client.create_job_run, "etl", "load"),
        "ended": refused(client.mark_job_run_as_failed, run),
    }


def main() -> None:
    url, given = sys.argv[1], json.loads(sys.argv[2])
    # The client keeps a key for all its instances: who has none comes first.
    nobody = refused(MarquezClient(f"{url}/marquez").list_jobs, "etl")
    stranger = MarquezClient(f"{url}/marquez", api_key=given["outsider"])
    foreign = {
        "namespaces": stranger.list_namespaces()["namespaces"],
        "dataset": refused(stranger.get_dataset, LAKE, "raw/orders"),
        "run": refused(stranger.get_job_run, given["run"]),
    }
    client = MarquezClient(f"{url}/marquez", api_key=given["reader"])
    saw = {
        "nobody": nobody,
        "foreign": foreign,
        "reads": reads(client, given["run"]),
        "changes": changes(client, given["run"]),
    }
    print(json.dumps(saw))


if __name__ == "__main__":
    main()
