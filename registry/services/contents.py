"""Check what a version is to hold, before any row is written."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Required, TypedDict, TypeVar

from core.canonical import canonical_bytes, canonical_digest, sha256
from core.errors import FieldError, InvalidInput
from core.references import check_alias, check_name
from registry.kinds.base import LinkedVersion
from registry.kinds.links import TARGET_KINDS, LinkRole
from registry.queries.life import require_linkable
from registry.queries.versions import resolve
from registry.services.artifacts import checked_artifacts
from registry.services.beside import NOTHING_BESIDE, Beside, checked_beside
from registry.services.evaluators import evaluator_problems

if TYPE_CHECKING:
    from core.actors import Actor
    from core.errors import Denial
    from registry.kinds import Kind
    from registry.models import AssetVersion

MAX_SPEC_BYTES = 1024 * 1024
MAX_ITEMS = 1_000
MAX_TEXT = 200
_ItemT = TypeVar("_ItemT")


class Draft(TypedDict, total=False):
    """What a caller hands in to be registered.

    ``links`` are ``{"role", "to": reference}``, ``metrics`` ``{"name", "value", "evaluator"?}``,
    ``artifacts`` ``{"path", "uri", "digest", "size"?, "media_type"?}``, or with ``upload`` or
    ``from`` and ``from_path`` in place of an address (see ``services.artifacts``).
    Beside the content and not in its digest stand ``tags``, ``version_description`` and ``origin``.
    """

    workspace: Required[str]
    kind: Required[str]
    name: Required[str]
    spec: Required[Mapping[str, Any]]
    links: Sequence[Mapping[str, str]]
    metrics: Sequence[Mapping[str, Any]]
    artifacts: Sequence[Mapping[str, Any]]
    aliases: Sequence[str]
    tags: Mapping[str, str]
    version_description: str
    origin: Mapping[str, str]
    description: str
    if_same: str
    reason: str
    work: str  # the id of the evaluation that makes it
    measured_here: bool  # never from outside: the numbers are this service's own


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
    beside: Beside = NOTHING_BESIDE


class Findings:
    """What is wrong with an input, gathered so that it is told at once."""

    MOST = 200

    def __init__(self) -> None:
        self.errors: list[FieldError] = []
        self.denial: Denial | None = None

    def add(self, field: str, reason: str) -> None:
        """Note one wrong field."""
        self.errors.append(FieldError(field, reason))

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Note what the block finds invalid, instead of failing with it."""
        try:
            yield
        except InvalidInput as error:
            self.errors.extend(error.errors)
            self.denial = self.denial or error.denial

    def raise_any(self, *, kind: str) -> None:
        """Raise InvalidInput if anything was noted; the first 200 problems are told."""
        if not self.errors:
            return
        first, more = self.errors[0], len(self.errors) - 1
        summary = f"{first.field}: {first.reason}" + (f" (and {more} more)" if more else "")
        if first.field.startswith("spec"):
            summary = f"The spec is not a valid {kind}: {summary}"
        raise InvalidInput(summary, errors=self.errors[: self.MOST], denial=self.denial)


def checked_content(draft: Draft, *, actor: Actor, kind: Kind) -> Content:
    """Return the content if it may be registered; raises InvalidInput with all that is wrong."""
    findings = Findings()
    _check_names(draft, findings)
    links = tuple(_checked_links(draft, kind=kind, actor=actor, findings=findings))
    linked = tuple(
        LinkedVersion(
            LinkRole(role), target.asset.kind, target.asset.name, target.digest, target.spec.body
        )
        for role, target in links
    )
    are_links_sound = not any(error.field.startswith("links") for error in findings.errors)
    if are_links_sound:
        with findings.gathered():
            require_linkable(links)
    spec, spec_bytes = draft["spec"], b""
    with findings.gathered():
        spec_bytes = _spec_bytes(spec)
    for problem in kind.problems(spec, links=linked if are_links_sound else None):
        findings.add(problem.path, problem.reason)
    metrics = tuple(_checked_metrics(draft, findings))
    items = _items(draft.get("artifacts"), "artifacts", findings)
    artifacts = tuple(
        checked_artifacts(items, workspace=draft["workspace"], actor=actor, findings=findings)
    )
    beside = NOTHING_BESIDE
    with findings.gathered():
        beside = checked_beside(draft)
    findings.raise_any(kind=kind.slug)
    return Content(
        spec=spec,
        spec_digest=sha256(spec_bytes),
        spec_size=len(spec_bytes),
        schema_version=kind.schema_version,
        digest=version_digest(kind.slug, kind.schema_version, spec, artifacts),
        links=links,
        metrics=metrics,
        artifacts=artifacts,
        beside=beside,
    )


def _check_names(draft: Draft, findings: Findings) -> None:
    with findings.gathered():
        check_name(draft["name"], field="name")
    for index, alias in enumerate(draft.get("aliases", ())):
        with findings.gathered():
            check_alias(alias, field=f"aliases[{index}]")


def _items(items: Sequence[_ItemT] | None, name: str, findings: Findings) -> Sequence[_ItemT]:
    if items is not None and len(items) > MAX_ITEMS:
        findings.add(name, f"has more than {MAX_ITEMS} items")
        return ()
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
    draft: Draft, *, kind: Kind, actor: Actor, findings: Findings
) -> Iterator[tuple[str, AssetVersion]]:
    seen: set[tuple[str, int]] = set()
    for index, link in enumerate(_items(draft.get("links"), "links", findings)):
        with findings.gathered():
            role, target = _checked_link(link, f"links[{index}]", kind=kind, actor=actor)
            if (role, target.pk) in seen:
                raise InvalidInput.of(f"links[{index}]", "stands twice")
            seen.add((role, target.pk))
            yield role, target


def _checked_link(
    link: Mapping[str, str], place: str, *, kind: Kind, actor: Actor
) -> tuple[str, AssetVersion]:
    role = link["role"]
    if role not in kind.link_roles:
        known = ", ".join(sorted(kind.link_roles)) or "none"
        raise InvalidInput.of(f"{place}.role", f"a {kind.slug} has the roles {known}")
    target = resolve(actor, link["to"], field=f"{place}.to")
    allowed = TARGET_KINDS[LinkRole(role)]
    if allowed is not None and target.asset.kind not in allowed:
        reason = f"{role} points at a {' or '.join(sorted(allowed))}"
        raise InvalidInput.of(f"{place}.to", reason)
    return role, target


def _checked_metrics(draft: Draft, findings: Findings) -> Iterator[dict[str, Any]]:
    metrics = _items(draft.get("metrics"), "metrics", findings)
    is_ours = draft.get("measured_here", False)
    for problem in evaluator_problems(metrics, workspace=draft["workspace"], is_ours=is_ours):
        findings.add(*problem)
    seen: set[tuple[str, str]] = set()
    for index, metric in enumerate(metrics):
        name, evaluator = metric["name"], metric.get("evaluator") or ""
        value = float(metric["value"])
        if not name or len(name) > MAX_TEXT or len(evaluator) > MAX_TEXT:
            findings.add(f"metrics[{index}].name", f"must have 1 to {MAX_TEXT} characters")
        if not math.isfinite(value):
            findings.add(f"metrics[{index}].value", "must be a finite number")
        if (name, evaluator) in seen:
            findings.add(f"metrics[{index}].name", "stands twice for one evaluator")
        seen.add((name, evaluator))
        yield {"name": name, "value": value, "evaluator": evaluator}
