"""What bodies look like: strict shapes, with an error for whatever is not asked for."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

# REST framework reads "5" as a number, 5 as a text and 1 as true; a JSON API has no need to guess.
JSON_TYPES: tuple[
    tuple[type[serializers.Field[Any, Any, Any, Any]], tuple[type, ...], str], ...
] = (
    (serializers.ListField, (list,), "a list"),
    (serializers.BooleanField, (bool,), "true or false"),
    (serializers.IntegerField, (int,), "a whole number"),
    (serializers.FloatField, (int, float), "a number"),
    (serializers.CharField, (str,), "a string"),
    (serializers.ChoiceField, (str,), "a string"),
    (serializers.UUIDField, (str,), "a string"),
    (serializers.DateTimeField, (str,), "a string"),
)


class InputSerializer(serializers.Serializer[Any]):
    """The shape of a request body. Unknown fields and values of another JSON type are errors."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the checked values; raises ValidationError with one reason per wrong field."""
        if isinstance(data, dict):
            self._require_known(data)
            self._require_types(data)
        return super().to_internal_value(data)

    def _require_known(self, data: dict[str, Any]) -> None:
        writable = [name for name, field in self.fields.items() if not field.read_only]
        unknown = [name for name in data if name not in writable]
        if unknown:
            reason = f"is not known here; there are {', '.join(writable)}"
            raise serializers.ValidationError({name: [reason] for name in unknown})

    def _require_types(self, data: dict[str, Any]) -> None:
        wrong = {
            name: reason
            for name, field in self.fields.items()
            if name in data and (reason := _type_error(field, data[name]))
        }
        if wrong:
            raise serializers.ValidationError(wrong)


def _type_error(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:
    """Return what is wrong with the JSON type of ``value``, nested like REST framework's errors."""
    if value is None:
        return None  # whether null is allowed is the field's own question
    for kind, types, name in JSON_TYPES:
        if isinstance(field, kind):
            is_number_by_accident = isinstance(value, bool) and bool not in types
            if is_number_by_accident or not isinstance(value, types):
                return [f"must be {name}"]
            break
    if isinstance(field, serializers.ListField):
        found = [_type_error(field.child, member) or [] for member in value]
        return found if any(found) else None
    return None
