"""Register versions from documents, and tell what registering would say."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from django.db import transaction

from core.errors import InvalidInput
from registry.models import Alias, VersionDetails
from registry.queries.cards import cards_of
from registry.queries.documents import FORMAT
from registry.services import cards, descriptions, tags, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from core.actors import Actor
    from registry.models import AssetVersion
    from registry.services.contents import Draft


@dataclass(frozen=True)
class Validation:
    """What registering would have made; nothing of it is there."""

    digest: str
    schema_version: int
    number: int
    is_new: bool


@dataclass(frozen=True)
class Imported:
    """The version, whether this call made it, the aliases of the document that point at other
    content and were left there, and what stands beside it otherwise than written and was kept."""

    version: AssetVersion
    is_new: bool
    aliases_left: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@contextmanager
def _undone() -> Iterator[None]:
    """Undo all that the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def validate(*, actor: Actor, **draft: Unpack[Draft]) -> Validation:
    """Return what ``versions.register`` would make of ``draft``, and write nothing.

    It is registered and undone, so that rights, checks and answers are those of registering.
    Raises what ``versions.register`` raises; InvalidInput tells all that is wrong.
    """
    with _undone():
        registered = versions.register(actor=actor, **draft)
        return _validation(registered.version, is_new=registered.is_new)


def validate_document(
    *, actor: Actor, document: Mapping[str, Any], workspace: str = "", reason: str = ""
) -> Validation:
    """Return what ``import_document`` would make of ``document``, and write nothing."""
    with _undone():
        imported = import_document(
            actor=actor, document=document, workspace=workspace, reason=reason
        )
        return _validation(imported.version, is_new=imported.is_new)


def _validation(version: AssetVersion, *, is_new: bool) -> Validation:
    return Validation(version.digest, version.schema_version, version.number, is_new)


def import_document(
    *,
    actor: Actor,
    document: Mapping[str, Any],
    workspace: str = "",
    if_same: str = "existing",
    reason: str = "",
    origin: Mapping[str, str] | None = None,
    is_keeping: bool = False,
) -> Imported:
    """Register the version that ``document`` describes, with all that stands beside it.

    ``workspace`` overrides the document's. Where the asset has equal content already that version
    is taken, unless ``if_same`` is "new": importing twice is importing once. Tags and
    descriptions are set as written; those that the document does not name stay. A card becomes a
    draft, whatever it was. An alias that points at other content is left there and told: nothing
    is moved by a file. ``origin`` says where a new version comes from; with ``is_keeping`` what
    stands beside it and differs is kept and told, so that no older text overwrites a newer one.
    Needs create_version, and edit_asset for tags, descriptions and card.
    Raises InvalidInput with all that is wrong, or where content or a link has another digest than
    the document says.
    """
    if document.get("format", FORMAT) != FORMAT:
        raise InvalidInput.of("format", f"must be {FORMAT}")
    place = workspace or document.get("workspace", "")
    if not place:
        raise InvalidInput.of("workspace", "is required, here or in the document")
    with transaction.atomic():
        standing = _standing_aliases(place, document)
        draft = _draft(document, place, standing=standing)
        draft |= {"if_same": if_same, "reason": reason}
        if origin is not None:
            draft |= {"origin": origin}
        if is_keeping:  # what a new version has from its first moment is told in its own entry
            draft |= {
                "tags": document.get("tags", {}),
                "version_description": document.get("description", ""),
            }
        registered = versions.register(actor=actor, **draft)
        version = registered.version
        _require_digests(version, document)
        kept = _write_beside(version, document, actor=actor, reason=reason, is_keeping=is_keeping)
    left = tuple(name for name, digest in standing.items() if digest != version.digest)
    return Imported(version, registered.is_new, aliases_left=left, kept=kept)


def _standing_aliases(workspace: str, document: Mapping[str, Any]) -> dict[str, str]:
    """Return those of the document's aliases that point somewhere, with the digest there."""
    return dict(
        Alias.objects.filter(
            asset__workspace__slug=workspace,
            asset__kind=document["kind"],
            asset__name=document["name"],
            name__in=document.get("aliases", ()),
        )
        .order_by("name")
        .values_list("name", "version__digest")
    )


def _draft(document: Mapping[str, Any], workspace: str, *, standing: Mapping[str, str]) -> Draft:
    return {
        "workspace": workspace,
        "kind": document["kind"],
        "name": document["name"],
        "spec": document["spec"],
        "links": [{"role": link["role"], "to": link["to"]} for link in document.get("links", ())],
        "metrics": document.get("metrics", ()),
        "artifacts": document.get("artifacts", ()),
        "aliases": [name for name in document.get("aliases", ()) if name not in standing],
        "description": document.get("asset", {}).get("description", ""),
    }


def _require_digests(version: AssetVersion, document: Mapping[str, Any]) -> None:
    if document.get("digest") and document["digest"] != version.digest:
        raise InvalidInput.of("digest", f"the content of this document has {version.digest}")
    targets = list(version.links.select_related("target").order_by("id"))
    digests = {(link.role, link.target.digest) for link in targets}
    for index, link in enumerate(document.get("links", ())):
        if link.get("digest") and (link["role"], link["digest"]) not in digests:
            raise InvalidInput.of(f"links[{index}].digest", f"{link['to']} has another digest")


def _write_beside(
    version: AssetVersion,
    document: Mapping[str, Any],
    *,
    actor: Actor,
    reason: str,
    is_keeping: bool,
) -> tuple[str, ...]:
    """Write what the document says beside the version; return the fields that were kept."""
    standing = _standing_beside(version, document) if is_keeping else {}
    kept = []
    for field, value, write in _steps(version, document, {"actor": actor, "reason": reason}):
        if field not in standing:
            write()
        elif standing[field] != value:
            kept.append(field)
    return tuple(kept)


def _steps(
    version: AssetVersion, document: Mapping[str, Any], why: Any
) -> Iterator[tuple[str, Any, Callable[[], object]]]:
    """Yield field, value and the call that writes it, of all that the document says."""
    about = document.get("asset", {})
    place, uuid = version.asset.uuid, version.uuid
    if text := about.get("description"):
        yield (
            "asset.description",
            text,
            partial(descriptions.describe_asset, asset=place, description=text, **why),
        )
    if text := document.get("description"):
        yield (
            "description",
            text,
            partial(descriptions.describe_version, version=uuid, description=text, **why),
        )
    for key, value in about.get("tags", {}).items():
        write = partial(tags.set_asset_tag, asset=place, key=key, value=value, **why)
        yield f"asset.tags.{key}", value, write
    for key, value in document.get("tags", {}).items():
        yield (
            f"tags.{key}",
            value,
            partial(tags.set_version_tag, version=uuid, key=key, value=value, **why),
        )
    if fields := document.get("card", {}).get("fields"):
        yield "card", fields, partial(cards.write, version=uuid, fields=fields, **why)


def _standing_beside(version: AssetVersion, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands beside the version of all that the document says something of."""
    asset, about = version.asset, document.get("asset", {})
    found: dict[str, Any] = {}
    if asset.description:
        found["asset.description"] = asset.description
    if document.get("description"):
        details = VersionDetails.objects.filter(version=version).first()
        if details and details.description:
            found["description"] = details.description
    if about.get("tags"):
        found |= {f"asset.tags.{tag.key}": tag.value for tag in asset.tags.all()}
    if document.get("tags"):
        found |= {f"tags.{tag.key}": tag.value for tag in version.tags.all()}
    written = cards_of([version]).get(version.pk) if document.get("card") else None
    if written and not written.is_in_spec:
        found["card"] = written.fields
    return found
