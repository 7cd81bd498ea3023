"""Folders of Hugging Face: what their files say, and that nothing else is claimed."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from registry.models import AssetVersion
from registry.queries.documents import export
from tests.factories import administrator
from tests.registry.importing.hub import DIGEST, FILES, TOLD
from tests.registry.importing.lists import imported, send

pytestmark = pytest.mark.django_db


def folder(client: APIClient, files: Any = FILES, told: Any = TOLD, **more: Any) -> Any:
    report = imported(client, format="huggingface", files=files, told=told, **more)
    return report["rows"][0]


def document(row: Any) -> Any:
    return export(administrator(), row["ref"])


def test_a_model_has_what_its_files_say(client: APIClient) -> None:
    row = folder(client)

    found = document(row)
    assert row["ref"] == "lists/model/helper/1"
    extra = found["spec"].pop("extra")["huggingface"]
    assert found["spec"] == {
        "source": {
            "type": "uri",
            "uri": "hf://acme/helper@0123abc",
            "provider": "acme",
            "revision": "0123abc",
        },
        "task": "text-generation",
        "license": "Apache-2.0",
        "parameters": 7000,
        "context_length": 8192,
        "max_output_tokens": 512,
        "architecture": "LlamaForCausalLM",
        "framework": "transformers",
        "languages": ["en", "no"],
        "modalities": ["text"],
    }
    assert extra["tags"] == ["support"]
    assert found["artifacts"] == [
        {
            "path": "model.safetensors",
            "uri": "hf://acme/helper@0123abc/model.safetensors",
            "digest": f"sha256:{DIGEST}",
            "size": 12345,
            "media_type": "",
        }
    ]


def test_its_results_name_who_says_so(client: APIClient) -> None:
    row = folder(client)

    assert {(m["name"], m["value"], m["evaluator"]) for m in document(row)["metrics"]} == {
        ("accuracy (glue mrpc validation)", 0.91, "Open board https://board.example"),
        ("bleu", 27.5, "model-index of hf://acme/helper@0123abc"),
    }
    assert any("f1" in note for note in row["notes"])


def test_its_sections_become_the_fields_of_the_card(client: APIClient) -> None:
    card = document(folder(client))["card"]

    assert card["status"] == "draft"
    fields = card["fields"]
    assert set(fields) == {
        "summary",
        "intended_use",
        "out_of_scope_use",
        "limitations",
        "training_data",
    }
    assert fields["summary"] == "Answers questions of customers."
    assert fields["intended_use"] == "Support desks."
    assert fields["out_of_scope_use"] == "Medical advice."
    assert "# not a heading" in fields["limitations"]
    assert "Three epochs." in fields["training_data"]


def test_what_it_is_made_of_is_a_declared_reference_where_it_is_not_here(
    client: APIClient,
) -> None:
    row = folder(client)

    found = document(row)
    assert found["links"] == []
    assert found["spec"]["extra"]["huggingface"]["references"] == [
        {"role": "fine_tuned_from", "address": "hf://acme/base"},
        {"role": "trained_on", "address": "hf://datasets/acme/tickets"},
    ]
    assert sum("declared reference" in note for note in row["notes"]) == 2


def test_what_it_is_made_of_is_a_link_where_it_is_here(client: APIClient) -> None:
    base = {"README.md": "---\nlicense: mit\npipeline_tag: text-generation\n---\nA base."}
    folder(client, files=base, told={"repository": "acme/base"})
    data = {"README.md": "---\nlicense: cc0-1.0\ntask_categories: [other]\n---\nTickets."}
    told = {"repository": "acme/tickets", "personal_data": False}
    assert folder(client, files=data, told=told)["ref"] == "lists/dataset/tickets/1"

    found = document(folder(client))

    assert [(link["role"], link["to"]) for link in found["links"]] == [
        ("fine_tuned_from", "lists/model/base/1"),
        ("trained_on", "lists/dataset/tickets/1"),
    ]


def test_an_asset_of_the_same_name_that_is_something_else_is_no_link(client: APIClient) -> None:
    base = {"README.md": "---\nlicense: mit\n---\nA base."}
    folder(client, files=base, told={"repository": "other/base"})

    assert document(folder(client))["links"] == []


@pytest.mark.parametrize(
    ("front", "role"),
    [
        ("base_model: acme/base\nbase_model_relation: adapter", "adapter_of"),
        ("base_model: acme/base\nlibrary_name: peft", "adapter_of"),
        ("base_model: [acme/base, acme/other]", "merged_from"),
        ("base_model: acme/base\nbase_model_relation: quantized", "derived_from"),
    ],
)
def test_the_relation_to_the_base_is_told_or_the_hubs_own_guess(
    client: APIClient, front: str, role: str
) -> None:
    make = {"README.md": f"---\nlicense: mit\n{front}\n---\nText."}

    found = document(folder(client, files=make))

    references = found["spec"]["extra"]["huggingface"]["references"]
    assert {one["role"] for one in references} == {role}


def test_the_caller_may_say_which_version_is_meant(client: APIClient) -> None:
    base = {"README.md": "---\nlicense: mit\n---\nA base."}
    folder(client, files=base, told={"repository": "acme/v2", "name": "our-base"})

    row = folder(client, links={"acme/base": "lists/model/our-base/1"})

    assert document(row)["links"][0]["to"] == "lists/model/our-base/1"


def test_importing_again_is_nothing_new_and_another_revision_is_a_version(
    client: APIClient,
) -> None:
    folder(client)

    again = folder(client)
    newer = folder(client, told=TOLD | {"revision": "4567def"})

    assert again["outcome"] == "unchanged"
    assert (newer["ref"], newer["follows"]) == ("lists/model/helper/2", "lists/model/helper/1")
    assert AssetVersion.objects.count() == 2


def test_a_dataset_has_its_fields_and_counts(client: APIClient) -> None:
    card = """---
