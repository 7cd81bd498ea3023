"""How versions relate. A link is read "<this version> <role> <target>"."""

from __future__ import annotations

from enum import StrEnum


class LinkRole(StrEnum):
    """The relations between versions."""

    TRAINED_ON = "trained_on"
    EVALUATED_ON = "evaluated_on"
    FINE_TUNED_FROM = "fine_tuned_from"
    ADAPTER_OF = "adapter_of"
    DISTILLED_FROM = "distilled_from"
    MERGED_FROM = "merged_from"
    DERIVED_FROM = "derived_from"
    EVALUATES = "evaluates"
    USES_MODEL = "uses_model"
    USES_PROMPT = "uses_prompt"
    USES_DATASET = "uses_dataset"
    USES_FLOW = "uses_flow"


# Which kind a link of a role points at; None where any kind may be meant.
TARGET_KINDS: dict[LinkRole, frozenset[str] | None] = {
    LinkRole.TRAINED_ON: frozenset({"dataset"}),
    LinkRole.EVALUATED_ON: frozenset({"dataset"}),
    LinkRole.FINE_TUNED_FROM: frozenset({"model"}),
    LinkRole.ADAPTER_OF: frozenset({"model"}),
    LinkRole.DISTILLED_FROM: frozenset({"model"}),
    LinkRole.MERGED_FROM: frozenset({"model"}),
    LinkRole.DERIVED_FROM: None,
    LinkRole.EVALUATES: frozenset({"model", "prompt", "flow"}),
    LinkRole.USES_MODEL: frozenset({"model"}),
    LinkRole.USES_PROMPT: frozenset({"prompt"}),
    LinkRole.USES_DATASET: frozenset({"dataset"}),
    LinkRole.USES_FLOW: frozenset({"flow"}),
}
