"""From what was found to something of one's own, one call each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from core.actors import Actor
from registry.models import DeploymentMember, Workspace
from registry.services.derivation import merged
from tests.factories import make_result, make_version, member, reference, token_client
from tests.registry.catalogue.following import CATALOGUE, MODEL

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@given(target=JSON, patch=JSON)
def test_a_merge_patch_applied_twice_is_applied_once(target: object, patch: object) -> None:
    once = merged(target, patch)
    assert merged(once, patch) == once


def test_a_merge_patch_is_that_of_rfc_7396() -> None:
    target = {"title": "Goodbye!", "author": {"given": "A", "family": "B"}, "tags": ["x", "y"]}
    patch = {"title": "Hello!", "author": {"family": None}, "tags": ["x"], "phone": {"a": None}}
    assert merged(target, patch) == {
        "title": "Hello!",
        "author": {"given": "A"},
        "tags": ["x"],
        "phone": {},
    }


@pytest.mark.django_db
def test_a_model_is_derived_under_its_link(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    base = make_version(
        place, "model", {**MODEL, "card": {"summary": "x"}}, name="base", actor=author
    )

    made = client.post(
        f"/api/registry/versions/{base.uuid}/derive/",
        {"role": "fine_tuned_from", "name": "tuned", "spec": {"task": "summarization"}},
        format="json",
    )
    wrong = client.post(
        f"/api/registry/versions/{base.uuid}/derive/", {"role": "uses_tool"}, format="json"
    )

    assert made.status_code == 201
    detail = client.get(f"/api/registry/versions/{made.json()['uuid']}/").json()
    assert detail["spec"] == {**MODEL, "task": "summarization"}
    assert [(one["role"], one["to"]) for one in detail["links"]] == [
        ("fine_tuned_from", reference(base))
    ]
    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["field"] == "role"


@pytest.mark.django_db
def test_a_version_is_deployed_whole(place: Workspace, author: Actor) -> None:
    base = make_version(place, "model", MODEL, name="base", actor=author)
    deployer = token_client(member(place, "deployer"))

    made = deployer.post(
        f"/api/registry/versions/{base.uuid}/deploy/", {"name": "chat"}, format="json"
    )

    assert made.status_code == 201
    [serving] = DeploymentMember.objects.all()
    assert (serving.version_id, serving.traffic) == (base.pk, 100)


@pytest.mark.django_db
def test_versions_stand_side_by_side(place: Workspace, author: Actor, client: APIClient) -> None:
    one = make_version(place, "model", MODEL, name="one", actor=author)
    make_version(place, "model", {**MODEL, "license": "mit"}, name="two", actor=author)
    make_result(place, one, metrics=[{"name": "accuracy", "value": 0.9}])

    answer = client.get(
        f"{CATALOGUE}compare/", {"ref": ["atelier/model/one/1", "atelier/model/two"]}
    )

    rows = {row["field"]: row for row in answer.json()["rows"]}
    assert answer.json()["versions"] == ["atelier/model/one/1", "atelier/model/two/1"]
    assert rows["spec.license"] == {
        "field": "spec.license", "values": ["apache-2.0", "mit"], "equal": False,
    }  # fmt: skip
    assert rows["spec.task"]["equal"]
    assert rows["metrics.accuracy"]["values"] == [0.9, None]


@pytest.mark.django_db
@pytest.mark.parametrize("refs", [[], ["atelier/model/one"], ["a/b/c"] * 6, ["x", "y"]])
def test_a_comparison_that_makes_no_sense_is_refused(client: APIClient, refs: list[str]) -> None:
    response = client.get(f"{CATALOGUE}compare/", {"ref": refs})
    assert response.status_code == 400
