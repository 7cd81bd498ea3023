"""Lists of assets: what each row became, all or none or row by row, once."""

from __future__ import annotations

import json

import pytest
from rest_framework.test import APIClient

from core.models import JournalEntry, Task
from registry.models import Asset, AssetVersion, Workspace
from registry.queries.documents import export
from registry.services import tags
from tests.factories import (
    administrator,
    make_dataset,
)
from tests.registry.importing.lists import (
    HEADER,
    imported,
    model_line,
    outcomes,
    problems,
    send,
    table,
)

pytestmark = pytest.mark.django_db


def test_a_row_becomes_a_version_with_all_that_its_columns_say(
    client: APIClient, workspace: Workspace
) -> None:
    make_dataset(workspace, name="tickets")
    header = (
        f"{HEADER},spec.parameters,spec.languages,description,version_description,owner,"
        "tags.team,asset_tags.tier,links.trained_on,metrics.f1,metrics.grounded[judge-1],"
        "card.intended_use"
    )
    line = (
        f"{model_line('seven')},7000000000,en; de,Answers,First,list-author,support,gold,"
        'lists/dataset/tickets/1,0.5,0.75,"Answers, briefly."'
    )

    report = imported(client, table(line, header=header), source="assets.csv")

    assert (report["created"], report["is_applied"]) == (1, True)
    document = export(administrator(), report["rows"][0]["ref"])
    assert document["spec"]["parameters"] == 7_000_000_000
    assert document["spec"]["languages"] == ["en", "de"]
    assert document["asset"] == {"description": "Answers", "tags": {"tier": "gold"}}
    assert (document["description"], document["tags"]) == ("First", {"team": "support"})
    assert [link["role"] for link in document["links"]] == ["trained_on"]
    assert {(m["name"], m["value"], m["evaluator"]) for m in document["metrics"]} == {
        ("f1", 0.5, ""),
        ("grounded", 0.75, "judge-1"),
    }
    assert document["card"]["fields"] == {"intended_use": "Answers, briefly."}
    owner = Asset.objects.get(name="seven").owners.get()
    assert owner.user is not None
    assert owner.user.username == "list-author"


def test_a_json_list_says_the_same_with_objects(client: APIClient) -> None:
    spec = {"type": "text", "template": "Say hello."}
    rows = [
        {"kind": "prompt", "name": "a", "spec": spec, "tags": {"team": "x"}},
        {"kind": "prompt", "name": "b", "spec.type": "text", "spec.template": "Bye."},
    ]

    report = imported(client, rows, format="json")
    again = imported(client, json.dumps(rows), format="json")

    assert outcomes(report) == ["created", "created"]
    assert outcomes(again) == ["unchanged", "unchanged"]


def test_importing_again_makes_nothing_new_and_a_changed_row_makes_a_version(
    client: APIClient,
) -> None:
    imported(client, table(model_line("one"), model_line("two")))

    report = imported(client, table(model_line("one"), model_line("two", uri="s3://models/b")))

    assert outcomes(report) == ["unchanged", "created"]
    assert report["rows"][1]["ref"] == "lists/model/two/2"


def test_what_stands_beside_a_version_and_differs_is_kept_and_told(
    client: APIClient, workspace: Workspace
) -> None:
    header = f"{HEADER},tags.team,description"
    content = table(f"{model_line('one')},support,Old", header=header)
    imported(client, content)
    admin = administrator()
    tags.set_version_tag(actor=admin, version="lists/model/one/1", key="team", value="sales")

    report = imported(client, content)

    assert report["rows"][0]["kept"] == ["tags.team"]
    assert export(admin, "lists/model/one/1")["tags"] == {"team": "sales"}


def test_one_wrong_row_registers_nothing_and_every_wrong_row_is_told(client: APIClient) -> None:
    content = table(
        model_line("good"),
        model_line("a/b"),
        "model,worse,uri,s3://a,Acme,,MIT",
        "model,short",
        "nonsense,other,,,,,",
    )

    report = imported(client, content)

    assert not report["is_applied"]
    assert outcomes(report) == ["created", "failed", "failed", "failed", "failed"]
    told = problems(report)
    assert told["line 3"] == ["name"]
    assert told["line 4"] == ["spec"]
    assert told["line 5"] == [""]
    assert told["line 6"] == ["kind"]
    assert not AssetVersion.objects.exists()


def test_row_by_row_the_good_ones_are_registered(client: APIClient) -> None:
    report = imported(client, table(model_line("good"), model_line("a/b")), mode="rows")

    assert (report["created"], report["failed"], report["is_applied"]) == (1, 1, True)
    assert [asset.name for asset in Asset.objects.all()] == ["good"]


def test_a_dry_run_answers_the_same_and_writes_nothing(client: APIClient) -> None:
    before = JournalEntry.objects.count()

    answer = send(client, table(model_line("good"), model_line("a/b")), dry_run=True)

    assert answer.status_code == 200, answer.content
    report = answer.json()
    assert outcomes(report) == ["created", "failed"]
    assert (report["is_dry_run"], report["is_applied"]) == (True, False)
    assert not AssetVersion.objects.exists()
    assert JournalEntry.objects.count() == before
    assert not Task.objects.filter(name="registry.import_assets").exists()


def test_a_row_may_link_to_an_earlier_row(client: APIClient) -> None:
    base, tuned = model_line("base"), model_line("tuned", uri="s3://models/t")
    content = table(
        f"{base},", f"{tuned},lists/model/base/1", header=f"{HEADER},links.fine_tuned_from"
    )

    report = imported(client, content)

    assert outcomes(report) == ["created", "created"], report


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "must name every column"),
        ("kind,name,colour\n", "'colour' is no column"),
        ("kind,name,kind\n", "stands twice"),
        ("kind,spec\n", "the column 'name' is missing"),
        (f"{HEADER}\n", "holds nothing"),
        (f'{HEADER}\n"open', "is not CSV"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_as_a_whole(
    client: APIClient, content: str, expected: str
) -> None:
    answer = send(client, content)

    assert answer.status_code == 400
    assert expected in answer.json()["detail"]


def test_a_cell_that_is_not_what_its_field_needs_says_so(client: APIClient) -> None:
    header = f"{HEADER},spec.parameters,metrics.f1,tags"
    lines = (f"{model_line('m')},many,nan,[]", f'{model_line("n")},1,1,"{{""a"":""\\u0000""}}"')

    report = imported(client, table(*lines, header=header), mode="rows")

    assert problems(report) == {
        "line 2": ["tags", "metrics.f1", "spec.parameters"],
        "line 3": ["tags.a"],
    }
