"""Lists of assets: what each row became, all or none or row by row, once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from core import tasks
from core.models import JournalEntry, Task
from registry.models import Alias, Asset, AssetVersion, Workspace
from registry.queries.documents import export
from registry.services import aliases, tags
from tests.factories import (
    administrator,
    grant,
    make_dataset,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.importing.lists import HEADER, IMPORTS, imported, model_line, send, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("lists")


@pytest.fixture
def client(workspace: Workspace) -> APIClient:
    return token_client(member(workspace, "author", username="list-author"))


def outcomes(report: Any) -> list[str]:
    return [row["outcome"] for row in report["rows"]]


def problems(report: Any) -> dict[str, list[str]]:
    return {
        row["place"]: [problem["field"] for problem in row["problems"]]
        for row in report["rows"]
        if row["problems"]
    }


def told(entry: JournalEntry) -> Any:
    return json.loads(bytes(entry.body))


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


def test_aliases_are_told_and_move_only_where_that_was_asked_for(
    client: APIClient, workspace: Workspace
) -> None:
    make_model(workspace, name="one", aliases=["blue"])
    content = table(f"{model_line('one')},blue; green", header=f"{HEADER},aliases")

    told = imported(client, content)["rows"][0]
    assert told["aliases_left"] == ["blue", "green"]
    assert Alias.objects.get(name="blue").version.number == 1

    moved = imported(client, content, move_aliases=True)["rows"][0]
    assert moved["aliases_left"] == []
    assert Alias.objects.get(name="blue").version.number == 2


def test_a_protected_alias_is_moved_by_the_alias_rules_only(
    client: APIClient, workspace: Workspace
) -> None:
    version = make_model(workspace, name="one")
    aliases.move(actor=administrator(), asset="lists/model/one", alias="production", to=1)
    content = table(f"{model_line('one')},production", header=f"{HEADER},aliases")

    report = imported(client, content, move_aliases=True)

    assert report["failed"] == 1
    assert not report["is_applied"]
    assert Alias.objects.get(name="production").version == version
    assert JournalEntry.objects.filter(action="core.access.denied").exists()


def test_a_row_goes_into_another_workspace_only_with_rights_there(
    client: APIClient, workspace: Workspace
) -> None:
    make_workspace("elsewhere")
    content = table(f"{model_line('one')},elsewhere", header=f"{HEADER},workspace")

    report = imported(client, content, mode="rows")

    assert problems(report) == {"line 2": ["workspace"]}
    assert not AssetVersion.objects.exists()


def test_a_narrowed_token_stays_narrow_in_the_background(workspace: Workspace) -> None:
    other, author = make_workspace("elsewhere"), member(workspace, "author")
    grant(author, other, "author")
    narrow = token_client(author, workspaces=[workspace.slug])
    content = table(f"{model_line('one')},elsewhere", header=f"{HEADER},workspace")

    report = imported(narrow, content, mode="rows")

    assert problems(report) == {"line 2": ["workspace"]}


def test_who_may_not_register_may_not_import_and_sees_nobodys_imports(
    client: APIClient, workspace: Workspace
) -> None:
    reader = token_client(member(workspace, "reader"))
    asked = send(client, table(model_line("one")))

    assert send(reader, table(model_line("one"))).status_code == 403
    assert reader.get(f"{IMPORTS}{asked.json()['uuid']}/").status_code == 404
    assert reader.get(IMPORTS).json()["results"] == []
    assert len(client.get(IMPORTS).json()["results"]) == 1


def test_the_journal_tells_of_the_import_and_where_each_version_came_from(
    client: APIClient,
) -> None:
    header = "kind,name,spec.type,spec.template"
    imported(client, table("prompt,p,text,Hello", header=header), source="prompts.csv")

    made = JournalEntry.objects.get(action="registry.version.registered")
    assert told(made)["data"]["origin"] == {"source": "csv:prompts.csv#line 2"}
    assert told(made)["reason"] == "imported from prompts.csv, line 2"
    done = JournalEntry.objects.get(action="registry.import.completed")
    data = told(done)["data"]
    assert (data["created"], data["source"]) == (1, "prompts.csv")


def test_a_request_that_is_sent_twice_imports_once(client: APIClient) -> None:
    key = {"Idempotency-Key": "import-1"}
    body = {"format": "csv", "workspace": "lists", "content": table(model_line("one"))}

    first = client.post(IMPORTS, body, format="json", headers=key)
    again = client.post(IMPORTS, body, format="json", headers=key)

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["uuid"] == again.json()["uuid"]


def test_an_import_that_was_cut_off_goes_on_and_makes_each_version_once(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = table(*(model_line(f"m{n}", uri=f"s3://models/{n}") for n in range(5)))
    task = send(client, content, mode="rows").json()["uuid"]
    progress = tasks.TaskRun.progress

    def dying(run: tasks.TaskRun, done: int, total: int, message: str = "") -> None:
        if done == 4:
            raise KeyboardInterrupt
        progress(run, done, total, message)

    monkeypatch.setattr(tasks.TaskRun, "progress", dying)
    with pytest.raises(KeyboardInterrupt):
        tasks.claim_and_run(task_uuid=task)
    assert AssetVersion.objects.count() == 3
    assert client.get(f"{IMPORTS}{task}/").json()["done"] == 3

    monkeypatch.setattr(tasks.TaskRun, "progress", progress)
    Task.objects.filter(uuid=task).update(lease_until=Task.objects.get(uuid=task).created_at)
    tasks.claim_and_run(task_uuid=task)

    report = client.get(f"{IMPORTS}{task}/").json()["report"]
    assert (report["unchanged"], report["created"], AssetVersion.objects.count()) == (3, 2, 5)


def test_six_hundred_rows_go_in_one_call(client: APIClient) -> None:
    lines = [model_line(f"m{n}", uri=f"s3://models/{n}") for n in range(600)]

    report = imported(client, table(*lines))

    assert (report["created"], report["failed"]) == (600, 0)
    assert reference(AssetVersion.objects.get(asset__name="m599")) == "lists/model/m599/1"
