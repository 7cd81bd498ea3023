"""Register what a bundle carries, once, and move no alias."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from django.db import transaction

from core.canonical import canonical_digest, parse_canonical
from core.errors import AccessDenied, Conflict, Denial, InvalidInput
from core.journal import publish
from registry import access
from registry.bundles.archive import BadArchive
from registry.bundles.manifest import BadBundle, Bundle, opened
from registry.bundles.origin import Origin, Place, claimed_provenance, read_origin
from registry.bundles.signing import fingerprint, public_pem
from registry.events import BundleImported
from registry.models import AssetVersion, FrozenProvenance, Lifecycle, TrustedKey, Workspace
from registry.permissions import Permission
from registry.queries.cards import cards_of
from registry.queries.life import in_state
from registry.queries.versions import full_reference, reference_of
from registry.services import cards, uploads, versions
from registry.services.bundles.exporting import MEMBERS, ORIGIN
from registry.services.bundles.keys import signing_key

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor


@dataclass(frozen=True)
class Imported:
    """What a bundle became: its versions, what is needed first and the root last, which of them
    are new, and the aliases that the root bore where it came from; none of these was moved."""

    versions: tuple[AssetVersion, ...]
    is_new: tuple[bool, ...]
    suggested_aliases: tuple[str, ...]
    content_digest: str


def import_bundle(*, actor: Actor, workspace: str, file: BinaryIO) -> Imported:
    """Register the members of a bundle in ``workspace``; those that stand there are used again.

    The bundle must be signed by a key that the workspace trusts, or by this installation. Needs
    create_version; into production, an administrator of the organisation: what others import goes
    there by a promotion. Raises InvalidInput with what is wrong with the file, AccessDenied, or
    what registering raises; then nothing is registered.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.CREATE_VERSION, field="workspace"
    )
    require_stage(actor, place)
    try:
        bundle = opened(file)
        if not is_trusted(bundle, place):
            reason = f"is signed by {bundle.signer}, which {place.slug} does not trust"
            raise InvalidInput.of("bundle", reason)
        members, origin = parsed(bundle)
        brought = _bring_bytes(bundle, members, actor=actor, workspace=workspace)
        with transaction.atomic():
            return _register(bundle, members, origin, brought=brought, place=place, actor=actor)
    except (BadBundle, BadArchive) as error:
        raise InvalidInput.of("bundle", f"is not a whole, unchanged bundle: {error}") from error
    except (KeyError, TypeError, IndexError) as error:
        raise InvalidInput.of("bundle", f"holds members of another form ({error})") from error


def require_stage(actor: Actor, place: Workspace) -> None:
    """Raise AccessDenied unless ``actor`` may import into a workspace of that stage."""
    is_production = place.stage == Workspace.Stage.PRODUCTION
    if is_production and not access.administers_organisation(actor):
        raise AccessDenied(
            "Import into a development or staging workspace, and promote from there.",
            denial=Denial(Permission.CREATE_VERSION.value, place.slug, place.uuid),
        )


def is_trusted(bundle: Bundle, place: Workspace) -> bool:
    """Tell whether ``place``, or this installation itself, trusts who signed the bundle."""
    if bundle.signer == fingerprint(public_pem(signing_key())):
        return True
    trusted = TrustedKey.objects.as_of(None).filter(workspace=place, fingerprint=bundle.signer)
    return trusted.exists()


def parsed(bundle: Bundle) -> tuple[list[dict[str, Any]], Origin]:
    """Return the members of a bundle, and where each came from.

    Raises BadBundle: who signs may still write what is none.
    """
    try:
        members, document = json.loads(bundle.read(MEMBERS)), parse_canonical(bundle.read(ORIGIN))
    except (ValueError, RecursionError) as error:
        raise BadBundle("its members are no JSON") from error
    origin = read_origin(document)
    if not isinstance(members, list) or not members or len(members) != len(origin.members):
        raise BadBundle("it tells of other members than it holds")
    if not all(isinstance(each, dict) for each in members):
        raise BadBundle("its members are no objects")
    return members, origin


def _bring_bytes(
    bundle: Bundle, members: list[dict[str, Any]], *, actor: Actor, workspace: str
) -> dict[str, UUID]:
    """Store the bytes of artifacts as uploads; return the upload of each digest."""
    brought: dict[str, UUID] = {}
    for artifact in (one for member in members for one in member["artifacts"]):
        digest = artifact["digest"]
        if artifact["uri"] or digest in brought:
            continue
        name = f"blobs/{digest.removeprefix('sha256:')}"
        if name not in bundle.entries:
            raise BadBundle(f"the bytes of {artifact['path']!r} are missing")
        size = bundle.entries[name].size
        promised = uploads.begin(actor=actor, workspace=workspace, digest=digest, size=size)
        uploads.receive(actor=actor, upload=promised.uuid, chunks=bundle.stream(name), length=size)
        brought[digest] = promised.uuid
    return brought


