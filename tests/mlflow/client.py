"""A client of the protocol for tests: says what it sends, and returns what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.factories import token_client

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.models import Workspace

BASE = "/api/2.0/mlflow/"


class Wire:
    """Speaks as one account about one workspace."""

    def __init__(self, actor: Actor, workspace: Workspace | None = None, **limits: Any) -> None:
        self.http = token_client(actor, **limits)
        self.headers = {"X-MLFLOW-WORKSPACE": workspace.slug} if workspace else {}

    def send(self, method: str, route: str, *, base: str = BASE, **content: Any) -> Any:
        """Send one request; a GET's content is its query."""
        headers = self.headers | content.pop("headers", {})
        if method == "GET":
            return self.http.get(f"{base}{route}", content, headers=headers)
        sender = getattr(self.http, method.lower())
        return sender(f"{base}{route}", content, format="json", headers=headers)

    def ok(self, method: str, route: str, **content: Any) -> Any:
        """Send, expect success, return the document."""
        answer = self.send(method, route, **content)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def refused(self, method: str, route: str, **content: Any) -> tuple[int, str, str]:
        """Send, expect an error; return status, code and message."""
        answer = self.send(method, route, **content)
        document = answer.json()
        assert answer.status_code >= 400, document
        assert set(document) == {"error_code", "message"}
        return answer.status_code, document["error_code"], document["message"]

    # -- What most tests begin with --------------------------------------------------------------

    def make_model(self, name: str, **content: Any) -> Any:
        """Create a registered model."""
        created = self.ok("POST", "registered-models/create", name=name, **content)
        return created["registered_model"]

    def make_version(self, name: str, source: str = "s3://bucket/model", **content: Any) -> Any:
        """Register a version."""
        created = self.ok("POST", "model-versions/create", name=name, source=source, **content)
        return created["model_version"]

    def version(self, name: str, number: int | str) -> Any:
        """Show a version."""
        found = self.ok("GET", "model-versions/get", name=name, version=str(number))
        return found["model_version"]

    def model(self, name: str) -> Any:
        """Show a registered model."""
        return self.ok("GET", "registered-models/get", name=name)["registered_model"]


def tags(**values: str) -> list[dict[str, str]]:
    """Tags as the protocol writes them."""
    return [{"key": key, "value": value} for key, value in values.items()]


def read_tags(entity: Any) -> dict[str, str]:
    """Tags as a mapping."""
    return {tag["key"]: tag["value"] for tag in entity["tags"]}
