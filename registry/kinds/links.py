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
    INDEXES = "indexes"
    EMBEDS_WITH = "embeds_with"
    USES_MODEL = "uses_model"
    USES_PROMPT = "uses_prompt"
    USES_DATASET = "uses_dataset"
    USES_FLOW = "uses_flow"
    USES_INDEX = "uses_index"
    USES_TOOL = "uses_tool"
    USES_AGENT = "uses_agent"
    USES_CONNECTION = "uses_connection"


# Which kind a link of a role points at; None where any kind may be meant.
TARGET_KINDS: dict[LinkRole, frozenset[str] | None] = {
    LinkRole.TRAINED_ON: frozenset({"dataset"}),
    LinkRole.EVALUATED_ON: frozenset({"dataset"}),
    LinkRole.FINE_TUNED_FROM: frozenset({"model"}),
    LinkRole.ADAPTER_OF: frozenset({"model"}),
    LinkRole.DISTILLED_FROM: frozenset({"model"}),
    LinkRole.MERGED_FROM: frozenset({"model"}),
    LinkRole.DERIVED_FROM: None,
    LinkRole.EVALUATES: frozenset(
        {"model", "prompt", "flow", "index", "tool", "agent", "application"}
    ),
    LinkRole.INDEXES: frozenset({"dataset"}),
    LinkRole.EMBEDS_WITH: frozenset({"model"}),
    LinkRole.USES_MODEL: frozenset({"model"}),
    LinkRole.USES_PROMPT: frozenset({"prompt"}),
    LinkRole.USES_DATASET: frozenset({"dataset"}),
    LinkRole.USES_FLOW: frozenset({"flow"}),
    LinkRole.USES_INDEX: frozenset({"index"}),
    LinkRole.USES_TOOL: frozenset({"tool"}),
    LinkRole.USES_AGENT: frozenset({"agent"}),
    LinkRole.USES_CONNECTION: frozenset({"connection"}),
}
