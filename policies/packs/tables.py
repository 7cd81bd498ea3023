"""``python -m policies.packs.tables``: write the pages of docs/ that list the shipped policies.

Run after a change of a policy's METADATA. The pages come from METADATA alone, from the names
of Azure's definitions and from the catalogues of controls.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from policies.packs.azure import AzureDefinition, answered, definitions
from policies.packs.catalog import ShippedPolicy, shipped
from policies.packs.controls import frameworks
from policies.packs.controls_page import controls_page

DOCS = Path(__file__).parents[2] / "docs"

_PACKS = """# Policies that ship

`python3 manage.py install_packs` stores these {count} policies, with a set `muniment-<pack>` for
each pack, the set `muniment-baseline` of what every promotion should show, and the set
`muniment-checklist` of what one into production should show besides. OPA compiled and tested
exactly these bytes (`policies/packs/checked.json`). [policies.md](policies.md) tells what a policy
is; [azure-policies.md](azure-policies.md) which rule answers which built-in policy of Azure.
This page is written by `python -m policies.packs.tables`.
"""

_AZURE = """# Azure's built-in policies

Azure has {count} built-in policy definitions for its AI services; {answered} have a rule of ours.
The tests evaluate Azure's own definitions beside our rules, on documents that are mutated from
tables, and hold the answers together: noncompliant is `fail`, compliant and not applicable are
`pass` or `not_applicable`. What a document cannot tell is `unknown`. Definitions of one intent are
one rule. This page is written by `python -m policies.packs.tables`.

| effect of Azure | here |
|---|---|
| Audit | effect `audit` or `warn` of the assignment |
| AuditIfNotExists | the same; the related resources stand in the document |
| Deny | effect `deny` |
| Modify | effect `modify`: METADATA `modify` is shown as a diff, never applied |
| DeployIfNotExists | effect `audit`; METADATA `remediation` says what to deploy |
| enforceSetting | effect `audit` or `deny`, on what the document tells as `enforcedSettings` |
| Disabled | effect `disabled` |

## What documents tell

A configuration has the shape of Azure's resource manager. What Azure looks up beside a resource, or
asks in words of its data planes, stands in the document like this:

| what Azure asks | where the document has it |
|---|---|
| diagnostic settings of a resource | `diagnosticSettings`, a list of resources |
| DNS zone groups of a private endpoint | `privateDnsZoneGroups`, a list of resources |
| private endpoint connections of a resource | `properties.privateEndpointConnections` |
| the model of an online deployment | `properties.model`: an asset id, or an object with it |
| the content filters of a model deployment | `properties.raiPolicy`: `mode` and `contentFilters` |
| a setting that is enforced on jobs of a compute | `enforcedSettings.<name>` |
| `computeName` of a job | `name`, without the workspace in front |
| `computeType` of a job | `properties.computeType`; AmlCompute is MachineLearningCompute |
| `isIsolatedNetwork` of a job | whether `properties.properties.subnet.id` has a value |
| `tags` of a job | `tags`, each as `key:value` |

The name of a content filter (`properties.raiPolicyName`) does not tell what is in it: without
`properties.raiPolicy` the rules about filters say `unknown`. A filter that is submitted on its own,
as `Microsoft.CognitiveServices/accounts/raiPolicies`, is judged alike, unless the platform manages
it; a declared one may take what it does not list from the policy that it is based on (`unknown`).

An answer of the resource manager comes without related resources and enforced settings: unless
they are submitted with it, the rules about them say `unknown`.

Azure holds a condition on the elements of an array (`logs[*]`) true where there are none. Read so,
*Diagnostic logs in Azure AI services resources should be enabled* would take a setting whose `logs`
are an empty array for one that sends logs. Ours fails it: such a setting sends metrics alone. No
other definition asks whether elements exist and answers an empty array differently.
"""


def packs_page(policies: Sequence[ShippedPolicy]) -> str:
    """The page of every policy, by pack."""
    page = [_PACKS.format(count=len(policies))]
    for pack, members in groupby(policies, key=lambda policy: policy.pack):
        rows = [_policy_row(policy) for policy in members]
        page += [
            f"\n## {pack}\n\n",
            "| policy | title | severity | judges | parameters | controls |\n",
            "|---|---|---|---|---|---|\n",
            *rows,
        ]
    return "".join(page)


def azure_page(known: Sequence[AzureDefinition], policies: Iterable[ShippedPolicy]) -> str:
    """The page of every definition of Azure, by family."""
    rules = answered(policies)
    page = [_AZURE.format(answered=len(rules), count=len(known))]
    for family, members in groupby(known, key=lambda definition: definition.family):
        rows = [_definition_row(each, rules.get(each.id, [])) for each in members]
        page += [
            f"\n## {family}\n\n",
            "| policy of Azure | id | effects | rule | controls |\n|---|---|---|---|---|\n",
            *rows,
        ]
    return "".join(page)


def _policy_row(policy: ShippedPolicy) -> str:
    metadata = policy.metadata
    judged = [kind.partition("/")[2] or f"any {kind}" for kind in metadata.input_kinds]
    return _row(
        f"`{policy.pack}.{policy.name}`",
        metadata.title,
        metadata.severity,
        ", ".join(judged),
        ", ".join(f"`{name}`" for name in metadata.parameters),
        ", ".join(metadata.controls),
    )


def _definition_row(definition: AzureDefinition, rules: Sequence[ShippedPolicy]) -> str:
    controls = dict.fromkeys(control for rule in rules for control in rule.metadata.controls)
    return _row(
        definition.name,
        f"`{definition.id}`",
        ", ".join(definition.effects),
        ", ".join(f"`{rule.pack}.{rule.name}`" for rule in rules) or "none",
        ", ".join(controls),
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def pages() -> dict[Path, str]:
    """What each generated page must say."""
    return {
        DOCS / "policy-packs.md": packs_page(shipped()),
        DOCS / "azure-policies.md": azure_page(definitions(), shipped()),
        DOCS / "controls.md": controls_page(frameworks().values(), shipped()),
    }


def main() -> int:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.name}: {len(text.splitlines())} lines\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
