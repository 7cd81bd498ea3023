"""Column types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from core.canonical import canonical_json, parse_canonical

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    AnyTextField = models.TextField[Any, Any]
else:
    AnyTextField = models.TextField


class CanonicalJSONField(AnyTextField):
    """A JSON value kept as its canonical text (RFC 8785): the very bytes that its digest covers.

    PostgreSQL's jsonb would write 1e22 out as an integer that has no canonical form, and SQLite's
    JSON would not; here both give back what was hashed. Not for values to be searched by content.
    """

    # Where django-stubs looks for the types of what is written and read.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> Any:
        """Return the value that the text spells."""
        return None if value is None else parse_canonical(value)

    def to_python(self, value: Any) -> Any:
        """Return ``value`` as it is: a Python string is a JSON string, not text to parse."""
        return value

    def get_prep_value(self, value: Any) -> str | None:
        """Return the canonical text; raises InvalidInput for a value that has none."""
        return None if value is None else canonical_json(value).decode()
