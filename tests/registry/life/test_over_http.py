"""What becomes of assets and versions, over HTTP."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from core.models import JournalEntry
from registry.models import AssetVersion
from registry.services import aliases, deletion, lifecycle, tags
from tests.factories import (
    administrator,
    make_dataset,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)

pytestmark = pytest.mark.django_db
API = "/api/registry"


@pytest.fixture
def version() -> AssetVersion:
    return make_model(make_workspace(), name="base", aliases=["candidate"])


@pytest.fixture
def admin() -> APIClient:
    return token_client(administrator())


def found(client: APIClient, path: str, **query: str | list[str]) -> list[str]:
    """The references that a list answers."""
    answer = client.get(f"{API}/{path}/", query)
    assert answer.status_code == 200, answer.content
    return [row["ref"] for row in answer.json()["results"]]


@pytest.mark.parametrize("key", ["team", "a.b", "a/b/c", "mlflow.source.type", "Gr\u00f6\u00dfe 1"])
def test_a_tag_is_put_read_filtered_and_removed_whatever_its_key(
    version: AssetVersion, admin: APIClient, key: str
) -> None:
    place = f"{API}/versions/{version.uuid}/"
    address = f"{place}tags/{quote(key, safe='/')}/"

    assert admin.put(address, {"value": "x:y"}, format="json").json()["value"] == "x:y"
    assert admin.get(place).json()["tags"] == {key: "x:y"}
    assert found(admin, "versions", tag=f"{key}:x:y") == [reference(version)]
    assert found(admin, "versions", tag=f"{key}:x") == []
    assert admin.delete(address).status_code == 204
    assert admin.delete(address).status_code == 404
    assert admin.get(place).json()["tags"] == {}


def test_assets_are_described_tagged_filtered_and_renamed(
    version: AssetVersion, admin: APIClient
) -> None:
    place = f"{API}/assets/{version.asset.uuid}/"
    slug = version.asset.workspace.slug
    make_model(version.asset.workspace, name="other")

    admin.patch(place, {"description": "Answers questions."}, format="json")
    admin.put(f"{place}tags/team/", {"value": "search"}, format="json")
    admin.put(f"{place}tags/tier/", {"value": "1"}, format="json")
    answer = admin.post(f"{place}rename/", {"name": "answers"}, format="json").json()

    assert answer["ref"] == f"{slug}/model/answers"
    assert answer["description"] == "Answers questions."
    assert (answer["tags"], answer["former_names"]) == ({"team": "search", "tier": "1"}, ["base"])
    assert found(admin, "assets", tag=["team:search", "tier"]) == [answer["ref"]]
    assert found(admin, "assets", tag=["team:search", "tier:2"]) == []
    resolved = admin.get(f"{API}/resolve/", {"ref": f"{slug}/model/base/1"}).json()
    assert resolved["ref"] == f"{slug}/model/answers/1"


def test_archived_versions_are_hidden_from_lists_and_found_by_reference(
    version: AssetVersion, admin: APIClient
) -> None:
    new = make_model(version.asset.workspace, name="base")
    place = f"{API}/versions/{version.uuid}/"
    body = {"state": "archived", "reason": "old", "replacement": reference(new)}

    answer = admin.post(f"{place}lifecycle/", body, format="json").json()

    assert (answer["state"], answer["dependents"]) == ("archived", 0)
    assert found(admin, "versions", name="base") == [reference(new)]
    assert len(found(admin, "versions", include="archived")) == 2
    assert found(admin, "versions", state="archived") == [reference(version)]
    seen = admin.get(place).json()
    assert (seen["state"], seen["replacement"]) == ("archived", reference(new))
    assert admin.get(f"{API}/versions/", {"include": "all"}).status_code == 400


def test_the_state_is_answered_as_of_a_time(version: AssetVersion, admin: APIClient) -> None:
    before = timezone.now().isoformat()
    lifecycle.change(
        actor=administrator(), version=version.uuid, state="withdrawn", reason="unsafe"
    )
    address = f"{API}/versions/{version.uuid}/lifecycle/"

    assert admin.get(address).json()["reason"] == "unsafe"
    assert admin.get(address, {"at": before}).json()["state"] == "active"
    for wrong in ("yesterday", "2026-01-01T00:00:00", "2026-99-01T00:00:00Z"):
        assert admin.get(address, {"at": wrong}).status_code == 400


def test_a_deleted_version_answers_gone_to_members_and_not_found_to_others(
    version: AssetVersion, admin: APIClient
) -> None:
    aliases.move(
        actor=administrator(),
        asset=reference(version).rpartition("/")[0],
        alias="candidate",
        to=None,
    )
    place = f"{API}/versions/{version.uuid}/"

    assert admin.delete(place).status_code == 400
    assert admin.delete(f"{place}?reason=wrong+data").status_code == 204
    gone = admin.get(place)
    assert (gone.status_code, gone.json()["type"]) == (410, "urn:muniment:problem:gone")
    assert (gone.json()["digest"], gone.json()["reason"]) == (version.digest, "wrong data")
    assert admin.get(f"{API}/resolve/", {"ref": reference(version)}).status_code == 410
    assert found(admin, "versions") == []
    outsider = token_client(member(make_workspace(), "admin"))
    assert outsider.get(place).status_code == 404
    assert outsider.get(f"{API}/resolve/", {"ref": reference(version)}).status_code == 404


def test_a_refused_deletion_tells_what_holds_it(version: AssetVersion, admin: APIClient) -> None:
    answer = admin.delete(f"{API}/assets/{version.asset.uuid}/?reason=wrong")

    assert answer.status_code == 409
    assert [hold["kind"] for hold in answer.json()["holds"]] == ["alias"]


def test_a_look_at_a_deleted_asset_is_gone_and_no_denial(
    version: AssetVersion, admin: APIClient
) -> None:
    other = make_dataset(version.asset.workspace)
    deletion.delete_asset(actor=administrator(), asset=other.asset.uuid, reason="wrong")

    assert admin.get(f"{API}/assets/{other.asset.uuid}/").status_code == 410
    assert reference(other).rpartition("/")[0] not in found(admin, "assets")
    assert not JournalEntry.objects.filter(action="core.access.denied").exists()


def test_links_are_answered_both_ways_and_hidden_ones_are_counted(
    version: AssetVersion, admin: APIClient
) -> None:
    workspace = version.asset.workspace
    data = make_dataset(workspace)
    near = make_model(workspace, trained_on=[data])
    make_model(make_workspace(), trained_on=[data])
    reader = token_client(member(workspace, "reader"))

    def links(client: APIClient, of: AssetVersion, **query: str) -> tuple[list[str], int]:
        answer = client.get(f"{API}/versions/{of.uuid}/links/", query).json()
        return [row["ref"] for row in answer["results"]], answer["hidden"]

    assert links(reader, data, direction="incoming") == ([reference(near)], 1)
    assert len(links(admin, data, direction="incoming")[0]) == 2
    assert links(reader, near) == ([reference(data)], 0)
    assert links(reader, near, role="evaluates") == ([], 0)
    address = f"{API}/versions/{near.uuid}/links/"
    for wrong in ({"direction": "up"}, {"role": "likes"}):
        assert reader.get(address, wrong).status_code == 400


def test_what_an_alias_meant_is_answered_and_undone(
    version: AssetVersion, admin: APIClient
) -> None:
    ref = reference(version).rpartition("/")[0]
    make_model(version.asset.workspace, name="base")
    before = timezone.now().isoformat()
    aliases.move(actor=administrator(), asset=ref, alias="candidate", to=2)
    past = {"ref": f"{ref}@candidate", "at": before}

    assert admin.get(f"{API}/aliases/as-of/", past).json()["number"] == 1
    body = {"asset": ref, "alias": "candidate", "expected": 2, "reason": "worse"}
    assert admin.post(f"{API}/aliases/undo/", body, format="json").json()["to_number"] == 1
    assert admin.post(f"{API}/aliases/undo/", body, format="json").status_code == 409


def test_a_rule_is_set_listed_and_ended(version: AssetVersion, admin: APIClient) -> None:
    slug = version.asset.workspace.slug
    body = {"workspace": slug, "pattern": "Stable", "roles": ["admin"], "tags": {"ok": "yes"}}

    made = admin.post(f"{API}/alias-rules/", body, format="json").json()

    assert (made["pattern"], made["roles"], made["tags"]) == ("stable", ["admin"], {"ok": "yes"})
    assert admin.delete(f"{API}/alias-rules/{made['uuid']}/").status_code == 204
    listed = admin.get(f"{API}/alias-rules/", {"workspace": slug, "open": "false"}).json()
    assert [rule["uuid"] for rule in listed["results"]] == [made["uuid"]]
    assert admin.get(f"{API}/alias-rules/", {"open": "true"}).json()["results"] == []


def test_where_reasons_are_required_no_change_goes_without(
    version: AssetVersion, admin: APIClient
) -> None:
    slug, place = version.asset.workspace.slug, f"{API}/versions/{version.uuid}/"
    headers = {"If-Match": "*"}
    admin.patch(
        f"{API}/workspaces/{slug}/", {"requires_reason": True}, format="json", headers=headers
    )
    ref = reference(version).rpartition("/")[0]

    for send, address, body in (
        (admin.put, f"{place}tags/team/", {"value": "x"}),
        (admin.patch, place, {"description": "x"}),
        (admin.post, f"{API}/aliases/", {"asset": ref, "alias": "blue", "to": 1}),
        (admin.post, f"{API}/alias-rules/", {"workspace": slug, "pattern": "x"}),
    ):
        refused = send(address, body, format="json")
        assert refused.status_code == 400, address
        assert refused.json()["errors"][0]["field"] == "reason"
        assert send(address, {**body, "reason": "T-1"}, format="json").status_code < 300, address
    assert [tag.value for tag in version.tags.all()] == ["x"]


def test_tag_values_are_found_beyond_what_the_index_holds(
    version: AssetVersion, admin: APIClient
) -> None:
    long = "a" * 1_000
    tags.set_version_tag(actor=administrator(), version=version.uuid, key="k", value=long)

    assert found(admin, "versions", tag=f"k:{long}") == [reference(version)]
    assert found(admin, "versions", tag=f"k:{long[:-1]}") == []
