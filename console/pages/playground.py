"""Try a prompt: fill its variables, read what comes out, and see what another version changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from console.pages.differences import differences
from console.pages.shell import page
from core.denials import record_denial
from core.errors import DomainError, InvalidInput, NotFound
from core.http.parsers import loads
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.kinds.templates import NAMES, as_text, texts_of
from registry.models import AssetVersion
from registry.queries.prompts import render_version
from registry.queries.versions import version_by_uuid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from console.pages.differences import Difference
    from core.actors import Actor
    from registry.queries.prompts import Rendered

NOTHING = ("", "")
BOOLEANS = (("true", "true"), ("false", "false"))
LISTED = 100


class VariablesForm(forms.Form):
    """A field for each variable that a prompt declares; what is left empty takes its default."""

    def __init__(self, variables: Mapping[str, Mapping[str, Any]], data: Any = None) -> None:
        super().__init__(data)
        self.variables = variables
        for name, told in variables.items():
            self.fields[name] = _field(name, told)

    def clean(self) -> dict[str, Any]:
        """Return the values by variable, of their types as far as they can be read so."""
        given = {}
        for name, told in self.variables.items():
            text = self.cleaned_data.get(name, "")
            if text == "":
                continue
            try:
                given[name] = text if told["type"] == "string" else loads(text.encode())
            except InvalidInput:
                self.add_error(name, f"must be {NAMES[told['type']]}, as JSON")
        return given


def _field(name: str, told: Mapping[str, Any]) -> forms.Field:
    is_optional = not told.get("required", True) or told.get("default") is not None
    default = told.get("default")
    hints = [told.get("description", ""), NAMES[told["type"]].capitalize() + "."]
    if default is not None:
        hints.append(f"Empty is {json.dumps(default, ensure_ascii=False)[:80]}.")
    elif is_optional:
        hints.append("May stay empty.")
    else:
        hints.append("Required.")
    choices: list[tuple[str, str]] = []
    if "enum" in told:
        choices = [(as_text(value), as_text(value)) for value in told["enum"]]
    elif told["type"] == "boolean":
        choices = [*BOOLEANS]
    widget: forms.Widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    if choices:
        widget = UnfoldAdminSelectWidget(choices=[NOTHING, *choices])
    elif told["type"] in {"integer", "number"}:
        widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"})
    # What is lacking is told by the service: it knows every rule.
    return forms.CharField(
        label=name,
        required=False,
        help_text=" ".join(filter(None, hints)),
        widget=widget,
        strip=False,
    )


def playground(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the page; raises NotFound for what is missing, foreign or no prompt."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)
    if version.asset.kind != "prompt":
        raise NotFound
    spec = version.spec.body
    form = VariablesForm(spec.get("variables", {}), request.POST or None)
    rendered = None
    if request.method == "POST" and form.is_valid():
        rendered = _rendered(actor, version, form)
    other = _other(actor, version, request.GET.get("against", ""))
    return page(
        site,
        request,
        "console/playground.html",
        title=f"Try {version.asset.name} v{version.number}",
        original=version,
        version=version,
        asset=version.asset,
        form=form,
        rendered=rendered,
        shown=_shown(spec, rendered),
        includes=spec.get("includes", {}),
        others=_others(version),
        other=other,
        difference=_difference(actor, other, spec, rendered) if other else None,
    )


def _rendered(actor: Actor, version: AssetVersion, form: VariablesForm) -> Rendered | None:
    try:
        return render_version(actor, version.uuid, form.cleaned_data)
    except NotFound:
        raise
    except DomainError as error:
        record_denial(error, actor=actor)
        operations.show(error, form)
        return None


def _shown(spec: Mapping[str, Any], rendered: Rendered | None) -> list[tuple[str, Any]]:
    """Return the pieces of each text with the role of its message; none before it is rendered."""
    if rendered is None:
        return []
    roles = [message["role"] for message in spec.get("messages", ())] or [""]
    return list(zip(roles, rendered.pieces, strict=True))


def _others(version: AssetVersion) -> list[AssetVersion]:
    rows = AssetVersion.objects.filter(asset=version.asset_id, tombstone__isnull=True)
    return list(rows.exclude(pk=version.pk).order_by("-number")[:LISTED])


def _other(actor: Actor, version: AssetVersion, number: str) -> AssetVersion | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    rows = AssetVersion.objects.filter(asset=version.asset_id, number=int(number))
    found = rows.filter(tombstone__isnull=True).first()
    return version_by_uuid(actor, found.uuid) if found else None


def _difference(
    actor: Actor, other: AssetVersion, spec: Mapping[str, Any], rendered: Rendered | None
) -> Difference:
    """Return how the other version differs: in what comes out where both take the same values,
    else in the templates."""
    if rendered is not None:
        try:
            theirs = render_version(actor, other.uuid, _taken(other, rendered.variables))
        except DomainError:
            pass
        else:
            return differences(
                _lines(theirs.body), _lines(rendered.body), of="what comes out of the same values"
            )
    return differences(_written(other.spec.body), _written(spec), of="the templates")


def _taken(other: AssetVersion, values: Mapping[str, Any]) -> dict[str, Any]:
    known = other.spec.body.get("variables", {})
    return {name: value for name, value in values.items() if name in known and value is not None}


def _lines(body: Mapping[str, Any]) -> list[str]:
    if body["type"] == "text":
        return str(body["text"]).splitlines()
    return [
        line
        for message in body["messages"]
        for line in (f"[{message['role']}]", *message["content"].splitlines())
    ]


def _written(spec: Mapping[str, Any]) -> list[str]:
    roles = [f"[{message['role']}]" for message in spec.get("messages", ())] or [""]
    lines = []
    for role, text in zip(roles, texts_of(spec), strict=True):
        lines += [role] if role else []
        lines += text.splitlines()
    return lines
