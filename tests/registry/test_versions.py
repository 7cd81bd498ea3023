"""Registering versions through the service."""

from __future__ import annotations

from typing import Any

import pytest

from core.canonical import canonical_digest
from core.errors import AccessDenied, Conflict, DomainError, InvalidInput
from core.journal import decode
from core.models import JournalEntry
from registry.models import Alias, Asset, AssetVersion, Metric, Spec, Workspace
from registry.services import versions
from tests.factories import (
    DATASET_SPEC,
    MODEL_SPEC,
    PROMPT_SPEC,
    administrator,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    make_result,
    make_workspace,
    member,
    reference,
)

pytestmark = pytest.mark.django_db
DIGEST = "sha256:" + "a" * 64


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def attempt(workspace: Workspace, **changes: Any) -> versions.Registered:
    draft = {"kind": "model", "name": "base", "spec": MODEL_SPEC} | changes
    return versions.register(actor=administrator(), workspace=workspace.slug, **draft)


def rows() -> tuple[int, ...]:
    """Counts of everything that a registration writes."""
    models = (Asset, AssetVersion, Spec, Metric, Alias, JournalEntry)
    return tuple(model._default_manager.count() for model in models)


def test_each_kind_is_registered_with_its_links_and_metrics(workspace: Workspace) -> None:
    data = make_dataset(workspace)
    model = make_model(workspace, trained_on=[data])
    prompt = make_prompt(workspace)
    flow = make_flow(workspace, [model, prompt, data])
    result = make_result(workspace, flow)

    assert [version.number for version in (data, model, prompt, flow, result)] == [1] * 5
    assert {link.target for link in flow.links.all()} == {model, prompt, data}
    assert model.links.get().role == "trained_on"
    metric = result.metrics.get()
    assert (metric.name, metric.value, metric.evaluator) == ("groundedness", 0.9, "judge")


def test_numbers_count_up_per_asset(workspace: Workspace) -> None:
    numbers = [make_model(workspace, name=name).number for name in ("a", "a", "b", "a", "b")]

    assert numbers == [1, 2, 1, 3, 2]


def test_the_digest_covers_kind_schema_spec_and_artifacts_and_nothing_else(
    workspace: Workspace,
) -> None:
    artifact = {"path": "w.safetensors", "uri": "s3://bucket/w", "digest": DIGEST, "size": 3}
    plain = make_model(workspace)
    same = make_model(make_workspace(), aliases=["candidate"])
    different = make_model(workspace, artifacts=[artifact])

    expected = {"kind": "model", "schema_version": 1, "spec": MODEL_SPEC, "artifacts": []}
    assert plain.digest == canonical_digest(expected)
    assert same.digest == plain.digest
    assert different.digest != plain.digest


def test_equal_content_makes_a_new_version_unless_asked(workspace: Workspace) -> None:
    first = attempt(workspace)
    second = attempt(workspace)
    again = attempt(workspace, if_same="existing", aliases=["candidate"])
    changed = attempt(workspace, if_same="existing", spec=MODEL_SPEC | {"task": "other"})

    assert [item.is_new for item in (first, second, again, changed)] == [True, True, False, True]
    assert again.version == second.version
    assert list(second.version.aliases.values_list("name", flat=True)) == ["candidate"]


def test_asking_twice_for_the_same_moves_no_alias_twice(workspace: Workspace) -> None:
    for _ in range(2):
        attempt(workspace, if_same="existing", aliases=["candidate"])

    assert JournalEntry.objects.filter(action="registry.alias.moved").count() == 1


def test_models_and_prompts_share_one_name_space_and_datasets_do_not(workspace: Workspace) -> None:
    make_model(workspace, name="support")
    make_dataset(workspace, name="support")

    with pytest.raises(Conflict, match="one name space"):
        make_prompt(workspace, name="support")
    assert make_prompt(make_workspace(), name="support").number == 1


