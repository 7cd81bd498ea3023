"""What the first two sections of Annex IV ask: the AI system, its elements and its development."""

from __future__ import annotations

from audits.dossiers import annex_iv_records as records
from audits.dossiers.annex_iv import Outline, Point, Question

GENERAL = Outline(
    1,
    "General description of the AI system",
    (
        Point(
            "1(a)",
            "Purpose, provider and version",
            (
                Question("1.a.purpose", "Its intended purpose", ("intended_use",), (("purpose",),)),
                Question("1.a.provider", "Name of its provider"),
                Question(
                    "1.a.version",
                    "Its version, and how that relates to earlier ones",
                    records=records.version_told,
                ),
            ),
        ),
        Point(
            "1(b)",
            "Interaction with other hardware, software and AI systems",
            (
                Question(
                    "1.b.interaction",
                    "What it interacts with that is no part of it",
                    ("data_flow",),
                    records=records.members,
                ),
            ),
        ),
        Point(
            "1(c)",
            "Versions of software and firmware",
            (
                Question(
                    "1.c.software",
                    "The software that it needs, with requirements on updates",
                    paths=(("framework",), ("repository",)),
                ),
            ),
        ),
        Point(
            "1(d)",
            "Forms in which it is put into service",
            (
                Question(
                    "1.d.forms",
                    "Packages, downloads, interfaces",
                    paths=(("source", "uri"),),
                    records=records.forms,
                ),
            ),
        ),
        Point(
            "1(e)",
            "Hardware to run on",
            (Question("1.e.hardware", "The hardware on which it is to run"),),
        ),
        Point(
            "1(f)",
            "Component of a product",
            (
                Question(
                    "1.f.product",
                    "Pictures of products that it is a component of, or that it is none",
                ),
            ),
        ),
        Point(
            "1(g)",
            "User interface",
            (Question("1.g.interface", "The user interface for the deployer", ("users",)),),
        ),
        Point(
            "1(h)",
            "Instructions for use",
            (Question("1.h.instructions", "Instructions for the deployer", controls=("art-13.",)),),
        ),
    ),
)

DEVELOPMENT = Outline(
    2,
    "Elements of the AI system and process of its development",
    (
        Point(
            "2(a)",
            "Methods and steps of development",
            (
                Question("2.a.methods", "How it was developed", records=records.methods),
                Question(
                    "2.a.pre-trained",
                    "Systems of others that were used, and how",
                    records=records.pre_trained,
                ),
            ),
        ),
        Point(
            "2(b)",
            "Design specifications",
            (
                Question(
                    "2.b.logic",
                    "Its general logic and what it optimises for",
                    ("summary",),
                    (("task",), ("hyperparameters",)),
                ),
                Question("2.b.choices", "Key choices of design, with reasons and assumptions"),
                Question(
                    "2.b.persons",
                    "The persons or groups that it is to be used on",
                    ("affected_people",),
                    (("affected",),),
                ),
            ),
        ),
        Point(
            "2(c)",
            "Architecture",
            (
                Question(
                    "2.c.architecture",
                    "How its parts build on each other",
                    ("data_flow",),
                    (("architecture",),),
                    records=records.architecture,
                ),
                Question(
                    "2.c.resources",
                    "Computational resources for development, training and tests",
                    ("environmental_impact",),
                ),
            ),
        ),
        Point(
            "2(d)",
            "Data",
            (
                Question(
                    "2.d.sets",
                    "The data sets, their origin, scope and characteristics",
                    ("training_data", "composition", "collection"),
                    records=records.data_sheets,
                    controls=("art-10.",),
                ),
                Question(
                    "2.d.preparation",
                    "How data was selected, labelled and cleaned",
                    ("preparation",),
                    records=records.data_prepared,
                ),
                Question(
                    "2.d.biases",
                    "What the data does not represent",
                    ("known_biases",),
                    records=records.data_biases,
                ),
                Question(
                    "2.d.personal",
                    "Personal data, and the ground for using it",
                    ("consent",),
                    records=records.personal_data,
                ),
            ),
        ),
        Point(
            "2(e)",
            "Human oversight",
            (
                Question(
                    "2.e.oversight",
                    "The measures by which people oversee it",
                    ("human_oversight",),
                    controls=("art-14.",),
                ),
            ),
        ),
        Point(
            "2(f)",
            "Changes determined beforehand",
            (Question("2.f.changes", "Changes to it that are determined beforehand"),),
        ),
        Point(
            "2(g)",
            "Validation and tests",
            (
                Question(
                    "2.g.tests",
                    "Procedures, data, metrics, logs and reports of tests",
                    ("evaluation",),
                    records=records.tests,
                ),
                Question("2.g.impacts", "Impacts that may discriminate", ("bias",)),
            ),
        ),
        Point(
            "2(h)",
            "Cybersecurity",
            (
                Question(
                    "2.h.measures",
                    "Measures of cybersecurity",
                    ("safeguards",),
                    records=records.security,
                    controls=("art-15.5",),
                ),
            ),
        ),
    ),
)
