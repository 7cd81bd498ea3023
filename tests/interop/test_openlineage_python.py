"""The unmodified openlineage-python sends events to a running service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import (
    DatasetEvent,
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
    StaticDataset,
)
from openlineage.client.facet_v2 import nominal_time_run, schema_dataset
from openlineage.client.uuid import generate_new_uuid
from requests.exceptions import HTTPError

from tests.support.organisation import Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.interop]
PRODUCER = "https://producer.example/openlineage"
PLACE = {"Muniment-Workspace": "assist-dev"}
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def organisation(shared_service: Service) -> Organisation:
    made = Organisation.found(shared_service)
    shared_service.start_web()
    return made


def client(organisation: Organisation, *, token: str = "", **transport: Any) -> OpenLineageClient:
    config = {
        "type": "http",
        "url": organisation.service.base_url,
        "auth": {"type": "api_key", "apiKey": token or organisation.tokens["author"]},
        "custom_headers": PLACE,
        "timeout": 60,
        **transport,
    }
    return OpenLineageClient(config={"transport": config})


def run_events(name: str) -> list[RunEvent]:
    run = Run(
        runId=str(generate_new_uuid()),
        facets={
            "nominalTime": nominal_time_run.NominalTimeRunFacet(nominalStartTime=NOW.isoformat())
        },
    )
    columns = [schema_dataset.SchemaDatasetFacetFields(name="id", type="INT")]
    schema = schema_dataset.SchemaDatasetFacet(fields=columns)
    inputs = [InputDataset(namespace="s3://lake", name=f"{name}/raw", facets={"schema": schema})]
    outputs = [OutputDataset(namespace="s3://lake", name=f"{name}/clean")]
    return [
        RunEvent(
            eventTime=(NOW + timedelta(seconds=second)).isoformat(),
            producer=PRODUCER,
            eventType=state,
            run=run,
            job=Job(namespace="airflow", name=name),
            inputs=inputs,
            outputs=outputs,
        )
        for second, state in enumerate((RunState.START, RunState.COMPLETE))
    ]


def received(organisation: Organisation, job: str) -> list[dict[str, Any]]:
    answer = organisation.client("reader").get(f"/api/lineage/received/?job={job}")
    found: list[dict[str, Any]] = answer.expect(200).json["results"]
    return found


@pytest.mark.parametrize("compression", [None, "gzip"])
def test_the_synchronous_transport_sends_every_kind_of_event(
    organisation: Organisation, compression: str | None
) -> None:
    sender = client(organisation, compression=compression)
    nightly, declared, described = (
        f"{name}-{compression}" for name in ("nightly", "declared", "described")
    )
    for event in run_events(nightly):
        sender.emit(event)
    at = NOW.isoformat()
    job = Job(namespace="airflow", name=declared)
    sender.emit(JobEvent(eventTime=at, producer=PRODUCER, job=job, inputs=[], outputs=[]))
    dataset = StaticDataset(namespace="s3://lake", name=described)
    sender.emit(DatasetEvent(eventTime=at, producer=PRODUCER, dataset=dataset))
    sender.close()

    assert {row["event_type"] for row in received(organisation, nightly)} == {"START", "COMPLETE"}
    assert [row["kind"] for row in received(organisation, declared)] == ["JOB"]
    assert all(row["warnings"] == [] for row in received(organisation, nightly))
    rows = organisation.client("reader").get("/api/lineage/received/?kind=DATASET").json["results"]
    assert rows[0]["dataset"] == {"namespace": "s3://lake", "name": described}


def test_the_asynchronous_transport_loses_nothing(organisation: Organisation) -> None:
    sender = client(organisation, type="async_http", max_concurrent_requests=8)
    for number in range(25):
        for event in run_events(f"async-{number}"):
            sender.emit(event)
    assert sender.close(timeout=120)

    def arrived() -> int:
        query = "/api/lineage/received/?kind=RUN&page_size=100"
        rows = organisation.client("reader").get(query).json["results"]
        return sum(row["job"]["name"].startswith("async-") for row in rows)

    wait_until(lambda: arrived() == 50, what="50 events")


@pytest.mark.parametrize("token", ["mun_000000000000_wrong", "nonsense"])
def test_a_wrong_token_is_an_error_at_once(organisation: Organisation, token: str) -> None:
    sender = client(organisation, token=token)
    with pytest.raises(HTTPError) as caught:
        sender.emit(run_events("secret")[0])
    assert caught.value.response is not None
    assert caught.value.response.status_code == 401
    assert received(organisation, "secret") == []


def test_who_may_only_read_is_refused(organisation: Organisation) -> None:
    with pytest.raises(HTTPError) as caught:
        client(organisation, token=organisation.tokens["reader"]).emit(run_events("secret")[0])
    assert caught.value.response is not None
    assert caught.value.response.status_code == 403


def test_the_workspace_may_stand_in_the_address(organisation: Organisation) -> None:
    address = "api/v1/lineage?workspace=assist-dev"
    sender = client(organisation, endpoint=address, custom_headers={})
    sender.emit(run_events("addressed")[0])
    assert len(received(organisation, "addressed")) == 1


def test_a_busy_service_is_asked_again_by_the_client(organisation: Organisation) -> None:
    service = organisation.service
    service.settings["MUNIMENT_OPENLINEAGE_CONCURRENT"] = "0"
    (name,) = service.processes.keys() & {"web-1"}
    service.restart(name)
    service.wait_ready()
    transport: dict[str, Any] = {
        "retry": {"total": 1, "backoff_factor": 0.01, "status_forcelist": [503]}
    }
    with pytest.raises(Exception, match="503"):
        client(organisation, **transport).emit(run_events("later")[0])
    del service.settings["MUNIMENT_OPENLINEAGE_CONCURRENT"]
    service.restart(name)
    service.wait_ready()
    client(organisation).emit(run_events("later")[0])
    assert len(received(organisation, "later")) == 1
