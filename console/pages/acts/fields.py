"""Fields of forms that take structured text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from core.errors import DomainError
from core.plain_yaml import loads

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TEXT = 1_000_000


class ObjectField(forms.CharField):
    """YAML or JSON for one object; nothing written is an empty one."""

    def __init__(self, label: str, *, help_text: str = "", rows: int = 12) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            max_length=MAX_TEXT,
            strip=False,
            widget=UnfoldAdminTextareaWidget(
                attrs={"rows": rows, "class": "mu-code", "spellcheck": "false"}
            ),
        )

    def clean(self, value: Any) -> dict[str, Any]:
        """Return the object; raises ValidationError that says where the text is wrong."""
        text = super().clean(value)
        if not text.strip():
            return {}
        try:
            found = loads(text)
        except DomainError as error:
            raise forms.ValidationError(error.detail.replace("The body", "The text")) from error
        if not isinstance(found, dict):
            raise forms.ValidationError("Write an object: lines such as “name: value”, or JSON.")
        return found


class WordsField(forms.CharField):
    """Some words between commas."""

    def clean(self, value: Any) -> list[str]:
        """Return the words, each once."""
        text = super().clean(value)
        return list(dict.fromkeys(word for each in text.split(",") if (word := each.strip())))


class LinksField(forms.CharField):
    """A link per line: its role, and the reference of what it leads to."""

    def clean(self, value: Any) -> list[dict[str, str]]:
        """Return the links; raises ValidationError for a line that is none."""
        found = []
        for line in super().clean(value).splitlines():
            role, _, target = line.strip().partition(" ")
            if role and not target.strip():
                raise forms.ValidationError(
                    f"“{line.strip()[:100]}” names no version after the role."
                )
            if role:
                found.append({"role": role, "to": target.strip()})
        return found


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Let a field of ``form`` that takes one, or some, of few take one of ``choices``, each a value
    and how it is called."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def several(label: str, choices: Iterable[tuple[str, str]], *, help_text: str = "") -> Any:
    """Return a field for any of few, none included."""
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        help_text=help_text,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


def number(
    label: str, least: int, most: int, *, help_text: str = "", required: bool = False
) -> Any:
    """Return a field for a whole number."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        required=required,
        widget=UnfoldAdminIntegerFieldWidget,
    )


def yes_no(label: str, *, help_text: str = "") -> Any:
    """Return a field to be ticked."""
    return forms.BooleanField(
        label=label, help_text=help_text, required=False, widget=UnfoldBooleanWidget
    )


def words(label: str, *, help_text: str = "", required: bool = False) -> WordsField:
    """Return a field for some words between commas."""
    return WordsField(
        label=label, help_text=help_text, required=required, widget=UnfoldAdminTextInputWidget()
    )
