"""Where the bytes of artifacts lie: a folder or an S3-compatible service. Free of Django."""

from __future__ import annotations

# The address of bytes that this service keeps. It holds nothing but their digest, so that equal
# content has an equal version digest in every workspace.
SCHEME = "muniment-blob:"


def stored_uri(digest: str) -> str:
    """Return the address under which a version names stored bytes."""
    return SCHEME + digest


def is_stored(uri: str) -> bool:
    """Tell whether ``uri`` names stored bytes; schemes have no case (RFC 3986 section 3.1)."""
    return uri[: len(SCHEME)].lower() == SCHEME
