"""Lists of assets: who may import what, where aliases end up, and what is done once."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from core import tasks
from core.models import JournalEntry, Task
from registry.models import Alias, AssetVersion, Workspace
from registry.services import aliases
from tests.factories import (
    administrator,
    grant,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.importing.lists import (
    HEADER,
    IMPORTS,
    imported,
    model_line,
    problems,
    send,
    table,
    told,
)

pytestmark = pytest.mark.django_db


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


@pytest.mark.slow
def test_six_hundred_rows_go_in_one_call(client: APIClient) -> None:
    lines = [model_line(f"m{n}", uri=f"s3://models/{n}") for n in range(600)]

    report = imported(client, table(*lines))

    assert (report["created"], report["failed"]) == (600, 0)
    assert reference(AssetVersion.objects.get(asset__name="m599")) == "lists/model/m599/1"