license: cc-by-4.0
language: de
task_categories: [text-classification]
configs:
  - config_name: default
    data_files: [{split: train, path: "data/train-*.parquet"}]
dataset_info:
  features:
    - {name: text, dtype: string}
    - {name: label, dtype: {class_label: {names: {"0": a}}}}
  splits:
    - {name: train, num_examples: 90, num_bytes: 1000}
    - {name: test, num_examples: 10, num_bytes: 100}
---
## Dataset Summary

Tickets.

## Personal and Sensitive Information

None.
"""
    told = {"repository": "acme/tickets", "personal_data": False}

    found = document(folder(client, files={"README.md": card}, told=told))

    spec = found["spec"]
    assert (spec["format"], spec["license"], spec["languages"]) == ("parquet", "CC-BY-4.0", ["de"])
    assert spec["fields"] == [
        {"name": "text", "type": "string"},
        {"name": "label", "type": "class_label"},
    ]
    assert spec["statistics"] == {
        "rows": 100,
        "bytes": 1100,
        "splits": {"train": 90, "test": 10},
    }
    assert found["card"]["fields"] == {"summary": "Tickets.", "consent": "None."}


@pytest.mark.parametrize(
    ("files", "told", "field"),
    [
        ({}, TOLD, "files"),
        ({"README.md": "Text"}, {}, "told.repository"),
        ({"README.md": "Text"}, {"repository": "acme/a", "kind": "dataset"}, "told.personal_data"),
        ({"README.md": "---\na: &x 1\n---\n"}, TOLD, "files.README.md"),
        ({"README.md": "---\n- a\n---\n"}, TOLD, "files.README.md"),
        ({"README.md": "", "config.json": "{"}, TOLD, "files.config.json"),
    ],
)
def test_what_is_missing_or_wrong_is_said_by_name(
    client: APIClient, files: Any, told: Any, field: str
) -> None:
    answer = send(client, format="huggingface", files=files, told=told)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_what_nobody_told_is_not_claimed(client: APIClient) -> None:
    row = folder(client, files={"README.md": "Just text."}, told={"repository": "acme/bare"})

    spec = document(row)["spec"]
    assert (spec["task"], spec["license"]) == ("unspecified", "NOASSERTION")
    assert len(row["notes"]) == 3
