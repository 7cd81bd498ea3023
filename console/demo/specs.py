"""What the demo registers: specs of models, prompts and results. Free of Django."""

from __future__ import annotations

from typing import Any

# Metadata as its maker publishes it with the model.
BASE_MODEL: dict[str, Any] = {
    "source": {
        "type": "uri",
        "uri": "https://huggingface.co/Qwen/Qwen2.5-0.5B-Instruct",
        "provider": "Qwen",
    },
    "task": "text-generation",
    "license": "Apache-2.0",
    "parameters": 494_032_768,
    "context_length": 32_768,
    "modalities": ["text"],
    "architecture": "Qwen2ForCausalLM",
    "framework": "transformers",
    "languages": ["en", "zh", "fr", "es", "pt", "de", "it", "ru", "ja", "ko", "vi", "th", "ar"],
    "card": {
        "summary": "The smallest instruction-tuned model of the Qwen2.5 family.",
        "intended_use": "Short answers and structured output on modest hardware.",
        "out_of_scope_use": "Decisions about people.",
        "limitations": "Little knowledge for its size; answers need grounding in given text.",
        "human_oversight": "Answers to customers are sampled and read by the support team.",
    },
}
# Real as well, and not for commercial use: the licence policy refuses it.
RESEARCH_MODEL: dict[str, Any] = {
    "source": {
        "type": "uri",
        "uri": "https://huggingface.co/CohereForAI/c4ai-command-r-v01",
        "provider": "Cohere For AI",
    },
    "task": "text-generation",
    "license": "CC-BY-NC-4.0",
    "parameters": 35_000_000_000,
    "context_length": 131_072,
    "modalities": ["text"],
    "architecture": "CohereForCausalLM",
    "framework": "transformers",
    "languages": ["en", "fr", "es", "it", "de", "pt", "ja", "ko", "zh", "ar"],
    "card": {
        "summary": "A research release for reasoning, summarising and answering from documents.",
        "intended_use": "Research into retrieval-augmented generation.",
        "limitations": "Its licence excludes commercial use.",
    },
}


def fine_tuned(*, epochs: int, notes: str) -> dict[str, Any]:
    """Return the spec of our own model, as trained for ``epochs``."""
    return {
        "source": {
            "type": "uri",
            "uri": f"s3://assist-models/support-chat/epochs-{epochs}/",
            "provider": "Support assistant team",
        },
        "task": "text-generation",
        "license": "Apache-2.0",
        "parameters": 494_032_768,
        "context_length": 32_768,
        "modalities": ["text"],
        "architecture": "Qwen2ForCausalLM",
        "framework": "transformers",
        "languages": ["en"],
        "hyperparameters": {
            "epochs": epochs,
            "learning_rate": 0.00001,
            "batch_size": 8,
            "sequence_length": 1024,
            "seed": 20,
        },
        "risk_tier": "limited",
        "card": {
            "summary": f"Qwen2.5-0.5B-Instruct tuned on our support tickets. {notes}",
            "intended_use": "Drafting answers to questions about orders, tools and accounts.",
            "out_of_scope_use": "Advice on safety of machines; such tickets go to a person.",
            "limitations": "English only. It knows our rules of the day it was trained.",
            "training_data": "The train split of support-tickets, written by the support team.",
            "evaluation": "Groundedness, fluency and coherence on the test split.",
            "human_oversight": "A person sends every answer of high priority.",
            "contact": "Support assistant team",
        },
    }


