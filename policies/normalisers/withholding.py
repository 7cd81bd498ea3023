"""Takes secrets out of documents before anything is kept of them.

A configuration names secrets or refers to them; where one stands in it, policies have no use for
it. What is replaced is found by the name of its key, by the marks that templates and plans put on
it, or by the forms that issuers give their secrets.
"""

from __future__ import annotations

import re
from typing import Any, Final

from policies.normalisers.opaque import is_opaque
from registry.kinds.secrets import form_of_secret, is_reference, names_a_secret

WITHHELD: Final = "(withheld)"
# Beyond what other documents of this service call a secret.
_NAMES = re.compile(
    r"(?:primary|secondary|master|admin|query|instrumentation|appinsights?)_?-?key\Z"
    r"|connection_?-?strings?\Z|user_?-?data\Z|custom_?-?data\Z",
    re.IGNORECASE,
)
_SECRET_TYPES = frozenset({"securestring", "secureobject"})
_VALUES = ("value", "Value", "defaultValue", "Default", "default")
_PAIRS = (("name", "value"), ("Name", "Value"), ("key", "value"), ("Key", "Value"))
# Where Terraform marks what its provider calls sensitive.
_MARKS = (
    ("values", "sensitive_values"),
    ("after", "after_sensitive"),
    ("before", "before_sensitive"),
)


def withheld(value: Any) -> tuple[Any, int]:
    """The document with `WITHHELD` in place of each secret, and how many there were."""
    search = _Search()
    found = search.clean(value)
    return found, search.count


class _Search:
    def __init__(self) -> None:
        self.count = 0

    def clean(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.clean(each) for each in value]
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, str) and form_of_secret(value) and not is_opaque(value):
            return self._withhold()
        return value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        hidden = _hidden(value)
        marks = {kept: value[mark] for kept, mark in _MARKS if kept in value and mark in value}
        cleaned: dict[str, Any] = {}
        for name, inner in value.items():
            if name in hidden or _is_secret(name):
                cleaned[name] = self._secret(inner)
            else:
                cleaned[name] = self.clean(inner)
            if name in marks:
                cleaned[name] = self._marked(cleaned[name], marks[name])
        return cleaned

    def _secret(self, value: Any) -> Any:
        """A value under a secret's name, as a text or as the value of a parameter."""
        if isinstance(value, str):
            return value if _is_harmless(value) else self._withhold()
        if isinstance(value, dict) and not is_opaque(value):
            return {
                name: self._secret(inner) if name in _VALUES else self.clean(inner)
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self._secret(each) for each in value]
        return value

    def _marked(self, value: Any, mark: Any) -> Any:
        if mark is True:
            return value if value is None else self._withhold()
        if isinstance(value, dict) and isinstance(mark, dict):
            return {name: self._marked(inner, mark.get(name)) for name, inner in value.items()}
        if isinstance(value, list) and isinstance(mark, list):
            marks = [*mark, *[None] * len(value)]
            return [self._marked(inner, each) for inner, each in zip(value, marks, strict=False)]
        return value

    def _withhold(self) -> str:
        self.count += 1
        return WITHHELD


def _hidden(value: dict[str, Any]) -> set[str]:
    """The keys of an object that hold a secret by what stands beside them."""
    is_secret = str(value.get("type", "")).casefold() in _SECRET_TYPES
    is_secret = is_secret or str(value.get("NoEcho", "")).casefold() == "true"
    hidden = set(_VALUES) if is_secret else set()
    for name, inner in _PAIRS:
        named = value.get(name)
        if isinstance(named, str) and isinstance(value.get(inner), str) and _is_secret(named):
            hidden.add(inner)
    return hidden


def _is_secret(name: str) -> bool:
    return names_a_secret(name) or _NAMES.search(name) is not None


def _is_harmless(text: str) -> bool:
    """Whether a text under a secret's name says where it lies, or nothing at all."""
    return text in {"", WITHHELD} or is_reference(text) or is_opaque(text)
