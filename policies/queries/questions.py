"""Questions: one rule, one document. Whoever asks builds them here and has them answered by
`policies.services.evaluation`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies.documents import (
    CONFIGURATION_SCHEMA,
    configuration_document,
    place,
)
from policies.models import DocumentKind
from policies.queries.configurations import maximum_age
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from policies.models import Snapshot
    from policies.queries.assignments import Rule
    from policies.queries.configurations import Configuration
    from registry.models import AssetVersion, Workspace


@dataclass(frozen=True, kw_only=True)
class Question:
    """What ``rule`` says about ``document`` in ``workspace``.

    ``subject`` names for people and programs what it is about: a resource by type and external
    id, a version by reference, the workspace where there is nothing to judge. Where
    ``unanswerable`` says why, no engine is asked and the answer is unknown.
    """

    rule: Rule
    workspace: Workspace
    kind: DocumentKind
    subject: str
    document: Mapping[str, Any]
    snapshot: Snapshot | None = None
    version: AssetVersion | None = None
    unanswerable: str = ""

    @property
    def asset(self) -> str:
        """Return kind/name of the version that it is about; empty where it is about none."""
        asset = self.version.asset if self.version else None
        return f"{asset.kind}/{asset.name}" if asset else ""


def configuration_questions(
    workspace: Workspace, rules: Iterable[Rule], configurations: Sequence[Configuration]
) -> list[Question]:
    """Return the questions of every rule that judges configurations.

    A rule is asked about each resource of a type that it judges. Where there is none, that is a
    question too, whose answer is unknown: nobody can tell whether there is no such resource or
    nobody submitted it.
    """
    documents = [(each, configuration_document(each.snapshot)) for each in configurations]
    questions: list[Question] = []
    for rule in rules:
        types = judged_types(rule)
        if types is None:
            continue
        judged = [
            _about(each, document, rule=rule)
            for each, document in documents
            if not types or each.resource.type.casefold() in types
        ]
        questions += judged or [_about_nothing(workspace, rule)]
    return questions


def judged_types(rule: Rule) -> frozenset[str] | None:
    """Return the case-folded resource types that a rule judges, empty for any; None when it does
    not judge configurations."""
    types: set[str] = set()
    kinds = [kind.partition("/") for kind in rule.policy_version.described.input_kinds]
    own = [(slash, kind) for document, slash, kind in kinds if document == "configuration"]
    if not own:
        return None
    for slash, kind in own:
        if not slash:
            return frozenset()
        types.add(kind.casefold())
    return frozenset(types)


def _about(configuration: Configuration, document: Mapping[str, Any], *, rule: Rule) -> Question:
    resource = configuration.resource
    age = f"the newest observation is older than {maximum_age().days} days"
    return Question(
        rule=rule,
        workspace=resource.workspace,
        kind=DocumentKind.CONFIGURATION,
        subject=str(resource),
        document=document,
        snapshot=configuration.snapshot,
        unanswerable="" if configuration.is_fresh else age,
    )


def _about_nothing(workspace: Workspace, rule: Rule) -> Question:
    kinds = rule.policy_version.described.input_kinds
    types = [kind.partition("/")[2] for kind in kinds if kind.startswith("configuration/")]
    wanted = f" of type {' or '.join(types)}" if types else ""
    return Question(
        rule=rule,
        workspace=workspace,
        kind=DocumentKind.CONFIGURATION,
        subject=workspace.slug,
        document={
            "schema": CONFIGURATION_SCHEMA,
            "workspace": place(workspace),
            "resource": None,
            "configuration": None,
        },
        unanswerable=f"no configuration of a resource{wanted} has been submitted",
    )


def promotion_questions(
    workspace: Workspace,
    rules: Iterable[Rule],
    *,
    version: AssetVersion,
    document: Mapping[str, Any],
) -> list[Question]:
    """Return the questions of every rule that judges promotions of the version's kind."""
    return [
        Question(
            rule=rule,
            workspace=workspace,
            kind=DocumentKind.PROMOTION,
            subject=str(reference_of(version)),
            document=document,
            version=version,
        )
        for rule in rules
        if judges_promotion(rule, version.asset.kind)
    ]


def judges_promotion(rule: Rule, kind: str) -> bool:
    """Tell whether a rule judges promotions of assets of that kind."""
    return rule.policy_version.described.judges("promotion", kind)
