"""Every form says of every path that a shipped policy reads whether it can tell it."""

from __future__ import annotations

import pytest

from policies.normalisers import FORMS
from policies.packs.catalog import shipped

PREFIX = "configuration/"


def reads() -> dict[str, set[str]]:
    """The paths that shipped policies read, by the type of resource."""
    found: dict[str, set[str]] = {}
    for policy in shipped():
        for kind in policy.metadata.input_kinds:
            if kind.startswith(PREFIX):
                found.setdefault(kind.removeprefix(PREFIX), set()).update(policy.metadata.reads)
    return found


def test_every_form_says_of_every_path_whether_it_can_tell_it() -> None:
    silent = [
        f"{name}: {kind} {path}"
        for name, form in FORMS.items()
        for kind, paths in reads().items()
        if (reach := form.reach(kind)) is not None
        for path in paths
        if reach.tells(path) is None
    ]

    assert silent == []


@pytest.mark.parametrize("kind", [kind for kind in reads() if kind.count(".") or "::" in kind])
def test_every_judged_type_of_a_platform_comes_from_some_form(kind: str) -> None:
    told = [name for name, form in FORMS.items() if form.reach(kind) is not None]

    assert told


@pytest.mark.parametrize(
    ("form", "kind", "path", "tells"),
    [
        ("arm-template", "workspaces", "properties.publicNetworkAccess", True),
        ("arm-template", "workspaces", "properties.privateEndpointConnections", False),
        ("arm-template", "workspaces", "diagnosticSettings", False),
        ("arm-get", "workspaces", "properties.privateEndpointConnections", True),
        ("arm-get", "workspaces", "diagnosticSettings", False),
        ("avm-parameters", "workspaces", "properties.publicNetworkAccess", False),
        ("azureml-cli", "workspaces", "properties.publicNetworkAccess", True),
        ("azureml-cli", "workspaces", "properties.v1LegacyMode", False),
        ("azureml-cli", "workspaces/computes", "properties.disableLocalAuth", False),
        ("terraform-plan", "workspaces", "properties.publicNetworkAccess", True),
        ("terraform-plan", "workspaces", "properties.privateEndpointConnections", False),
        ("terraform-plan", "workspaces/computes", "properties.properties.subnet.id", True),
    ],
)
def test_what_the_forms_of_machine_learning_tell(
    form: str, kind: str, path: str, tells: bool
) -> None:
    reach = FORMS[form].reach(f"Microsoft.MachineLearningServices/{kind}")

    assert reach is not None
    assert reach.tells(path) is tells
