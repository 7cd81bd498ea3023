"""Check what a version is to hold, before any row is written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Required, TypedDict, TypeVar

from core.canonical import MAX_INTEGER, canonical_bytes, canonical_digest, is_digest, sha256
from core.errors import FieldError, InvalidInput
from registry.kinds.base import LinkedVersion
from registry.kinds.links import TARGET_KINDS, LinkRole
from registry.queries.versions import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor
    from registry.kinds import Kind
    from registry.models import AssetVersion

MAX_SPEC_BYTES = 1024 * 1024
MAX_ITEMS = 1_000
MAX_TEXT = 200
_ItemT = TypeVar("_ItemT")


class Draft(TypedDict, total=False):
    """What a caller hands in to be registered.

    ``links`` are ``{"role", "to": reference}``, ``metrics`` ``{"name", "value", "evaluator"?}``,
    ``artifacts`` ``{"path", "uri", "digest", "size"?, "media_type"?}``.
    """

    workspace: Required[str]
    kind: Required[str]
    name: Required[str]
    spec: Required[Mapping[str, Any]]
    links: Sequence[Mapping[str, str]]
    metrics: Sequence[Mapping[str, Any]]
    artifacts: Sequence[Mapping[str, Any]]
    aliases: Sequence[str]
    description: str
    if_same: str
    reason: str


@dataclass(frozen=True)
class Content:
    """What a version holds, checked: the spec with its digests, links, metrics and artifacts."""

    spec: Mapping[str, Any]
    spec_digest: str
    spec_size: int
    schema_version: int
    digest: str
    links: tuple[tuple[str, AssetVersion], ...] = ()
    metrics: tuple[dict[str, Any], ...] = ()
    artifacts: tuple[dict[str, Any], ...] = ()


def checked_content(draft: Draft, *, actor: Actor, kind: Kind) -> Content:
    """Return the content if it may be registered; raises InvalidInput with all that is wrong."""
    checked_artifacts = tuple(_checked_artifacts(_items(draft.get("artifacts"), "artifacts")))
    checked_metrics = tuple(_checked_metrics(_items(draft.get("metrics"), "metrics")))
    checked_links = tuple(
        _checked_links(_items(draft.get("links"), "links"), kind=kind, actor=actor)
    )
    spec = draft["spec"]
    spec_bytes = _spec_bytes(spec)
    linked = tuple(
        LinkedVersion(LinkRole(role), target.asset.kind, target.asset.name, target.digest)
        for role, target in checked_links
    )
    if problems := kind.problems(spec, links=linked):
        errors = [FieldError(problem.path, problem.reason) for problem in problems]
        summary = f"The spec is not a valid {kind.slug}: {errors[0].field}: {errors[0].reason}"
        raise InvalidInput(summary, errors=errors)
    return Content(
        spec=spec,
        spec_digest=sha256(spec_bytes),
        spec_size=len(spec_bytes),
        schema_version=kind.schema_version,
        digest=version_digest(kind.slug, kind.schema_version, spec, checked_artifacts),
        links=checked_links,
        metrics=checked_metrics,
        artifacts=checked_artifacts,
    )


def _items(items: Sequence[_ItemT] | None, name: str) -> Sequence[_ItemT]:
    if items is not None and len(items) > MAX_ITEMS:
        raise InvalidInput.of(name, f"has more than {MAX_ITEMS} items")
    return items or ()


def _spec_bytes(spec: Mapping[str, Any]) -> bytes:
    try:
        spec_bytes = canonical_bytes(spec)
    except InvalidInput as error:
        raise InvalidInput.of("spec", error.detail) from error
    if len(spec_bytes) > MAX_SPEC_BYTES:
        raise InvalidInput.of("spec", f"is over {MAX_SPEC_BYTES} bytes; keep bytes in artifacts")
    return spec_bytes


def version_digest(
    kind: str, schema_version: int, spec: Mapping[str, Any], artifacts: Sequence[Mapping[str, Any]]
) -> str:
    """Return the digest that identifies a version's content, in whatever workspace it lies."""
    return canonical_digest(
        {
            "kind": kind,
            "schema_version": schema_version,
            "spec": spec,
            "artifacts": sorted([item["path"], item["uri"], item["digest"]] for item in artifacts),
        }
    )


def _checked_links(
    links: Sequence[Mapping[str, str]], *, kind: Kind, actor: Actor
) -> Iterator[tuple[str, AssetVersion]]:
    seen: set[tuple[str, int]] = set()
    for index, link in enumerate(links):
        role = link["role"]
        if role not in kind.link_roles:
            known = ", ".join(sorted(kind.link_roles)) or "none"
            raise InvalidInput.of(f"links[{index}].role", f"a {kind.slug} has the roles {known}")
        target = resolve(actor, link["to"], field=f"links[{index}].to")
        allowed = TARGET_KINDS[LinkRole(role)]
        if allowed is not None and target.asset.kind not in allowed:
            reason = f"{role} points at a {' or '.join(sorted(allowed))}"
            raise InvalidInput.of(f"links[{index}].to", reason)
        if (role, target.pk) in seen:
            raise InvalidInput.of(f"links[{index}]", "stands twice")
        seen.add((role, target.pk))
        yield role, target


def _checked_metrics(metrics: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    for index, metric in enumerate(metrics):
        name, evaluator = metric["name"], metric.get("evaluator") or ""
        value = float(metric["value"])
        if not name or len(name) > MAX_TEXT or len(evaluator) > MAX_TEXT:
            raise InvalidInput.of(f"metrics[{index}].name", f"must have 1 to {MAX_TEXT} characters")
        if not math.isfinite(value):
            raise InvalidInput.of(f"metrics[{index}].value", "must be a finite number")
        if (name, evaluator) in seen:
            raise InvalidInput.of(f"metrics[{index}].name", "stands twice for one evaluator")
        seen.add((name, evaluator))
        yield {"name": name, "value": value, "evaluator": evaluator}


def _checked_artifacts(artifacts: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for index, artifact in enumerate(artifacts):
        path, size = artifact["path"], artifact.get("size")
        if not is_digest(artifact["digest"]):
            reason = "must be sha256: and 64 lower-case hexadecimal digits"
            raise InvalidInput.of(f"artifacts[{index}].digest", reason)
        if not path or path.startswith("/") or ".." in path.split("/"):
            raise InvalidInput.of(f"artifacts[{index}].path", "must be a relative path without ..")
        if path in seen:
            raise InvalidInput.of(f"artifacts[{index}].path", "stands twice")
        if size is not None and not 0 <= size <= MAX_INTEGER:
            raise InvalidInput.of(f"artifacts[{index}].size", f"must be 0 to {MAX_INTEGER}")
        seen.add(path)
        yield {
            "path": path,
            "uri": artifact["uri"],
            "digest": artifact["digest"],
            "size": size,
            "media_type": artifact.get("media_type") or "",
        }
