"""Register the demo's assets: what a support assistant is made of, and how it did."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.demo import specs
from console.demo.assistant import register_assistant
from console.demo.tickets import TICKETS, DataFile, fields, rows, statistics
from core.canonical import sha256
from registry.queries.versions import reference_of
from registry.services import aliases, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from registry.models import AssetVersion

HOME = "assist-dev"
Link = tuple[str, "AssetVersion"]


@dataclass(frozen=True)
class Content:
    """The flows that the story is about, in the order in which they were made."""

    first: AssetVersion
    unlicensed: AssetVersion
    improved: AssetVersion


@dataclass(frozen=True)
class Register:
    """Registers versions as one account; what is there already is found again."""

    actor: Actor

    def __call__(
        self,
        kind: str,
        name: str,
        spec: dict[str, Any],
        *,
        links: Sequence[Link] = (),
        description: str = "",
        **more: Any,
    ) -> AssetVersion:
        """Return the version of ``spec``, registered where it is missing."""
        return versions.register(
            actor=self.actor,
            workspace=HOME,
            kind=kind,
            name=name,
            spec=spec,
            links=[{"role": role, "to": str(reference_of(to))} for role, to in links],
            description=description,
            if_same="existing",
            **more,
        ).version


def register_everything(author: Actor) -> Content:
    """Register datasets, models, prompts, flows and results; safe to repeat."""
    register = Register(author)
    tickets, questions = _datasets(register)
    base, tuned = _models(register, tickets)
    answers, triage = _prompts(register)
    first = _flow(register, tuned[1], answers[1], triage, purpose="Answers from the handbook.")
    _evaluate(register, first, questions, (4.1, 4.6, 4.4, 4.0), notes="First release candidate.")
    research = register(
        "model", "command-r", specs.RESEARCH_MODEL, description="Tried for longer answers."
    )
    unlicensed = _flow(register, research, answers[1], triage, purpose="Longer answers, as a try.")
    improved = _flow(register, tuned[1], answers[2], triage, purpose="Says where to click.")
    _evaluate(
        register, improved, questions, (4.4, 4.6, 4.5, 4.3), notes="Third prompt, same model."
    )
    register_assistant(register, tickets=tickets, base=base, flow=improved)
    _name(author, base, "approved")
    _name(author, tuned[1], "candidate")
    _name(author, answers[2], "candidate")
    _name(author, improved, "candidate")
    return Content(first, unlicensed, improved)


def _datasets(register: Register) -> tuple[AssetVersion, AssetVersion]:
    common = {
        "format": "application/jsonl",
        "license": "CC0-1.0",
        "fields": fields(),
        "languages": ["en"],
        "personal_data": {
            "contains": False,
            "measures": "Written by the support team; no ticket of a customer was copied.",
        },
    }
    tickets = register(
        "dataset",
        "support-tickets",
        common
        | {
            "purpose": "Tuning and evaluating answers of the support assistant.",
            "source": {"description": "Written by us, after the questions we are often asked."},
            "statistics": statistics(rows(), size=len(TICKETS.body)),
            "preparation": "Every fourth ticket is the test split.",
            "known_biases": "English only, polite customers, one shop.",
        },
        description="Questions to the support of a tool shop, with good answers.",
        artifacts=[TICKETS.as_artifact(media_type="application/jsonl")],
    )
    held_out, body = _held_out()
    questions = register(
        "dataset",
        "support-questions",
        common
        | {
            "purpose": "Evaluation only: no model may be tuned on it.",
            "source": {"description": "The test split of support-tickets."},
            "statistics": statistics(held_out, size=len(body)),
            "extra": {"digest_of_rows": sha256(body)},
        },
        description="The held-out questions.",
        links=[("derived_from", tickets)],
    )
    return tickets, questions


def _held_out() -> tuple[list[dict[str, str]], bytes]:
    """Return the rows of the test split, and the bytes of a file that would hold only them."""
    held_out = rows(split="test")
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in held_out)
    return held_out, text.encode()


def _models(
    register: Register, tickets: AssetVersion
) -> tuple[AssetVersion, tuple[AssetVersion, AssetVersion]]:
    base = register(
        "model", "qwen2.5-0.5b-instruct", specs.BASE_MODEL, description="The approved base model."
    )
    training = DataFile("training.json").as_artifact(media_type="application/json")
    origin = [("trained_on", tickets), ("fine_tuned_from", base)]
    tuned = tuple(
        register(
            "model",
            "support-chat",
            specs.fine_tuned(epochs=epochs, notes=notes),
            links=origin,
            artifacts=[training],
            description="Our own model for drafting answers.",
        )
        for epochs, notes in ((1, "Stopped early."), (3, "The run that is in use."))
    )
    return base, (tuned[0], tuned[1])


def _prompts(register: Register) -> tuple[list[AssetVersion], AssetVersion]:
    answers = [
        register("prompt", "support-answer", spec, description="How the assistant answers.")
        for spec in specs.ANSWER_PROMPTS
    ]
    triage = register(
        "prompt", "support-triage", specs.TRIAGE_PROMPT, description="Where a ticket goes."
    )
    tone = register("prompt", "shop-tone", specs.SHOP_TONE, description="How the shop sounds.")
    for names_carrier in (False, True):
        register(
            "prompt",
            "order-reply",
            specs.order_reply(tone.digest, names_carrier=names_carrier),
            links=[("uses_prompt", tone)],
            description="Answers to questions on one order.",
        )
    return answers, triage


def _flow(
    register: Register,
    model: AssetVersion,
    answer: AssetVersion,
    triage: AssetVersion,
    *,
    purpose: str,
) -> AssetVersion:
    members = {
        "model": ("model", model),
        "answer": ("prompt", answer),
        "triage": ("prompt", triage),
    }
    spec = {
        "purpose": purpose,
        "members": [
            {"name": name, "kind": kind, "asset": member.asset.name, "digest": member.digest}
            for name, (kind, member) in members.items()
        ],
        "steps": [
            {"name": "triage", "type": "classify", "uses": ["model", "triage"]},
            {"name": "retrieve", "type": "retrieve", "uses": [], "parameters": {"passages": 4}},
            {"name": "answer", "type": "generate", "uses": ["model", "answer"]},
        ],
        "inputs": {"subject": "string", "question": "string"},
        "outputs": {"category": "string", "priority": "string", "answer": "string"},
        "content_safety": {"input_filter": "personal-data", "output_filter": "harm"},
        "risk_tier": "limited",
    }
    links = [("uses_model", model), ("uses_prompt", answer), ("uses_prompt", triage)]
    return register(
        "flow", "support-bot", spec, links=links, description="The assistant of the support team."
    )


def _evaluate(
    register: Register,
    flow: AssetVersion,
    questions: AssetVersion,
    found: tuple[float, float, float, float],
    *,
    notes: str,
) -> AssetVersion:
    groundedness, fluency, coherence, human = found
    return register(
        "result",
        "support-bot-evaluation",
        specs.evaluation(samples=len(rows(split="test")), notes=notes),
        links=[("evaluates", flow), ("evaluated_on", questions)],
        metrics=specs.scores(
            groundedness=groundedness, fluency=fluency, coherence=coherence, human=human
        ),
        description="Scores of the assistant on the held-out questions.",
    )


def _name(author: Actor, version: AssetVersion, alias: str) -> None:
    if version.aliases.filter(name=alias).exists():
        return
    reference = reference_of(version)
    aliases.move(
        actor=author,
        asset=f"{reference.workspace}/{reference.kind}/{reference.name}",
        alias=alias,
        to=version.number,
    )
