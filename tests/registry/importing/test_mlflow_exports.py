"""Exports of MLflow registries: versions with their past, once, and nothing overwritten."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from registry.models import Alias, AssetVersion, VersionOrigin, Workspace
from registry.queries.documents import export
from registry.services import descriptions
from tests.factories import administrator, make_workspace, member, token_client
from tests.registry.importing.lists import imported, send

pytestmark = pytest.mark.django_db
HEADER = {"format": "muniment.mlflow-export/1", "registry": "http://me:secret@mlflow.example"}
MODEL = {
    "type": "model",
    "name": "iris",
    "description": "Flowers",
    "tags": {"team": "a"},
    "aliases": {"champion": "3"},
}


def version(number: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "version",
        "name": "iris",
        "version": str(number),
        "source": "s3://bucket/iris",
        "run_id": "r1",
        "created_at": 1_700_000_000_000 + number,
        "run": {"params": {"depth": "3"}, "metrics": {"f1": 0.5, "loss": "nan"}},
        **more,
    }


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in (HEADER, *records))


@pytest.fixture
def client() -> APIClient:
    workspace: Workspace = make_workspace("lists")
    return token_client(member(workspace, "author"))


def test_versions_come_with_numbers_times_run_and_source(client: APIClient) -> None:
    report = imported(client, lines(MODEL, version(1), version(3)), format="mlflow")

    assert [row["ref"] for row in report["rows"]] == ["lists/model/iris/1", "lists/model/iris/2"]
    found = export(administrator(), "lists/model/iris/2")
    assert found["spec"]["extra"]["mlflow"] == {
        "registry": "http://mlflow.example",
        "version": "3",
        "created_at": "2023-11-14T22:13:20.003+00:00",
        "run_id": "r1",
    }
    assert found["spec"]["hyperparameters"] == {"depth": "3"}
    assert found["metrics"] == [{"name": "f1", "value": 0.5, "evaluator": "mlflow run r1"}]
    assert found["asset"] == {"description": "Flowers", "tags": {"team": "a"}}
    assert VersionOrigin.objects.get(version__number=2).run_id == "r1"
    assert any("loss" in note for note in report["rows"][0]["notes"])


def test_aliases_are_told_and_not_moved(client: APIClient) -> None:
    report = imported(client, lines(MODEL, version(3)), format="mlflow")

    assert (report["rows"][0]["aliases"], report["rows"][0]["aliases_left"]) == (
        ["champion"],
        ["champion"],
    )
    assert not Alias.objects.exists()


def test_importing_again_is_nothing_new_and_what_differs_there_is_told(client: APIClient) -> None:
    first = version(1, description="Old", tags={"x": "1"})
    imported(client, lines(MODEL, first), format="mlflow")
    ours = "lists/model/iris/1"
    descriptions.describe_version(actor=administrator(), version=ours, description="Mine")

    again = imported(client, lines(MODEL, first), format="mlflow")["rows"][0]
    moved = first | {"source": "s3://bucket/other", "tags": {"x": "2"}}
    other = imported(client, lines(MODEL, moved), format="mlflow")["rows"][0]

    assert (again["outcome"], again["kept"]) == ("unchanged", ["description"])
    assert (other["outcome"], other["follows"]) == ("created", ours)
    assert export(administrator(), ours)["description"] == "Mine"


def test_a_copy_is_linked_to_what_it_is_a_copy_of(client: APIClient) -> None:
    copy = version(1) | {"name": "copy", "source": "models:/iris/1"}

    imported(client, lines(MODEL, version(1), copy), format="mlflow")

    links = export(administrator(), "lists/model/copy/1")["links"]
    assert [(link["role"], link["to"]) for link in links] == [
        ("derived_from", "lists/model/iris/1")
    ]


def test_prompts_become_prompts(client: APIClient) -> None:
    tags = {"mlflow.prompt.is_prompt": "true", "mlflow.prompt.text": "Hi {{name}}", "tone": "kind"}
    told = {"type": "version", "name": "hi", "version": "1", "source": "dummy-source", "tags": tags}
    head = {"type": "model", "name": "hi", "tags": {"mlflow.prompt.is_prompt": "true"}}

    imported(client, lines(head, told), format="mlflow")

    found = export(administrator(), "lists/prompt/hi/1")
    assert found["spec"]["template"] == "Hi {{name}}"
    assert found["spec"]["variables"] == {"name": {"type": "string"}}
    assert found["tags"] == {
        "tone": "kind",
        "imported_from": "mlflow:http://mlflow.example/hi/1",
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"format": "other"}', "line 1: must say format"),
        ("[]", "line 1: must be a JSON object"),
        (lines() + "{", "line 2: "),
        (lines({"type": "thing"}), "line 2: is neither"),
        (lines(MODEL), "holds nothing"),
    ],
)
def test_what_is_no_export_is_refused(client: APIClient, content: str, expected: str) -> None:
    answer = send(client, content, format="mlflow")

    assert answer.status_code == 400
    assert expected in answer.json()["detail"]


def test_a_version_that_cannot_be_taken_is_told_by_its_line(client: APIClient) -> None:
    bad = version(1) | {"name": "a#b"}

    report = imported(client, lines(MODEL, version(1), bad), format="mlflow", mode="rows")

    assert [row["outcome"] for row in report["rows"]] == ["created", "failed"]
    assert report["rows"][1]["place"] == "line 4"
    assert report["rows"][1]["problems"][0]["field"] == "name"
    assert AssetVersion.objects.count() == 1
