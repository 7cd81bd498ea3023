"""Versions as documents: what is exported can be imported, and is the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import JournalEntry
from core.plain_yaml import dumps, loads
from registry.models import Alias, Asset, AssetVersion, Card, Workspace
from registry.queries.documents import export
from registry.services import aliases, cards, descriptions, tags
from tests.core.test_plain_yaml import JSON, TEXT
from tests.factories import (
    PROMPT_SPEC,
    administrator,
    grant,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    make_result,
    make_version,
    make_workspace,
    member,
    token_client,
)
from tests.registry.composed import (
    make_agent,
    make_application,
    make_connection,
    make_index,
    make_tool,
)

pytestmark = pytest.mark.django_db
IMPORT = "/api/registry/versions/import/"
VALIDATE = "/api/registry/versions/validate/"
BYTES = {"path": "w.safetensors", "uri": "s3://models/w", "digest": "sha256:" + "0" * 64, "size": 5}
MAKERS: dict[str, Any] = {
    "model": lambda place: make_model(
        place, trained_on=[make_dataset(place)], artifacts=[BYTES], aliases=["candidate"]
    ),
    "prompt": make_prompt,
    "dataset": make_dataset,
    "result": lambda place: make_result(place, make_model(place)),
    "flow": lambda place: make_flow(place, [make_model(place), make_prompt(place)]),
    "index": make_index,
    "tool": make_tool,
    "agent": make_agent,
    "connection": make_connection,
    "application": make_application,
}


def post(body: Any, *, to: str = IMPORT, query: str = "", client: Any = None) -> Any:
    """Send a document: text as YAML, anything else as JSON."""
    client = client or token_client(administrator())
    if isinstance(body, str):
        return client.post(to + query, body, content_type="application/yaml")
    return client.post(to + query, body, format="json")


def exported(version: AssetVersion, form: str = "yaml") -> Any:
    client = token_client(administrator())
    answer = client.get(f"/api/registry/versions/{version.uuid}/export/?as={form}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_comes_back_with_its_digest_in_another_workspace(kind: str, form: str) -> None:
    version = MAKERS[kind](make_workspace())
    other = make_workspace()
    text = exported(version, form)

    answer = post(text if form == "yaml" else json.loads(text), query=f"?workspace={other.slug}")

    assert answer.status_code == 201, answer.content
    copy = AssetVersion.objects.get(uuid=answer.json()["version"]["uuid"])
    assert copy.asset.workspace == other
    assert copy.digest == version.digest
    again = export(administrator(), copy.uuid)
    mine = export(administrator(), version.uuid)
    for member_name in ("kind", "name", "spec", "links", "metrics", "artifacts", "aliases"):
        assert again[member_name] == mine[member_name]


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(extra=st.dictionaries(TEXT, JSON, max_size=5), text=TEXT, yaml=st.booleans())
def test_any_content_comes_back_with_its_digest(
    extra: dict[str, Any], text: str, yaml: bool
) -> None:
    spec = PROMPT_SPEC | {"purpose": text, "extra": extra}
    version = make_prompt(make_workspace(), spec=spec)
    document = export(administrator(), version.uuid)
    body = dumps(document) if yaml else document

    answer = post(body, query=f"?workspace={make_workspace().slug}")

    assert answer.status_code == 201, answer.content
    assert answer.json()["version"]["digest"] == version.digest


def test_what_stands_beside_a_version_comes_along_and_its_card_is_a_draft() -> None:
    dev, other, admin = make_workspace(), make_workspace(), administrator()
    version = make_prompt(dev, name="greeting")
    tags.set_asset_tag(actor=admin, asset=version.asset.uuid, key="team", value="support")
    tags.set_version_tag(actor=admin, version=version.uuid, key="build", value=" 0815\n")
    descriptions.describe_asset(actor=admin, asset=version.asset.uuid, description="Says hello.")
    descriptions.describe_version(actor=admin, version=version.uuid, description="Shorter.")
    cards.write(actor=admin, version=version.uuid, fields={"summary": "A greeting."})
    cards.submit(actor=admin, version=version.uuid)

    answer = post(exported(version), query=f"?workspace={other.slug}")

    copy = export(admin, answer.json()["version"]["ref"])
    assert copy["asset"] == {"description": "Says hello.", "tags": {"team": "support"}}
    assert (copy["description"], copy["tags"]) == ("Shorter.", {"build": " 0815\n"})
    assert copy["card"] == {"status": "draft", "fields": {"summary": "A greeting."}}


def test_importing_twice_is_importing_once() -> None:
    version = make_prompt(make_workspace())
    cards.write(actor=administrator(), version=version.uuid, fields={"summary": "x"})
    text = exported(version)
    changes = JournalEntry.objects.exclude(action__startswith="registry.token")
    before = changes.count()

    answer = post(text)

    assert answer.status_code == 200
    assert answer.json()["version"]["uuid"] == str(version.uuid)
    assert changes.count() == before
    assert post(text, query="?if_same=new").json()["version"]["number"] == 2


def test_an_import_moves_no_alias_and_tells_which_it_left() -> None:
    place = make_workspace()
    first = make_prompt(place, name="p", aliases=["live", "kept"])
    text = exported(first)
    make_version(place, "prompt", PROMPT_SPEC | {"purpose": "other"}, name="p", aliases=["live"])
    admin = administrator()
    aliases.move(actor=admin, asset=f"{place.slug}/prompt/p", alias="kept", to=None)

    answer = post(text)

    assert answer.json()["aliases_left"] == ["live"]
    points = dict(Alias.objects.values_list("name", "version__number"))
    assert points == {"live": 2, "kept": 1}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"format": "muniment.version/2"}, "format"),
        ({"digest": "sha256:" + "1" * 64}, "digest"),
        ({"workspace": "nowhere"}, "workspace"),
        ({"kind": "spell"}, "kind"),
        ({"name": "a/b"}, "name"),
        ({"spec": {"type": "text"}}, "spec"),
        ({"links": [{"role": "derived_from", "to": None}]}, "links[0].to"),
        ({"tags": {"a": 5}}, "tags.a"),
        ({"tags": {" ": "x"}}, "key"),
        ({"card": {"fields": {"colour": "blue"}}}, "fields"),
        ({"unknown": 1}, "unknown"),
    ],
    ids=str,
)
def test_a_wrong_document_is_told_and_nothing_of_it_is_written(
    change: dict[str, Any], field: str
) -> None:
    version = make_prompt(make_workspace())
    document = export(administrator(), version.uuid) | {"name": "another"}

    answer = post(document | change)

    assert answer.status_code == 400, answer.content
    assert field in [error["field"] for error in answer.json()["errors"]], answer.content
    assert AssetVersion.objects.count() == 1
    assert not Asset.objects.filter(name="another").exists()
    assert not Card.objects.exists()


def test_a_link_must_lead_to_the_content_that_the_document_names() -> None:
    place = make_workspace()
    data = make_dataset(place)
    document = export(administrator(), make_model(place, trained_on=[data]).uuid)
    document["links"][0]["digest"] = "sha256:" + "2" * 64

    answer = post(document | {"name": "other"})

    assert answer.json()["errors"][0]["field"] == "links[0].digest"


def test_a_link_into_a_hidden_workspace_is_not_exported() -> None:
    hidden, shown = make_workspace(), make_workspace()
    version = make_model(shown, trained_on=[make_dataset(hidden)])

    document = export(member(shown, "reader"), version.uuid)

    assert document["links"] == [{"role": "trained_on", "to": None, "digest": None}]


def draft(place: Workspace, **changes: Any) -> dict[str, Any]:
    return {
        "workspace": place.slug,
        "kind": "prompt",
        "name": "validated",
        "spec": PROMPT_SPEC,
        **changes,
    }


def test_validating_answers_what_registering_would_and_writes_nothing() -> None:
    place = make_workspace()
    client = token_client(member(place, "author"))
    entries = JournalEntry.objects.count()

    told = client.post(VALIDATE, draft(place, aliases=["live"]), format="json")

    assert told.status_code == 200
    assert not Asset.objects.exists()
    assert not Alias.objects.exists()
    assert JournalEntry.objects.count() == entries
    made = client.post("/api/registry/versions/", draft(place), format="json").json()
    assert (told.json()["digest"], told.json()["number"]) == (made["digest"], made["number"])


def test_validating_tells_every_problem_at_once_as_registering_does() -> None:
    place = make_workspace()
    wrong = draft(
        place,
        name="a/b",
        aliases=["12", "fine"],
        spec={"type": "text", "colour": 1},
        links=[{"role": "trained_on", "to": "x"}, {"role": "derived_from", "to": "no/such/v/1"}],
        metrics=[{"name": "m", "value": 1}, {"name": "m", "value": 2}],
        artifacts=[{"path": "/abs", "uri": "s3://x", "digest": "nope"}],
    )

    validated = post(wrong, to=VALIDATE)
    registered = post(wrong, to="/api/registry/versions/")

    fields = [error["field"] for error in validated.json()["errors"]]
    assert fields[:4] == ["name", "aliases[0]", "links[0].role", "links[1].to"]
    assert {"spec", "metrics[1].name", "artifacts[0].path", "artifacts[0].digest"} <= set(fields)
    assert validated.json() == registered.json()


def test_validating_needs_the_rights_of_registering() -> None:
    place = make_workspace()
    reader, author = member(place, "reader"), member(place, "author")

    assert post(draft(place), to=VALIDATE, client=token_client(reader)).status_code == 403
    protected = draft(place, aliases=["production"])
    assert post(protected, to=VALIDATE, client=token_client(author)).status_code == 403
    assert not Asset.objects.exists()
    grant(reader, place, "author")
    assert post(draft(place), to=VALIDATE, client=token_client(reader)).status_code == 200


def test_yaml_that_people_write_by_hand_is_enough() -> None:
    place = make_workspace()
    text = f"""
        format: muniment.version/1
        workspace: {place.slug}
        kind: prompt
        name: by-hand
        spec:
          type: text
          template: |
            Say no to {{{{customer}}}}.
          variables:
            customer: {{type: string}}
    """

    assert post(text).status_code == 201
    assert loads(exported(AssetVersion.objects.get()))["spec"]["template"] == (
        "Say no to {{customer}}.\n"
    )


def test_a_broken_file_is_told_with_its_place() -> None:
    answer = post("format: [1\n")

    assert answer.status_code == 400
    assert "line 2" in answer.json()["detail"]
