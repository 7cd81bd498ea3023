"""Take secrets out of what others tell, and say where they were."""

from __future__ import annotations

from typing import Any

from registry.kinds.secrets import FORMS, is_reference, names_a_secret

REDACTED = "[redacted]"


def without_secrets(value: Any, path: str = "") -> tuple[Any, list[str]]:
    """Return ``value`` with `REDACTED` in the place of each text that is named like a secret or has
    the form of one, and the places as JSON Pointers (RFC 6901)."""
    places: list[str] = []
    return _redacted(value, path, places), places


def _redacted(value: Any, path: str, places: list[str]) -> Any:
    if isinstance(value, dict):
        return {key: _member(key, each, path, places) for key, each in value.items()}
    if isinstance(value, list):
        return [_redacted(each, f"{path}/{index}", places) for index, each in enumerate(value)]
    if isinstance(value, str) and any(form.search(value) for _, form in FORMS):
        places.append(path)
        return REDACTED
    return value


def _member(key: str, value: Any, path: str, places: list[str]) -> Any:
    place = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
    is_text = isinstance(value, str) and value != ""
    if is_text and names_a_secret(key) and not is_reference(value):
        places.append(place)
        return REDACTED
    return _redacted(value, place, places)
