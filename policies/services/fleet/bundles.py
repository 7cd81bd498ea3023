"""The bundles that OPAs pull: built from what holds now, alike for alike content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects

from core.canonical import canonical_digest, sha256
from core.journal import publish
from core.keyfiles import kept_bytes
from policies.bundles import archive, fleet, masks, signatures
from policies.events import OpaPulled
from policies.models import OpaRevision, OpaSource
from policies.queries.assignments import rules_by_workspace
from policies.queries.fleet import SOURCES, own_opa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric import ec

    from core.actors import Actor
    from policies.models import Opa, PolicyVersion
    from policies.queries.assignments import Rule

KEY_FILE = "opa-bundles.pem"
SERVICE = "muniment"
MAX_REVISION = 200


@dataclass(frozen=True)
class Served:
    """A bundle for one request; ``body`` is None where the caller has it already."""

    etag: str
    body: bytes | None


@dataclass(frozen=True)
class Contents:
    """What a bundle of an OPA holds now."""

    files: fleet.Files
    policies: tuple[fleet.Placed, ...]
    digest: str
    modules_digest: str
    revision: str


def signing_key() -> ec.EllipticCurvePrivateKey:
    """Return the key that signs bundles for OPAs, made on first use."""
    return signatures.read_key(kept_bytes(settings.KEYS_DIR / KEY_FILE, signatures.new_key))


def bundle(
    *, actor: Actor, name: str, is_signed: bool, known: str = "", takes_delta: bool = False
) -> Served:
    """Return the bundle of the calling OPA ``name``.

    ``known`` is the ETag of the one that it has. With ``takes_delta`` an unsigned bundle of which
    it has all policies already is answered with the changes of its data alone, where the
    installation has deltas on. The first pull of each content is recorded. Raises AccessDenied for
    anybody but that OPA.
    """
    opa = own_opa(actor, name=name)
    found = contents_of(opa)
    key = signing_key() if is_signed else None
    etag = f'"{found.digest}.{signatures.key_id(key)}"' if key else f'"{found.digest}"'
    if known == etag:
        return Served(etag, None)
    _record(opa, found, actor=actor)
    may_be_delta = settings.OPA_DELTAS and takes_delta and not is_signed
    before = _revision_of(opa, known) if may_be_delta else None
    if before is not None and before.modules_digest == found.modules_digest:
        changes = {fleet.PATCH_PATH: fleet.patch(before.data, found.files.data)}
        return Served(etag, _packed(changes, found))
    return Served(etag, _packed(_signed(found, key), found))


def discovery(*, actor: Actor, name: str, is_signed: bool, known: str = "") -> Served:
    """Return the discovery bundle of the calling OPA ``name``: its data is its configuration."""
    opa = own_opa(actor, name=name)
    body = {"data.json": signatures.structured(configuration(opa))}
    digest = sha256(body["data.json"])
    roots = ("",)
    key = signing_key() if is_signed else None
    etag = f'"{digest}.{signatures.key_id(key)}"' if key else f'"{digest}"'
    if known == etag:
        return Served(etag, None)
    if key is not None:
        manifest = archive.manifest_bytes(digest, roots=roots)
        body[signatures.SIGNATURES] = signatures.signatures(
            {**body, archive.MANIFEST: manifest}, key
        )
    return Served(etag, archive.build(body, revision=digest, roots=roots))


def configuration(opa: Opa) -> dict[str, Any]:
    """Return the configuration that an OPA discovers: what it pulls, and what it tells.

    Its service must be called ``muniment`` where it is started: that one has the credential.
    """
    resource = f"bundles/{opa.name}" + ("" if opa.is_signed else "/unsigned")
    often = settings.OPA_POLL_SECONDS
    polling = {"min_delay_seconds": often, "max_delay_seconds": often * 2}
    pulled: dict[str, Any] = {"service": SERVICE, "resource": resource, "polling": polling}
    found: dict[str, Any] = {
        "labels": {**opa.labels, "muniment_opa": opa.name},
        "bundles": {SERVICE: pulled},
        "decision_logs": {
            "service": SERVICE,
            "reporting": polling,
            "mask_decision": masks.DECISION,
        },
        "status": {"service": SERVICE, "prometheus": True},
    }
    if opa.is_signed:
        key = signing_key()
        name = signatures.key_id(key)
        pulled["signing"] = {"keyid": name}
        found["keys"] = {
            name: {"algorithm": signatures.ALGORITHM, "key": signatures.public_pem(key)}
        }
    return found


def start_configuration(opa: Opa) -> dict[str, Any]:
    """Return the configuration with which a person starts an OPA; only its token is missing."""
    return {
        "services": {
            SERVICE: {
                "url": f"{settings.BASE_URL}/opa",
                "credentials": {"bearer": {"token": "${MUNIMENT_OPA_TOKEN}"}},
            }
        },
        "discovery": {"service": SERVICE, "resource": f"discovery/{opa.name}"},
    }


def contents_of(opa: Opa) -> Contents:
    """Return what the bundle of an OPA holds now. A constant number of queries."""
    assigned = rules_by_workspace([opa.workspace])[opa.workspace_id]
    sources = list(OpaSource.objects.as_of(None).filter(opa=opa).select_related(*SOURCES))
    versions = _versions(sources) if sources else [rule.policy_version for rule in assigned]
    chosen = {version.pk: version for version in versions}
    policies = fleet.placed(
        (each.policy.name, each.number, each.module) for each in chosen.values()
    )
    rules = {each.reference: _rules_of(each, assigned) for each in chosen.values()}
    placed_rules = {each.key: rules[each.reference] for each in policies}
    files = fleet.files(policies, placed_rules, opa.masks)
    whole = {path: sha256(body) for path, body in files.whole.items()}
    digest = canonical_digest([whole, list(files.roots)])
    modules = {path: sha256(body) for path, body in files.modules.items()}
    named = ",".join(each.reference for each in sources) or f"assigned/{opa.workspace.slug}"
    return Contents(
        files,
        tuple(policies),
        digest,
        canonical_digest(modules),
        f"{digest} {named}"[:MAX_REVISION],
    )


def _versions(sources: Iterable[OpaSource]) -> list[PolicyVersion]:
    found: list[PolicyVersion] = []
    sets = []
    for source in sources:
        if source.policy_version is not None:
            found.append(source.policy_version)
        elif source.set_version is not None:
            sets.append(source.set_version)
    prefetch_related_objects(sets, "members__policy_version__policy")
    return found + [member.policy_version for each in sets for member in each.members.all()]


def _rules_of(version: PolicyVersion, assigned: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return the assigned rules of a version's policy; without any, one that only observes."""
    found = [
        {
            "id": ":".join(part for part in rule.key if part),
            "assignment": rule.key[0],
            "reference_id": rule.reference_id,
            "effect": str(rule.effect),
            "is_enforced": rule.is_enforced,
            "message": rule.assignment.message,
            "parameters": rule.parameters,
        }
        for rule in assigned
        if rule.policy_version.policy_id == version.policy_id
    ]
    alone: dict[str, Any] = {
        "id": version.reference,
        "assignment": None,
        "reference_id": "",
        "effect": "audit",
        "is_enforced": False,
        "message": "",
        "parameters": {},
    }
    return sorted(found, key=lambda rule: str(rule["id"])) or [alone]


