"""The page of docs/ on how far the shipped policies cover laws and standards. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policies.packs.catalog import ShippedPolicy
from policies.packs.controls import Framework
from policies.packs.coverage import ControlCoverage, FrameworkCoverage, Supporter, coverage

_INTRO = """# Coverage of laws and standards

Policies name the controls that they support, and every name leads to a control of a catalogue
(`policies/packs/controls/`). This page says what the policies that ship cover; what an organisation
wrote itself, and what it assigned where, is at `/api/policies/coverage/` and in the console under
Coverage. It is written by `python -m policies.packs.tables`.

| word | meaning |
|---|---|
| automatic | a rule checks a part of the control by what platforms and the registry tell |
| manual | only the pack `governance` supports it: by a record that people keep, or an attestation |
| none | no policy that ships refers to it |

A rule checks a part. Whether a control is met also needs what no policy can see: nothing here says
that a system conforms to a law or a standard. Titles stand where they are certain, with their
sources in the catalogue; the rest are the public ids.

| framework | controls | automatic | manual | none |
|---|---|---|---|---|
"""
_FURTHER = """
Policies also refer to these, whose catalogues are not complete, so that no share is given: {names}.
"""


def controls_page(known: Iterable[Framework], policies: Sequence[ShippedPolicy]) -> str:
    """The page: the counts of each whole framework, then what covers each of its controls."""
    supporters = [_supporter(policy) for policy in policies]
    found = [coverage(framework, supporters) for framework in known]
    whole = [each for each in found if each.framework.is_complete]
    page = [_INTRO, *[_counts(each) for each in whole]]
    others = [each.framework for each in found if not each.framework.is_complete]
    names = ", ".join(f"{each.title} (`{each.name}`)" for each in others)
    page.append(_FURTHER.format(names=names))
    for each in whole:
        page += [
            f"\n## {each.framework.title}\n\n{each.framework.source}. {each.framework.note}\n\n",
            "| control | title | covered | by |\n|---|---|---|---|\n",
            *[
                _control(control)
                for control in each.controls
                if control.automatic or control.manual
            ],
            f"\nNot covered: {_missing(each)}.\n",
        ]
    return "".join(page)


def _supporter(policy: ShippedPolicy) -> Supporter:
    return Supporter.of(
        f"{policy.pack}.{policy.name}",
        controls=policy.metadata.controls,
        input_kinds=policy.metadata.input_kinds,
    )


def _counts(found: FrameworkCoverage) -> str:
    counts = found.available
    shares = (
        f"{counts.automatic} ({counts.automatic_percent} %)",
        f"{counts.manual} ({counts.manual_percent} %)",
        f"{counts.none} ({counts.none_percent} %)",
    )
    name = f"{found.framework.title} (`{found.framework.name}`)"
    return f"| {name} | {counts.total} | {' | '.join(shares)} |\n"


def _control(found: ControlCoverage) -> str:
    policies = ", ".join(f"`{name}`" for name in (*found.automatic, *found.manual))
    cells = (f"`{found.control.name}`", found.control.title, found.level.value, policies)
    return f"| {' | '.join(cells)} |\n"


def _missing(found: FrameworkCoverage) -> str:
    names = [each.control.name for each in found.controls if not each.automatic + each.manual]
    return ", ".join(f"`{name}`" for name in names) or "none"
