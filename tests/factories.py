"""Make what a test needs, through the services that the product uses: plain typed functions."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from rest_framework.test import APIClient

from core.actors import Actor, Via
from core.models import User
from core.statements import Parameter, Statement
from registry.models import Workspace
from registry.services import members, rules, tokens, uploads, versions, workspaces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.models import AssetVersion, Upload

DATASET_SPEC: dict[str, Any] = {
    "format": "jsonl",
    "license": "CC0-1.0",
    "personal_data": {"contains": False},
    "statistics": {"rows": 120},
}
MODEL_SPEC: dict[str, Any] = {
    "source": {"type": "hosted", "uri": "https://models.example/api", "provider": "example"},
    "task": "text-generation",
    "license": "Apache-2.0",
}
PROMPT_SPEC: dict[str, Any] = {
    "type": "text",
    "template": "Answer {{question}} in one sentence.",
    "variables": {"question": {"type": "string"}},
}
RESULT_SPEC: dict[str, Any] = {
    "method": "offline evaluation",
    "evaluators": [{"name": "judge", "type": "model"}],
}
BY_NAME = Statement(lambda: User.objects.filter(username=Parameter("username")))
_numbers = itertools.count(1)


def unique(word: str) -> str:
    """Return ``word`` with a number that no other call returns."""
    return f"{word}-{next(_numbers)}"


# -- People and places ---------------------------------------------------------------------------


def make_user(username: str = "", *, kind: User.Kind = User.Kind.HUMAN) -> User:
    """An account without any right."""
    return User.objects.create_user(username or unique("user"), kind=kind)


def as_actor(user: User) -> Actor:
    """The account as an actor without a narrowing credential."""
    return Actor(user=user, via=Via.COMMAND)


def make_actor(username: str = "") -> Actor:
    """A new account without any right, as an actor."""
    return as_actor(make_user(username))


def make_admin(username: str = "") -> Actor:
    """A new administrator of the organisation, as an actor."""
    return as_actor(User.objects.create_superuser(username or unique("administrator")))


def administrator() -> Actor:
    """The administrator who makes workspaces and grants roles in tests: one per database."""
    found = BY_NAME.first(username="the-administrator")
    return as_actor(found or User.objects.create_superuser("the-administrator"))


def make_workspace(
    slug: str = "", *, stage: str = "development", required_approvals: int = 0
) -> Workspace:
    """A workspace; ``required_approvals`` is how many a promotion into it needs."""
    slug = slug or unique("workspace")
    made = workspaces.create(actor=administrator(), slug=slug, title=slug, stage=stage)
    if required_approvals:
        rules.set_required_approvals(
            actor=administrator(), workspace=slug, required_approvals=required_approvals
        )
    return made


def grant(actor: Actor, workspace: Workspace, role: str) -> None:
    """Give an account one more role."""
    assert actor.user is not None
    members.grant(
        actor=administrator(),
        workspace=workspace.slug,
        role=role,
        username=actor.user.username,
    )


def member(workspace: Workspace, role: str, *, username: str = "") -> Actor:
    """A new account with ``role`` in the workspace, as an actor."""
    actor = make_actor(username or unique(role))
    grant(actor, workspace, role)
    return actor


# -- Versions ------------------------------------------------------------------------------------


def make_version(
    workspace: Workspace,
    kind: str,
    spec: Mapping[str, Any],
    *,
    name: str = "",
    actor: Actor | None = None,
    links: Sequence[tuple[str, AssetVersion]] = (),
    metrics: Sequence[Mapping[str, Any]] = (),
    artifacts: Sequence[Mapping[str, Any]] = (),
    aliases: Sequence[str] = (),
) -> AssetVersion:
    """A version registered by ``actor``, else by the administrator."""
    return versions.register(
        actor=actor or administrator(),
        workspace=workspace.slug,
        kind=kind,
        name=name or unique(kind),
        spec=spec,
        links=[{"role": role, "to": reference(target)} for role, target in links],
        metrics=metrics,
        artifacts=artifacts,
        aliases=aliases,
    ).version


def reference(version: AssetVersion) -> str:
    """``workspace/kind/name/number`` of a version."""
    asset = version.asset
    return f"{asset.workspace.slug}/{asset.kind}/{asset.name}/{version.number}"


def make_dataset(workspace: Workspace, **options: Any) -> AssetVersion:
    """A dataset version; ``options`` are those of ``make_version``."""
    return make_version(workspace, "dataset", options.pop("spec", DATASET_SPEC), **options)


def make_model(
    workspace: Workspace, *, trained_on: Sequence[AssetVersion] = (), **options: Any
) -> AssetVersion:
    """A model version, linked to the datasets that it was trained on."""
    links = [("trained_on", dataset) for dataset in trained_on]
    links += options.pop("links", [])
    return make_version(workspace, "model", options.pop("spec", MODEL_SPEC), links=links, **options)


def make_prompt(workspace: Workspace, **options: Any) -> AssetVersion:
    """A prompt version; ``options`` are those of ``make_version``."""
    return make_version(workspace, "prompt", options.pop("spec", PROMPT_SPEC), **options)


def make_result(workspace: Workspace, evaluates: AssetVersion, **options: Any) -> AssetVersion:
    """A result version that evaluates another, with a groundedness metric."""
    metrics = options.pop("metrics", [{"name": "groundedness", "value": 0.9, "evaluator": "judge"}])
    return make_version(
        workspace,
        "result",
        options.pop("spec", RESULT_SPEC),
        links=[("evaluates", evaluates)],
        metrics=metrics,
        **options,
    )


def make_flow(
    workspace: Workspace, members: Sequence[AssetVersion], **options: Any
) -> AssetVersion:
    """A flow version that pins ``members`` (models, prompts, datasets, flows)."""
    pinned = [
        {"name": f"m{index}", "kind": version.asset.kind, "digest": version.digest}
        for index, version in enumerate(members)
    ]
    spec = {
        "members": pinned,
        "steps": [{"name": "answer", "uses": [item["name"] for item in pinned]}],
    }
    links = [(f"uses_{version.asset.kind}", version) for version in members]
    return make_version(workspace, "flow", spec, links=links, **options)


def make_upload(
    workspace: Workspace, content: bytes | None, *, actor: Actor | None = None, **declared: Any
) -> Upload:
    """An upload by ``actor``, else by the administrator; without ``content`` it waits for it."""
    actor = actor or administrator()
    begun = uploads.begin(actor=actor, workspace=workspace.slug, **declared)
    if content is None:
        return begun
    return uploads.receive(actor=actor, upload=begun.uuid, chunks=[content], length=len(content))


# -- Doors ---------------------------------------------------------------------------------------


def token_client(actor: Actor, **limits: Any) -> APIClient:
    """A client that holds a new token of the account; ``limits`` are those of tokens.issue."""
    assert actor.user is not None
    issued = tokens.issue(actor=as_actor(actor.user), user=actor.user, **limits)
    return bearer(issued.text)


def bearer(token: str) -> APIClient:
    """A client that sends ``token``."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
