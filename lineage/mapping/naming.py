"""What our assets and our work are called in OpenLineage.

A dataset is an asset; its version stands in facets, because consumers tell datasets apart by name.
The workspace is part of the name as well as of the namespace's host, because some consumers drop
the host: without it the copies of one asset in two workspaces would fall together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from core.references import Reference

# Names the rules by which these events are made; it changes when their meaning does.
PRODUCER = "urn:muniment:lineage:1"
INTEGRATION = "MUNIMENT"


def dataset_namespace(instance: str) -> str:
    """Return the namespace of all datasets of an installation."""
    return f"muniment://{instance}"


def dataset_name(asset: Reference) -> str:
    """Return ``workspace/kind/name``; what has no place in a URI path is percent-encoded."""
    return f"{asset.workspace}/{asset.kind}/{quote(asset.name, safe='')}"


def job_namespace(workspace: str) -> str:
    """Return the namespace of the work done in a workspace."""
    return f"muniment.{workspace}"


def job_name(verb: str, asset: Reference) -> str:
    """Return ``verb.kind.name``: one job per asset that it makes.

    Consumers that keep the inputs of a job's last run only so keep those of each asset.
    """
    return f"{verb}.{asset.kind}.{quote(asset.name, safe='')}"
