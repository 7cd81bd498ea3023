"""Take signatures of versions, and verify them as background work."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction

from core.canonical import sha256
from core.denials import denial_of
from core.errors import InvalidInput
from core.journal import publish
from core.tasks import enqueue
from registry import access
from registry.events import SignatureAdded, SignatureVerified
from registry.models import (
    ModelSignature,
    SignatureVerification,
    TrustedKey,
    VersionArtifact,
)
from registry.permissions import Permission
from registry.queries.versions import full_reference, version_by_uuid
from registry.signing.bundles import (
    TOOL,
    TOOL_VERSION,
    Key,
    NotABundle,
    NotAKey,
    read_bundle,
    read_key,
)
from registry.signing.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from core.actors import Actor
    from core.errors import Denial
    from registry.models import AssetVersion, Workspace

TASK = "registry.verify_signature"
MAX_BUNDLE = 1024 * 1024


def add(*, actor: Actor, version: UUID, bundle: str) -> ModelSignature:
    """Keep a signature of a version and have it verified; the same one again is no error.

    Needs create_version. Raises InvalidInput for what is no model signature, NotFound, or
    AccessDenied.
    """
    found = version_by_uuid(actor, version)
    access.require(actor, Permission.CREATE_VERSION, found.asset.workspace)
    if actor.user is None:
        raise InvalidInput("Only a user can hand in a signature.")
    if len(bundle) > MAX_BUNDLE:
        raise InvalidInput.of("bundle", f"is over {MAX_BUNDLE} characters")
    try:
        read_bundle(bundle)
    except NotABundle as error:
        raise InvalidInput.of("bundle", str(error)) from error
    with transaction.atomic():
        signature, is_new = ModelSignature.objects.get_or_create(
            version=found,
            digest=sha256(bundle.encode()),
            defaults={"bundle": bundle, "added_by": actor.user},
        )
        if is_new:
            _publish_added(signature, found, actor=actor)
            _enqueue(signature, found.asset.workspace, actor=actor)
    return signature


def carry(version: AssetVersion, *, actor: Actor) -> None:
    """Take a promoted version's signatures over from its source, in the current transaction.

    They are verified against the keys that the target trusts.
    """
    if version.promoted_from_id is None or actor.user is None:
        return
    for origin in ModelSignature.objects.filter(version=version.promoted_from_id):
        copy = ModelSignature.objects.create(
            version=version, bundle=origin.bundle, digest=origin.digest, added_by=actor.user
        )
        _enqueue(copy, version.asset.workspace, actor=actor)


def verify_again(workspace: Workspace, *, actor: Actor) -> None:
    """Have every signature in the workspace verified with the keys that it trusts now."""
    for signature in ModelSignature.objects.filter(version__asset__workspace=workspace):
        _enqueue(signature, workspace, actor=actor)


def verify_signature(*, actor: Actor, signature: UUID) -> SignatureVerification:
    """Verify a signature by the keys that its workspace trusts, and record what came out.

    The bytes themselves are not read: their digests were taken when they were stored.
    """
    found = ModelSignature.objects.select_related("version__asset__workspace").get(uuid=signature)
    workspace = found.version.asset.workspace
    trusted = TrustedKey.objects.as_of(None).filter(workspace=workspace).order_by("pk")
    artifacts = VersionArtifact.objects.filter(version=found.version)
    outcome = verify(
        found.bundle,
        keys=_model_keys(trusted.values_list("pem", flat=True)),
        artifacts=dict(artifacts.values_list("path", "digest")),
    )
    with transaction.atomic():
        verification = SignatureVerification.objects.create(
            signature=found,
            status=outcome.status,
            reason=outcome.reason,
            signer=outcome.signer,
            tool=TOOL,
            tool_version=TOOL_VERSION,
        )
        publish(
            SignatureVerified(
                subject=full_reference(found.version),
                workspace=workspace.uuid,
                digest=found.version.digest,
                version=str(found.version.uuid),
                signature=str(found.uuid),
                status=outcome.status,
                signer=outcome.signer,
                tool_version=TOOL_VERSION,
            ),
            actor=actor,
        )
    return verification


def _model_keys(pems: Iterable[str]) -> list[Key]:
    """Return those of the keys that sign models; the others sign bundles."""
    keys = []
    for pem in pems:
        with suppress(NotAKey):
            keys.append(read_key(pem))
    return keys


def denial_of_key(key: UUID) -> Denial | None:
    """Return the denial of a look at a trusted key that the caller may not see."""
    return denial_of(
        TrustedKey, {"uuid": key}, permission=Permission.VIEW, workspace_path="workspace"
    )


def _publish_added(signature: ModelSignature, version: AssetVersion, *, actor: Actor) -> None:
    place = version.asset.workspace
    publish(
        SignatureAdded(
            subject=full_reference(version),
            workspace=place.uuid,
            digest=signature.digest,
            version=str(version.uuid),
            signature=str(signature.uuid),
        ),
        actor=actor,
        roles=access.roles(actor, place.pk),
    )


def _enqueue(signature: ModelSignature, workspace: Workspace, *, actor: Actor) -> None:
    enqueue(
        TASK,
        {"signature": str(signature.uuid)},
        requested_by=actor.user,
        workspace=workspace.uuid,
        dedupe_key=str(signature.uuid),
    )