ANSWER_VARIABLES = {
    "question": {"type": "string", "description": "What the customer wrote.", "required": True},
    "passages": {"type": "list", "description": "What the handbook says.", "required": True},
}
ANSWER_PROMPTS: tuple[dict[str, Any], ...] = (
    {
        "type": "text",
        "template": "Answer the customer.\n\nHandbook:\n{{passages}}\n\nCustomer:\n{{question}}\n",
        "variables": ANSWER_VARIABLES,
        "purpose": "First draft.",
        "language": "en",
    },
    {
        "type": "text",
        "template": (
            "You answer for the support of a tool shop.\n"
            "Use only what the handbook says below. If it does not say, answer that a colleague"
            " will call.\nAt most four sentences, friendly, no promises about dates.\n\n"
            "Handbook:\n{{passages}}\n\nCustomer:\n{{question}}\n"
        ),
        "variables": ANSWER_VARIABLES,
        "settings": {"temperature": 0.2, "max_tokens": 200},
        "purpose": "Grounded answers: nothing that the handbook does not say.",
        "language": "en",
    },
    {
        "type": "text",
        "template": (
            "You answer for the support of a tool shop.\n"
            "Use only what the handbook says below, and name the menu or page it speaks of. If it"
            " does not say, answer that a colleague will call.\nAt most four sentences, friendly,"
            " no promises about dates. If somebody could be hurt, first say to stop.\n\n"
            "Handbook:\n{{passages}}\n\nCustomer:\n{{question}}\n"
        ),
        "variables": ANSWER_VARIABLES,
        "settings": {"temperature": 0.2, "max_tokens": 220},
        "purpose": "Grounded answers that say where to click, and safety first.",
        "language": "en",
    },
)
TRIAGE_PROMPT: dict[str, Any] = {
    "type": "chat",
    "messages": [
        {
            "role": "system",
            "content": "Sort the ticket: login, billing, shipping, returns, warranty, product,"
            " privacy or order; then low, normal or high. Answer with the two words only.",
        },
        {"role": "user", "content": "{{subject}}\n\n{{question}}"},
    ],
    "variables": {
        "subject": {"type": "string", "required": True},
        "question": {"type": "string", "required": True},
    },
    "settings": {"temperature": 0, "max_tokens": 6},
    "purpose": "Where a ticket goes, and how soon.",
    "language": "en",
}

SHOP_TONE: dict[str, Any] = {
    "type": "text",
    "template": (
        "You write for a tool shop, in a {{tone}} voice and at most {{sentences}} sentences."
        " You promise nothing about dates."
    ),
    "variables": {
        "tone": {
            "type": "string",
            "enum": ["friendly", "formal", "brief"],
            "default": "friendly",
            "description": "How the shop sounds.",
        },
        "sentences": {"type": "integer", "default": 4, "description": "At most so many."},
    },
    "purpose": "How every text of the shop sounds.",
    "language": "en",
}


def order_reply(tone: str, *, names_carrier: bool) -> dict[str, Any]:
    """Return the spec of the chat prompt about orders; ``tone`` is the digest of SHOP_TONE."""
    order = "Order {{order}}, paid: {{is_paid}}, items:\n{{items}}"
    return {
        "type": "chat",
        "messages": [
            {
                "role": "system",
                "content": "{{> shop_tone}}\n\nAnswer from the order below and from nothing else."
                + (" Name the carrier if the order does." if names_carrier else ""),
            },
            {"role": "system", "content": order},
            {"role": "user", "content": "{{question}}"},
        ],
        "variables": SHOP_TONE["variables"]
        | {
            "order": {"type": "string", "description": "Its number."},
            "is_paid": {"type": "boolean", "default": True},
            "items": {"type": "array", "default": [], "description": "A list of names."},
            "question": {"type": "string", "description": "What the customer wrote."},
        },
        "includes": {"shop_tone": {"digest": tone}},
        "settings": {"temperature": 0.2, "max_tokens": 200},
        "purpose": "Answers on one order.",
        "language": "en",
    }


def evaluation(*, samples: int, notes: str) -> dict[str, Any]:
    """Return the spec of a result over ``samples`` questions."""
    return {
        "method": "offline evaluation on the test split",
        "hypothesis": "The flow answers from the handbook at 3.5 or better on each scale.",
        "conclusion": "supported",
        "evaluators": [
            {
                "name": "answer-judge",
                "type": "model",
                "version": "2026-10",
                "scale": "1 (poor) to 5 (excellent), the mean over all samples",
                "configuration": {"temperature": 0, "rubric": "groundedness, fluency, coherence"},
            },
            {
                "name": "support-lead",
                "type": "human",
                "scale": "1 to 5, a sample of eight answers, read blind",
            },
        ],
        "samples": samples,
        "notes": notes,
    }


def scores(
    *, groundedness: float, fluency: float, coherence: float, human: float
) -> list[dict[str, Any]]:
    """Return the metrics of a result, each with the evaluator that gave it."""
    return [
        {"name": "groundedness", "value": groundedness, "evaluator": "answer-judge"},
        {"name": "fluency", "value": fluency, "evaluator": "answer-judge"},
        {"name": "coherence", "value": coherence, "evaluator": "answer-judge"},
        {"name": "groundedness", "value": human, "evaluator": "support-lead"},
    ]
