"""What Annex IV asks, section by section, and where in our records each answer may stand.

The points are those of the annex; their questions are put in our own words.
"""

from __future__ import annotations

from audits.dossiers import annex_iv_records as records
from audits.dossiers.annex_iv import Outline, Point, Question
from audits.dossiers.annex_iv_system import DEVELOPMENT, GENERAL

CONTROL = Outline(
    3,
    "Monitoring, functioning and control",
    (
        Point(
            "3",
            "Capabilities, limitations and control",
            (
                Question("3.limits", "Limits of its performance", ("limitations",)),
                Question("3.accuracy", "Accuracy for the persons it is used on", ("bias",)),
                Question(
                    "3.risks",
                    "Foreseeable unintended outcomes and sources of risk",
                    ("out_of_scope_use", "risks", "ethical_considerations"),
                ),
                Question(
                    "3.oversight",
                    "Human oversight in use, and means to interpret outputs",
                    ("human_oversight",),
                    controls=("art-14.",),
                ),
                Question(
                    "3.inputs",
                    "Specifications of input data",
                    paths=(("modalities",), ("inputs",), ("languages",)),
                ),
            ),
        ),
    ),
)


def _single(number: int, title: str, *questions: Question) -> Outline:
    return Outline(number, title, (Point(str(number), title, questions),))


OUTLINE = (
    GENERAL,
    DEVELOPMENT,
    CONTROL,
    _single(
        4,
        "Appropriateness of the performance metrics",
        Question("4.metrics", "Why the metrics suit it", ("interpretation",)),
    ),
    _single(
        5,
        "Risk management system",
        Question(
            "5.system",
            "The system of risk management (Article 9)",
            ("risk_assessment",),
            (("risk_tier",), ("risk_reason",)),
            controls=("art-9.",),
        ),
        Question("5.open", "Findings and exemptions on record", records=records.excused),
    ),
    _single(
        6,
        "Changes through the lifecycle",
        Question("6.changes", "Relevant changes that were made", records=records.changes),
    ),
    _single(
        7,
        "Harmonised standards",
        Question(
            "7.standards",
            "Standards applied in full or in part, or what was done instead",
            controls=("art-40", "annex-iv.7"),
        ),
    ),
    _single(
        8,
        "EU declaration of conformity",
        Question("8.declaration", "A copy of the declaration", controls=("art-47", "annex-iv.8")),
    ),
    _single(
        9,
        "Post-market monitoring",
        Question(
            "9.monitoring",
            "The system to evaluate its performance in use (Article 72), with its plan",
            ("monitoring",),
            controls=("art-72.", "annex-iv.9"),
        ),
    ),
)
