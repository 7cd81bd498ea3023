"""Find here what other systems name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.models import AssetVersion
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.actors import Actor
    from registry.importers.entries import Remote
    from registry.services.imports.orders import Order

LOOKED_AT = 50
# The tag of a version that says what it was imported from.
IDENTITY = "imported_from"


def resolved(
    remotes: Iterable[Remote], order: Order, *, workspace: str, actor: Actor
) -> tuple[list[dict[str, str]], list[str]]:
    """Return the links to those that stand here, and a note for each that does not.

    The order may say which version is meant; else it is the newest one of that name, in the
    workspace, whose source is that address.
    """
    links, notes = [], []
    for remote in remotes:
        short = remote.address.partition("://")[2]
        named = order.links.get(remote.address) or order.links.get(short)
        found = None if named else _find(remote, workspace)
        if found is not None:
            named = str(reference_of(found))
        if named:
            links.append({"role": remote.role, "to": named})
        else:
            notes.append(
                f"{remote.role} {remote.address}: there is no such {remote.kind} in {workspace}; "
                "it is kept as a declared reference in spec.extra"
            )
    return links, notes


def _find(remote: Remote, workspace: str) -> Any:
    named = (
        AssetVersion.objects.filter(
            asset__workspace__slug=workspace,
            asset__kind=remote.kind,
            asset__name__in=remote.names,
            tombstone__isnull=True,
        )
        .select_related("asset__workspace", "spec")
        .order_by("-id")
    )
    same = named.filter(tags__key=IDENTITY, tags__value=remote.address).first()
    if same is not None:
        return same
    candidates = named[:LOOKED_AT]
    return next((one for one in candidates if _is_of(one.spec.body, remote.address)), None)


def _is_of(spec: Mapping[str, Any], address: str) -> bool:
    source = spec.get("source")
    uri = str(source.get("uri", "")) if isinstance(source, dict) else ""
    return uri == address or uri.startswith((f"{address}@", f"{address}/"))
