"""The whole job over HTTP, step by step, with the tokens of four roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.journeys import assets
from tests.support.client import Answer, Client
from tests.support.organisation import Organisation
from tests.support.processes import wait_until

SOURCE = "assist-dev/flow/support-bot@candidate"


@dataclass
class Journey:
    """One walk; each step asserts what a user of that role would see."""

    organisation: Organisation
    author: Client = field(init=False)
    deployer: Client = field(init=False)
    approver: Client = field(init=False)
    auditor: Client = field(init=False)

    def __post_init__(self) -> None:
        for role in ("author", "deployer", "approver", "auditor"):
            setattr(self, role, self.organisation.client(role))

    def assign_policies(self) -> None:
        """As the administrator: the shipped policies hold in production, and refuse there."""
        self.organisation.service.manage("install_packs")
        administrator = self.organisation.client("administrator")
        for assignment in (
            {"policy": "azure_ml.private_endpoint", "effect": "deny"},
            {"set": "muniment-baseline", "effect": "deny"},
        ):
            body = {"scope": "workspace/assist-prod", **assignment}
            administrator.post("/api/policies/assignments/", body).expect(201)

    def register(self) -> None:
        """As the author: data, model, prompt, the flow that pins them, and its evaluation."""
        self._register(assets.dataset())
        model = self._register(assets.model())
        prompt = self._register(assets.prompt())
        self._register(assets.flow(model["digest"], prompt["digest"]))
        self._register(assets.result())

    def _register(self, body: dict[str, Any]) -> dict[str, Any]:
        registered: dict[str, Any] = (
            self.author.post("/api/registry/versions/", body).expect(201).json
        )
        return registered

    def submit_configuration(self, *, connection: str) -> None:
        """As the deployer: what the platform says of the production workspace."""
        body = assets.snapshot(connection=connection)
        self.deployer.post("/api/policies/snapshots/", body).expect(201)

    def promote(self) -> Answer:
        """As the deployer: ask for the flow in production."""
        return self.deployer.post(
            "/api/registry/promotions/",
            {
                "source": SOURCE,
                "target": "assist-prod",
                "alias": "production",
                "reason": "Evaluation reached every threshold",
            },
        )

    def expect_refused(self) -> None:
        """The pending private endpoint refuses, and the answer says so."""
        refused = self.promote().expect(409)
        assert refused.headers["content-type"].startswith("application/problem+json")
        assert refused.json["status"] == "refused"
        told = [
            reason
            for verdict in refused.json["verdicts"]
            if verdict["outcome"] == "refuse"
            for reason in verdict["reasons"]
        ]
        assert [reason["code"] for reason in told] == ["policy_denied"], told
        assert told[0]["detail"]["policy"] == "azure_ml.private_endpoint"
        assert told[0]["detail"]["state"] == "fail"
        assert told[0]["detail"]["findings"]

    def promote_with_approval(self) -> dict[str, Any]:
        """Ask, be told to wait, and have the approver agree; return the completed promotion."""
        waiting = self.promote().expect(201).json
        assert waiting["status"] == "awaiting_approval"
        approval = {
            "promotion": waiting["uuid"],
            "decision": "approved",
            "comment": "Reviewed the evaluation",
            "binding": waiting["binding"],
        }
        self.deployer.post("/api/registry/approvals/", approval).expect(403)
        completed: dict[str, Any] = (
            self.approver.post("/api/registry/approvals/", approval).expect(201).json
        )
        assert completed["status"] == "completed"
        assert completed["target_version"] == "assist-prod/flow/support-bot/1"
        return completed

    def expect_graph(self) -> None:
        """The graph leads from data over model and flow through the promotion to production."""
        wait_until(self._graph_is_whole, what="the lineage of production")

    def _graph_is_whole(self) -> bool:
        answer = self.auditor.get(
            "/api/lineage/graph/",
            node="assist-prod/flow/support-bot@production",
            direction="upstream",
            depth="10",
        ).expect(200)
        ref_of = {node["id"]: node["ref"] for node in answer.json["nodes"]}
        edges = {
            (ref_of[edge["from"]], edge["relation"], ref_of[edge["to"]])
            for edge in answer.json["edges"]
        }
        dev, prod = "assist-dev/{}/1", "assist-prod/{}/1"
        return edges >= {
            (dev.format("dataset/tickets"), "trained_on", dev.format("model/answerer")),
            (dev.format("model/answerer"), "uses_model", dev.format("flow/support-bot")),
            (dev.format("prompt/answer"), "uses_prompt", dev.format("flow/support-bot")),
            (dev.format("flow/support-bot"), "promoted", prod.format("flow/support-bot")),
        }

    def start_scan(self) -> str:
        """As the auditor: scan production."""
        body = {"workspaces": ["assist-prod"]}
        scan: str = self.auditor.post("/api/audits/scans/", body).expect(202).json["uuid"]
        return scan

    def finish_scan(self, scan: str, *, seconds: float = 120) -> dict[str, Any]:
        """Wait for the scan and return it."""

        def is_complete() -> bool:
            found = self.auditor.get(f"/api/audits/scans/{scan}/").expect(200).json
            assert found["status"] != "failed", found
            return bool(found["status"] == "completed")

        wait_until(is_complete, what="the scan", seconds=seconds)
        completed: dict[str, Any] = self.auditor.get(f"/api/audits/scans/{scan}/").json
        return completed

    def download_report(self, scan: str) -> dict[str, Answer]:
        """As the auditor: ask for the report, wait for it, download it in every format."""
        asked = self.auditor.post("/api/audits/reports/", {"scan": scan}).expect(202).json
        path = f"/api/audits/reports/{asked['uuid']}/"

        def is_complete() -> bool:
            found = self.auditor.get(path).expect(200).json
            assert found["status"] != "failed", found
            return bool(found["status"] == "completed")

        wait_until(is_complete, what="the report")
        return {
            name: self.auditor.get(f"{path}download/", format=name).expect(200)
            for name in ("json", "csv", "html")
        }

    def expect_trail(self) -> None:
        """The trail tells the whole story, in order."""
        entries = self.auditor.get("/api/audits/trail/", limit="200").expect(200).json["results"]
        told = [entry["action"] for entry in reversed(entries)]
        story = [
            "registry.version.registered",
            "registry.promotion.refused",
            "registry.promotion.requested",
            "registry.promotion.decided",
            "registry.promotion.completed",
            "audits.scan.completed",
            "audits.report.completed",
        ]
        places = [told.index(action) for action in story]
        assert places == sorted(places)
