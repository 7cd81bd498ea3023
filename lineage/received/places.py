"""Addresses of data, as OpenLineage names the datasets that lie there.

The names follow the specification's naming rules: the namespace is the source's address, the name
what it calls the data. https://openlineage.io/docs/spec/naming
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

# Addresses that mean one store, spelled by different clients.
SAME_SCHEME = {"s3a": "s3", "s3n": "s3", "gcs": "gs", "abfs": "abfss", "wasb": "wasbs"}
# Stores whose objects have keys without a leading slash.
OBJECT_STORES = frozenset({"s3", "gs", "abfss", "wasbs", "hf", "azureml", "mlflow-artifacts"})


class PlaceName(NamedTuple):
    """What OpenLineage calls the data at an address."""

    namespace: str
    name: str


def place_of(address: str) -> PlaceName | None:
    """Return the dataset that lies at ``address``; None where that is no absolute address.

    ``s3://bucket/key`` is ``key`` in ``s3://bucket``; ``file:///path`` is ``/path`` in ``file``.
    User names, passwords, queries and fragments are no part of a name.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    scheme = SAME_SCHEME.get(parts.scheme, parts.scheme)
    path = unquote(parts.path).rstrip("/")
    if not scheme or not path:
        return None
    if scheme == "file":
        return PlaceName("file", path)
    if not parts.hostname:
        return None
    host = parts.netloc.rpartition("@")[2]
    if scheme in {"abfss", "wasbs"}:
        host = parts.netloc  # the part before the @ is a container
    elif port is None:
        host = host.rstrip(":")
    name = path.lstrip("/") if scheme in OBJECT_STORES else path
    return PlaceName(f"{scheme}://{host}", name)