def _register(
    bundle: Bundle,
    members: list[dict[str, Any]],
    origin: Origin,
    *,
    brought: dict[str, UUID],
    place: Workspace,
    actor: Actor,
) -> Imported:
    Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
    access.require(access.afresh(actor), Permission.CREATE_VERSION, place)
    found: list[AssetVersion] = []
    is_new: list[bool] = []
    for member, came_from in zip(members, origin.members, strict=True):
        links = tuple((role, found[index]) for role, index in member["links"])
        twin = _twin(place, member, links)
        version = twin or _new(
            bundle, member, links, brought=brought, came_from=came_from, place=place, actor=actor
        )
        if twin is None:
            _freeze(version, bundle, origin, came_from)
        found.append(version)
        is_new.append(twin is None)
    _publish(bundle, origin, found, is_new, place=place, actor=actor)
    aliases = tuple(origin.aliases)
    return Imported(tuple(found), tuple(is_new), aliases, bundle.content_digest)


def _publish(
    bundle: Bundle,
    origin: Origin,
    found: list[AssetVersion],
    is_new: list[bool],
    *,
    place: Workspace,
    actor: Actor,
) -> None:
    root = found[-1]
    publish(
        BundleImported(
            subject=full_reference(root),
            workspace=place.uuid,
            digest=root.digest,
            content_digest=bundle.content_digest,
            signer=bundle.signer,
            imported_from=origin.root,
            versions=[
                {"ref": str(reference_of(version)), "digest": version.digest, "is_new": fresh}
                for version, fresh in zip(found, is_new, strict=True)
            ],
        ),
        actor=actor,
        roles=access.roles(actor, place.pk),
    )


def _twin(
    place: Workspace, member: dict[str, Any], links: tuple[tuple[str, AssetVersion], ...]
) -> AssetVersion | None:
    """Return the newest standing version of the same name, content and members.

    Raises Conflict where this content was withdrawn here: an import does not bring it back.
    """
    wanted = {(role, target.pk) for role, target in links}
    standing = AssetVersion.objects.filter(
        asset__workspace=place,
        asset__kind=member["kind"],
        asset__name=member["name"],
        digest=member["digest"],
        tombstone__isnull=True,
    )
    if (bad := standing.filter(in_state(Lifecycle.State.WITHDRAWN)).first()) is not None:
        raise Conflict(f"{reference_of(bad)} has this content and was withdrawn here.")
    for version in standing.select_related("asset__workspace").order_by("-number"):
        if wanted <= set(version.links.values_list("role", "target_id")):
            return version
    return None


def _new(
    bundle: Bundle,
    member: dict[str, Any],
    links: tuple[tuple[str, AssetVersion], ...],
    *,
    brought: dict[str, UUID],
    came_from: Place,
    place: Workspace,
    actor: Actor,
) -> AssetVersion:
    spec = bundle.read(f"content/specs/{member['spec'].removeprefix('sha256:')}.json")
    artifacts = [
        {"path": one["path"], "upload": brought[one["digest"]], "media_type": one["media_type"]}
        if not one["uri"]
        else one
        for one in member["artifacts"]
    ]
    version = versions.register(
        actor=actor,
        workspace=place.slug,
        kind=member["kind"],
        name=member["name"],
        spec=parse_canonical(spec),
        links=[{"role": role, "to": str(reference_of(target))} for role, target in links],
        metrics=member["metrics"],
        artifacts=artifacts,
        origin={"source": came_from.ref},
        reason=f"imported from {came_from.ref}",
    ).version
    if version.digest != member["digest"]:
        raise Conflict(f"{reference_of(version)} would have another digest than the bundle says.")
    if member["card"] is not None and not cards_of([version]):
        cards.write(actor=actor, version=version.uuid, fields=member["card"])
    return version


def _freeze(version: AssetVersion, bundle: Bundle, origin: Origin, came_from: Place) -> None:
    """Keep with a new version what the bundle's signer says of where it came from."""
    body = claimed_provenance(
        origin, came_from, content_digest=bundle.content_digest, signer=bundle.signer
    )
    FrozenProvenance.objects.create(version=version, body=body, digest=canonical_digest(body))
