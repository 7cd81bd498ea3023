"""A page with a form that calls one service."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.denials import record_denial
from core.errors import DomainError, NotFound
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

FIRST_PART = re.compile(r"[^.\[\]]+")
LAST_PART = re.compile(r"[^.\[\]]+$")


@dataclass(frozen=True)
class Operation:
    """What a form page does.

    ``call`` gets the cleaned data, makes the one service call and returns what to tell the user,
    with the level of the message. ``back`` is where a success leads, or a function
    that tells it afterwards.
    """

    title: str
    submit: str
    call: Callable[[dict[str, Any]], tuple[int, str]]
    back: str | Callable[[], str]
    cancel: str
    intro: str = ""
    danger: bool = False
    template: str = "registry/operation.html"
    context: dict[str, Any] = field(default_factory=dict)


def answer(
    request: HttpRequest, operation: Operation, form: forms.Form, *, site: AdminSite
) -> HttpResponse:
    """Show the form, or do the operation and go back.

    A domain error is shown at the field that it names, else above the form; nothing was written.
    """
    if request.method == "POST" and form.is_valid():
        try:
            level, message = operation.call(form.cleaned_data)
        except NotFound:
            raise
        except DomainError as error:
            record_denial(error, actor=actor_of(request))
            show(error, form)
        else:
            messages.add_message(request, level, message)
            back = operation.back
            return redirect(back if isinstance(back, str) else back())
    context = {
        **site.each_context(request),
        "title": operation.title,
        "operation": operation,
        "form": form,
        **operation.context,
    }
    return TemplateResponse(request, operation.template, context)


def show(error: DomainError, form: forms.Form) -> None:
    """Put a domain error at the field that it names, else above the form."""
    if not error.errors:
        form.add_error(None, error.detail)
    for item in error.errors:
        last, first = LAST_PART.search(item.field), FIRST_PART.match(item.field)
        if last and last[0] in form.fields:
            form.add_error(last[0], item.reason)
        else:
            name = first[0] if first and first[0] in form.fields else None
            form.add_error(name, f"{item.field}: {item.reason}")


def text(label: str, *, help_text: str = "", required: bool = True, **more: Any) -> forms.CharField:
    """Return a one-line field."""
    widget = UnfoldAdminTextInputWidget()
    return forms.CharField(
        label=label, help_text=help_text, required=required, widget=widget, **more
    )


def prose(
    label: str, *, help_text: str = "", required: bool = True, rows: int = 4
) -> forms.CharField:
    """Return a field for some sentences."""
    widget = UnfoldAdminTextareaWidget(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, widget=widget)


def choice(
    label: str,
    choices: Iterable[tuple[str, str]] = (),
    *,
    help_text: str = "",
    required: bool = True,
) -> forms.ChoiceField:
    """Return a field for one of few."""
    widget = UnfoldAdminSelectWidget()
    return forms.ChoiceField(
        label=label, choices=list(choices), help_text=help_text, required=required, widget=widget
    )
