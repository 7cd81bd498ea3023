"""Register versions, one or many in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from django.db import transaction

from core.errors import FieldError, InvalidInput
from core.journal import publish_many
from registry import access
from registry.events import VersionRegistered
from registry.kinds import KINDS
from registry.models import Asset, AssetVersion
from registry.permissions import Permission
from registry.queries.versions import full_reference, reference_of
from registry.services import aliases as alias_service
from registry.services.beside import told
from registry.services.contents import Content, Draft, checked_content
from registry.services.reasons import check_reason
from registry.services.version_rows import ensure_asset, write_versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.actors import Actor
    from registry.models import Workspace

IF_SAME = ("new", "existing")
MAX_DRAFTS = 1_000
MAX_PROBLEMS = 200


@dataclass(frozen=True)
class Registered:
    """The version, and whether this call made it."""

    version: AssetVersion
    is_new: bool


@dataclass(frozen=True)
class _Wanted:
    """A draft that may be registered, with its checked content."""

    draft: Draft
    content: Content


def register(*, actor: Actor, **draft: Unpack[Draft]) -> Registered:
    """Register a version, with its asset where that is new, in one transaction.

    With ``if_same`` "existing" the newest version of equal digest is returned instead of a new
    one, bearing the aliases that were asked for. Needs create_version, the right to move those
    aliases, and view on whatever is linked. Raises InvalidInput, AccessDenied, or Conflict for a
    name that a model or prompt has taken from the other.
    """
    place = _place(draft["workspace"], actor=actor)
    wanted = _checked(draft, place, actor=actor)
    return _write([wanted], place, actor=actor)[0]


def register_many(
    *, actor: Actor, workspace: str, drafts: Sequence[Draft], reason: str = ""
) -> list[Registered]:
    """Register 1 to 1,000 versions as ``register`` does each: all of them, or none.

    Returns them in the order of the drafts. Raises InvalidInput with everything that is wrong
    with any of them, each field with its ``items[index]``. A draft cannot link to another one
    of the same call.
    """
    place = _place(workspace, actor=actor)
    if not 1 <= len(drafts) <= MAX_DRAFTS:
        raise InvalidInput.of("items", f"must be 1 to {MAX_DRAFTS} versions")
    wanted: list[_Wanted] = []
    errors: list[FieldError] = []
    for index, item in enumerate(drafts):
        draft: Draft = {**item, "workspace": workspace, "reason": item.get("reason") or reason}
        try:
            wanted.append(_checked(draft, place, actor=actor))
        except InvalidInput as error:
            if error.denial is not None:
                raise
            found = error.errors or (FieldError("", error.detail),)
            errors += [FieldError(f"items[{index}].{e.field}".rstrip("."), e.reason) for e in found]
    if errors:
        summary = f"{errors[0].field}: {errors[0].reason}; {len(errors)} problem(s) in all."
        raise InvalidInput(summary, errors=errors[:MAX_PROBLEMS])
    return _write(wanted, place, actor=actor)


def _place(slug: str, *, actor: Actor) -> Workspace:
    return access.workspace_by_slug(
        actor, slug, permission=Permission.CREATE_VERSION, field="workspace"
    )


def _checked(draft: Draft, place: Workspace, *, actor: Actor) -> _Wanted:
    if draft["kind"] not in KINDS:
        raise InvalidInput.of("kind", f"must be one of {', '.join(KINDS)}")
    if draft.get("if_same", "new") not in IF_SAME:
        raise InvalidInput.of("if_same", f"must be one of {', '.join(IF_SAME)}")
    check_reason(place, draft.get("reason", ""))
    return _Wanted(draft, checked_content(draft, actor=actor, kind=KINDS[draft["kind"]]))


def _write(wanted: Sequence[_Wanted], place: Workspace, *, actor: Actor) -> list[Registered]:
    """Write asset by asset, in one order for all callers, so that none waits for another."""
    by_asset: dict[tuple[str, str], list[int]] = {}
    for index, one in enumerate(wanted):
        by_asset.setdefault((one.draft["kind"], one.draft["name"]), []).append(index)
    done: dict[int, Registered] = {}
    made_assets: set[int] = set()
    with transaction.atomic():
        for (kind, name), indexes in sorted(by_asset.items()):
            description = wanted[indexes[0]].draft.get("description", "")
            asset, is_new = ensure_asset(place, kind, name, actor=actor, description=description)
            made_assets |= {indexes[0]} if is_new else set()
            group = {index: wanted[index] for index in indexes}
            done |= _write_group(asset, group, actor=actor)
        publish_many(
            [
                _event(done[index].version, one, is_new_asset=index in made_assets)
                for index, one in enumerate(wanted)
                if done[index].is_new
            ],
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
        for index, one in enumerate(wanted):
            _point(one.draft, to=done[index].version, actor=actor)
    return [done[index] for index in range(len(wanted))]


def _write_group(
    asset: Asset, group: Mapping[int, _Wanted], *, actor: Actor
) -> dict[int, Registered]:
    """Write the versions of one asset; a draft whose equal is there already may mean that one."""
    sharing = {w.content.digest for w in group.values() if w.draft.get("if_same") == "existing"}
    twins = _newest_twins(asset, sharing) if sharing else {}
    fresh: dict[int, _Wanted] = {}
    same_as: dict[int, int] = {}
    planned: dict[str, int] = {}
    for index, one in group.items():
        digest, may_share = one.content.digest, one.draft.get("if_same") == "existing"
        if may_share and digest in planned:
            same_as[index] = planned[digest]
        elif not may_share or digest not in twins:
            fresh[index] = one
            planned[digest] = index
    contents = [one.content for one in fresh.values()]
    written = write_versions(asset, contents, actor=actor) if contents else []
    done = {index: Registered(v, is_new=True) for index, v in zip(fresh, written, strict=True)}
    for index, one in group.items():
        if index in same_as:
            done[index] = Registered(done[same_as[index]].version, is_new=False)
        elif index not in done:
            done[index] = Registered(twins[one.content.digest], is_new=False)
    return done


def _newest_twins(asset: Asset, digests: set[str]) -> dict[str, AssetVersion]:
    """Return the newest standing version of each digest, under the lock of the asset."""
    Asset.objects.select_for_update(no_key=True).get(pk=asset.pk)
    found = (
        asset.versions.filter(digest__in=digests, tombstone__isnull=True)
        .select_related("asset__workspace", "spec", "created_by")
        .order_by("number")
    )
    return {version.digest: version for version in found}


def _point(draft: Draft, *, to: AssetVersion, actor: Actor) -> None:
    aliases = draft.get("aliases", ())
    standing = set(to.aliases.values_list("name", flat=True)) if aliases else set()
    for alias in dict.fromkeys(aliases):
        if alias not in standing:
            alias_service.move_within(
                actor=actor, asset=to.asset, alias=alias, to=to, reason=draft.get("reason", "")
            )


def _event(version: AssetVersion, wanted: _Wanted, *, is_new_asset: bool) -> VersionRegistered:
    asset, content = version.asset, wanted.content
    return VersionRegistered(
        subject=full_reference(version),
        workspace=asset.workspace.uuid,
        digest=version.digest,
        reason=wanted.draft.get("reason", ""),
        asset=str(asset.uuid),
        version=str(version.uuid),
        kind=asset.kind,
        name=asset.name,
        number=version.number,
        schema_version=version.schema_version,
        spec_digest=content.spec_digest,
        is_new_asset=is_new_asset,
        links=[
            {
                "role": role,
                "ref": str(reference_of(target)),
                "version": str(target.uuid),
                "digest": target.digest,
            }
            for role, target in content.links
        ],
        metrics=[{**metric, "value": repr(metric["value"])} for metric in content.metrics],
        artifacts=[dict(artifact) for artifact in content.artifacts],
        work=wanted.draft.get("work", ""),
        **told(content.beside),
    )