def _signed(found: Contents, key: ec.EllipticCurvePrivateKey | None) -> dict[str, bytes]:
    files = found.files.whole
    if key is not None:
        manifest = archive.manifest_bytes(
            found.revision, roots=found.files.roots, metadata=_metadata(found)
        )
        signed = {**files, archive.MANIFEST: manifest}
        files[signatures.SIGNATURES] = signatures.signatures(signed, key)
    return files


def _packed(files: dict[str, bytes], found: Contents) -> bytes:
    return archive.build(
        files, revision=found.revision, roots=found.files.roots, metadata=_metadata(found)
    )


def _metadata(found: Contents) -> dict[str, Any]:
    return {"digest": found.digest, "policies": _told(found)}


def _told(found: Contents) -> dict[str, str]:
    """Return the digest of each policy version by its reference."""
    return {each.reference: each.module.digest for each in found.policies}


def _revision_of(opa: Opa, etag: str) -> OpaRevision | None:
    return OpaRevision.objects.filter(opa=opa, digest=etag.strip('"')).first()


def _record(opa: Opa, found: Contents, *, actor: Actor) -> None:
    """Record and journal the first pull of a content; two that pull at once record it once."""
    if OpaRevision.objects.filter(opa=opa, digest=found.digest).exists():
        return
    with transaction.atomic():
        _, is_new = OpaRevision.objects.get_or_create(
            opa=opa,
            digest=found.digest,
            defaults={
                "revision": found.revision,
                "policies": _told(found),
                "modules_digest": found.modules_digest,
                "data": found.files.data,
            },
        )
        if is_new:
            event = OpaPulled(
                subject=f"opa/{opa.name}",
                workspace=opa.workspace.uuid,
                digest=found.digest,
                opa=str(opa.uuid),
                revision=found.revision,
                policies=sorted(_told(found)),
            )
            publish(event, actor=actor)
