"""Connections: how a service is reached, with references to secrets and never the secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.kinds.base import Kind, LinkedVersion, Problem
from registry.kinds.links import LinkRole
from registry.kinds.secrets import check_secrets, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WITHOUT_SECRET = frozenset({"none", "managed_identity"})


def check_connection(
    spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]
) -> Iterator[Problem]:
    """Yield a problem for everything that looks like a secret, or like a broken reference."""
    yield from check_secrets(spec, "spec")
    authentication = spec.get("authentication", {"method": "none"})
    secrets = authentication.get("secrets", {})
    for name, reference in secrets.items():
        if not is_reference(reference):
            yield Problem(
                f"spec.authentication.secrets.{name}",
                "is no reference: write env:NAME, file:/path, vault:path#key, "
                "keyvault:vault/secret, secretsmanager:id, gcpsecret:project/name or "
                "k8s:namespace/secret#key",
            )
    if authentication["method"] not in WITHOUT_SECRET and not secrets:
        yield Problem(
            "spec.authentication.secrets",
            f"the method {authentication['method']} needs a reference to a secret",
        )


CONNECTION = Kind(
    slug="connection",
    label="Connection",
    plural="connections",
    schema_version=1,
    summary="How a service is reached: its address, and references to secrets kept elsewhere.",
    link_roles=frozenset({LinkRole.DERIVED_FROM}),
    extra_check=check_connection,
    is_confidential=True,
)
