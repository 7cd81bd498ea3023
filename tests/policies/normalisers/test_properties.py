"""What holds for every form and any document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.normalisers import (
    FORMS,
    Hints,
    NormalisationError,
    NormalisedResource,
    normalise,
)
from tests.policies.normalisers.seeds import SEEDS

# Names that forms look for, so that documents get past the first check.
WORDS = """
    type name id properties resources value parameters variables copy count input scope
    template condition Resources Type Properties Ref Fn::Sub Fn::If Fn::Join Conditions
    Parameters Default planned_values root_module child_modules values address mode
    resource_changes change after_unknown sensitive_values identity managed_network encryption
    public_network_access endpoint_name auth_mode ssh_settings customer_managed_key
    cluster_id workspace_id config endpoints assetType resource data ModelArn
    NotebookInstanceArn diagnosticSettings raiPolicies external_id configuration
    managedIdentities computes deployments defaultValue
"""
NAMES = st.sampled_from(WORDS.split())
TEXTS = st.sampled_from(
    [
        "Microsoft.MachineLearningServices/workspaces",
        "Microsoft.CognitiveServices/accounts/deployments",
        "Microsoft.Resources/deployments",
        "Microsoft.Insights/diagnosticSettings",
        "AWS::SageMaker::Model",
        "azurerm_machine_learning_workspace",
        "aws_sagemaker_domain",
        "computeinstance",
        "[parameters('name')]",
        "[concat(variables('a'), copyIndex())]",
        "[resourceId('a/b', 'c')]",
        "[if(true(), 'x', 'y')]",
        "${name}",
        "/subscriptions/1/providers/a/b/c",
        "projects/1/locations/l/endpoints/1",
    ]
) | st.text(max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=6),
    max_leaves=30,
)


@st.composite
def documents(draw: st.DrawFn, form: str) -> Any:
    """Anything, or a right document with anything in one place."""
    if draw(st.integers(0, 3)) == 0:
        return draw(DOCUMENTS)
    document = {"": json.loads(json.dumps(SEEDS[form]))}
    places = list(containers(document))
    holder, key = draw(st.sampled_from(places))
    holder[key] = draw(DOCUMENTS)
    return document[""]


def containers(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from containers(value[key])


HINTS = st.builds(
    Hints,
    type=st.just("") | TEXTS,
    external_id=st.just("") | TEXTS,
    module=st.sampled_from(["avm/res/cognitive-services/account", "", "no/such"]),
)
# Words that a form means by what stands in a document, without writing them.
MEANT = {
    "Enabled",
    "Disabled",
    "Microsoft.KeyVault",
    "Microsoft.Keyvault",
    "SystemAssigned",
    "UserAssigned",
    "SystemAssigned, UserAssigned",
    "ComputeInstance",
    "AmlCompute",
    "Hub",
    "Project",
    "AIServices",
    "azurebot",
    "None",
}


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), hints=HINTS)
def test_a_form_gives_resources_or_its_own_error(
    form: str, data: st.DataObject, hints: Hints
) -> None:
    document = data.draw(documents(form))
    before = json.dumps(document)
    found = read(form, document, hints)

    assert json.dumps(document) == before
    for each in found:
        assert each.type
        assert each.external_id
        json.dumps(each.configuration, allow_nan=False)
        assert set((each.fields or {}).values()) <= {"declared", "observed", "absent"}


def read(form: str, document: Any, hints: Hints) -> list[NormalisedResource]:
    """The resources; none where the form refuses the document by its own error."""
    try:
        found, _ = normalise(form, document, hints=hints)
    except NormalisationError:
        return []
    return found


@pytest.mark.parametrize("form", FORMS)
def test_the_right_documents_are_right(form: str) -> None:
    assert read(form, SEEDS[form], Hints(module="avm/res/cognitive-services/account"))


def resolves(document: Any) -> bool:
    """Whether a text of the document is an expression, whose value is made of others."""
    return any(isinstance(each, str) and each[:1] in {"[", "$"} for each in leaves(document))


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), hints=HINTS)
def test_no_form_invents_a_value(form: str, data: st.DataObject, hints: Hints) -> None:
    document = data.draw(documents(form).filter(lambda each: not resolves(each)))
    found = read(form, document, hints)
    told = {json.dumps(each) for each in leaves(document)}
    texts = [each.strip() for each in leaves(document) if isinstance(each, str)]

    for resource in found:
        for leaf in leaves(resource.configuration):
            is_told = json.dumps(leaf) in told or leaf in MEANT or isinstance(leaf, bool)
            derived = isinstance(leaf, str) and (
                leaf in {resource.type, resource.external_id, hints.type, hints.external_id}
                or leaf in texts
                or leaf.startswith("PT")
                or any(leaf.casefold() == text.replace("_", "").casefold() for text in texts)
                or any(text.endswith(leaf) for text in texts)
                or leaf.replace(", ", ",") in {text.replace(" ", "") for text in texts}
            )
            assert is_told or derived, (leaf, resource)


@pytest.mark.parametrize("form", FORMS)
def test_documents_nested_without_end_are_refused(form: str) -> None:
    document: Any = {}
    for _ in range(5_000):
        document = {"properties": document}

    with pytest.raises(NormalisationError, match="nested deeper"):
        normalise(form, document)


def test_a_document_of_too_many_resources_is_refused() -> None:
    one = {"type": "t", "external_id": "e", "configuration": {}}

    with pytest.raises(NormalisationError, match="more than 1000"):
        normalise("native", [one] * 1001)