def test_numbers_of_any_size_come_back_as_they_were_hashed(workspace: Workspace) -> None:
    spec = MODEL_SPEC | {"extra": {"huge": 1e22, "tiny": 1e-300, "half": 0.5, "whole": 1e16}}

    version = AssetVersion.objects.get(pk=make_model(workspace, spec=spec).pk)

    assert version.spec.body == spec
    assert canonical_digest(version.spec.body) == version.spec.digest


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown kind", {"kind": "sculpture"}, "kind"),
    ("no name", {"name": ""}, "name"),
    ("a name with a slash", {"name": "a/b"}, "name"),
    ("a numeric alias", {"aliases": ["fine", "7"]}, "aliases[1]"),
    ("a wrong option", {"if_same": "sometimes"}, "if_same"),
    ("a spec against its schema", {"spec": {"task": 1}}, "spec"),
    ("a spec that no JSON can hold", {"spec": MODEL_SPEC | {"extra": {"a": 2**60}}}, "spec"),
    ("a spec over a mebibyte", {"spec": MODEL_SPEC | {"extra": {"a": "x" * 2**20}}}, "spec"),
    ("an unknown role", {"links": [{"role": "loves", "to": "x"}]}, "links[0].role"),
    ("a role of another kind", {"links": [{"role": "evaluates", "to": "x"}]}, "links[0].role"),
    ("a malformed link", {"links": [{"role": "trained_on", "to": "x"}]}, "links[0].to"),
    (
        "a dangling link",
        {"links": [{"role": "trained_on", "to": "no/dataset/at-all/1"}]},
        "links[0].to",
    ),
    (
        "an infinite metric",
        {"metrics": [{"name": "a", "value": float("inf")}]},
        "metrics[0].value",
    ),
    (
        "a metric twice",
        {"metrics": [{"name": "a", "value": 1}, {"name": "a", "value": 2}]},
        "metrics[1].name",
    ),
    (
        "a bad digest",
        {"artifacts": [{"path": "a", "uri": "u", "digest": "md5:1"}]},
        "artifacts[0].digest",
    ),
    (
        "a path upwards",
        {"artifacts": [{"path": "../a", "uri": "u", "digest": DIGEST}]},
        "artifacts[0].path",
    ),
    (
        "an artifact larger than numbers go",
        {"artifacts": [{"path": "a", "uri": "u", "digest": DIGEST, "size": 2**53}]},
        "artifacts[0].size",
    ),
    (
        "an artifact twice",
        {"artifacts": [{"path": "a", "uri": "u", "digest": DIGEST}] * 2},
        "artifacts[1].path",
    ),
    ("too many links", {"links": [{"role": "trained_on", "to": "x"}] * 1_001}, "links"),
]


@pytest.mark.parametrize(("changes", "field"), [case[1:] for case in BAD], ids=[c[0] for c in BAD])
def test_bad_input_is_told_with_its_field_and_nothing_is_written(
    workspace: Workspace, changes: dict[str, Any], field: str
) -> None:
    before = rows()

    with pytest.raises(InvalidInput) as caught:
        attempt(workspace, **changes)

    assert caught.value.errors[0].field.startswith(field)
    assert rows() == before


def test_a_link_must_point_at_the_right_kind(workspace: Workspace) -> None:
    prompt = make_prompt(workspace)

    with pytest.raises(InvalidInput, match="points at a dataset"):
        attempt(workspace, links=[{"role": "trained_on", "to": reference(prompt)}])


def test_a_link_into_a_foreign_workspace_is_answered_like_a_dangling_one_and_journalled(
    workspace: Workspace,
) -> None:
    hidden = make_dataset(make_workspace(), name="secret")
    author = member(workspace, "author")

    with pytest.raises(InvalidInput) as foreign:
        versions.register(
            actor=author,
            workspace=workspace.slug,
            kind="model",
            name="m",
            spec=MODEL_SPEC,
            links=[{"role": "trained_on", "to": reference(hidden)}],
        )
    with pytest.raises(InvalidInput) as missing:
        attempt(workspace, links=[{"role": "trained_on", "to": reference(hidden) + "0"}])

    assert foreign.value.detail == missing.value.detail.replace("/10'", "/1'")
    assert foreign.value.denial is not None
    assert missing.value.denial is None


def test_a_protected_alias_needs_its_own_right_and_nothing_is_half_written(
    workspace: Workspace,
) -> None:
    author = member(workspace, "author")
    before = rows()

    with pytest.raises(AccessDenied):
        make_model(workspace, actor=author, aliases=["candidate", "production"])

    assert rows() == before


def test_the_journal_entry_tells_everything_that_was_registered(workspace: Workspace) -> None:
    data = make_dataset(workspace)
    author = member(workspace, "author")

    version = make_model(
        workspace,
        actor=author,
        trained_on=[data],
        metrics=[{"name": "loss", "value": 0.25}],
        artifacts=[{"path": "w", "uri": "s3://b/w", "digest": DIGEST}],
    )

    body = decode(JournalEntry.objects.filter(action="registry.version.registered").latest("id"))
    assert body["subject"]["digest"] == version.digest
    assert body["workspace"] == str(workspace.uuid)
    assert body["actor"]["roles"] == ["author"]
    assert body["data"]["links"][0]["ref"] == reference(data)
    assert body["data"]["metrics"] == [{"name": "loss", "value": "0.25", "evaluator": ""}]
    assert body["data"]["artifacts"][0]["digest"] == DIGEST
    assert (body["data"]["number"], body["data"]["is_new_asset"]) == (1, True)


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_every_other_kind_of_spec_is_refused_by_a_kind(workspace: Workspace, kind: str) -> None:
    spec = DATASET_SPEC if kind == "model" else PROMPT_SPEC

    with pytest.raises(DomainError, match="is not a valid"):
        attempt(workspace, kind=kind, spec=spec)
