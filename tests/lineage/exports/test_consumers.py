"""Exports in the hands of the consumers' own libraries."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lineage.services.exporting import export
from lineage.services.receiving import receive
from tests import factories
from tests.lineage.graph.test_outside import located
from tests.lineage.received.events import dataset, run_event
from tests.lineage.receiver import served
from tests.lineage.steps import approve, promote, tell
from tests.support import catalogues

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.interop]
SCRIPTS = Path(__file__).parent / "consumers"


@pytest.fixture
def exported() -> Any:
    """A function that exports data, model, prompt, flow, evaluation and their promotion, and what
    a job of others wrote where the data lies."""
    dev = factories.make_workspace("dev")
    prod = factories.make_workspace("prod", stage="production", required_approvals=1)
    event = run_event(
        job="dag.load (all)",
        inputs=[dataset("raw, (1)")],
        outputs=[dataset("tickets.jsonl", namespace="s3://lake")],
    )
    receive(factories.member(dev, "author"), "dev", [event])
    data = located(dev, "s3://lake/tickets.jsonl", name="tickets é (1), v1.0")
    model = factories.make_model(dev, trained_on=[data], name="llm")
    flow = factories.make_flow(dev, [model, factories.make_prompt(dev, name="ask")], name="bot")
    factories.make_result(dev, flow, name="eval")
    approve(promote(flow, prod))
    tell()
    admin, ref = factories.administrator(), factories.reference(data)
    return lambda target: export(admin, target, ref).document


def test_datahub_reads_every_proposal_and_the_same_edges(exported: Any) -> None:
    given = json.dumps(exported("datahub"))

    said = catalogues.run("acryl-datahub-1.7.0.17", SCRIPTS / "datahub_reads.py", given=given)

    found = json.loads(said.splitlines()[-1])
    assert ["dev/model/llm/1", "COPY", "prod/model/llm/1"] in found["edges"]
    assert ["dev/model/llm/1", "TRANSFORMED", "dev/flow/bot/1"] in found["edges"]
    data = "dev/dataset/tickets%20%C3%A9%20%281%29%2C%20v1.0/1"
    assert [data, "TRANSFORMED", "dev/model/llm/1"] in found["edges"]
    assert ["lake/tickets.jsonl", "TRANSFORMED", data] in found["edges"]
    raw = "raw%2C %281%29"
    assert [raw, "TRANSFORMED", "lake/tickets.jsonl"] in found["edges"]
    assert found["jobs"] == [["dag.load %28all%29", [raw, "lake/tickets.jsonl"]]]
    assert len(found["names"]) == 8


def test_openmetadata_accepts_every_request_and_each_edge_has_its_ends(exported: Any) -> None:
    given = json.dumps(exported("openmetadata"))

    said = catalogues.run("openmetadata-2.0.7.0", SCRIPTS / "openmetadata_reads.py", given=given)

    found = json.loads(said.splitlines()[-1])
    assert found["entities"] == 6 + 2 + 1  # versions, datasets outside, a job
    assert len(found["edges"]) == 6 + 2 + 2


class Atlas(BaseHTTPRequestHandler):
    """Answers as Atlas does, and keeps what it was sent, by path."""

    got: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        self._answer([{"category": "ENTITY", "name": name} for name in ("DataSet", "Process")])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got[self.path] = json.loads(body)
        self._answer({"guidAssignments": {}})

    def _answer(self, told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


def test_pyapacheatlas_uploads_types_and_entities(exported: Any) -> None:
    document = exported("atlas")
    with served(Atlas) as address:
        script = SCRIPTS / "atlas_sends.py"
        url = f"{address}/api/atlas/v2"
        catalogues.run("pyapacheatlas-0.16.0", script, url, given=json.dumps(document))

    assert Atlas.got["/api/atlas/v2/entity/bulk"]["entities"] == document["entities"]
    types = Atlas.got["/api/atlas/v2/types/typedefs"]["entityDefs"]
    assert [each["name"] for each in types] == [
        "muniment_version",
        "muniment_dataset",
        "muniment_process",
    ]
