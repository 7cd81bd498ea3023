"""The demo's experiment: sorters of tickets that were trained here, and their evaluations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from console.demo.content import HOME, Register
from console.demo.evidence import NotDone, finish
from console.demo.sorter import Trial, train
from console.demo.tickets import rows
from registry.models import Evaluation, Experiment, Run
from registry.queries.versions import reference_of, resolve
from registry.services import experiments
from registry.services.evaluations import request
from registry.services.runs import batches, life

if TYPE_CHECKING:
    from console.demo.sorter import Trained
    from core.actors import Actor
    from registry.models import AssetVersion

NAME = "letters or words for sorting tickets"
HYPOTHESIS = (
    "Pieces of three letters sort tickets better than whole words, since customers misspell:"
    " at least two of the sixteen held-out tickets more are sorted right."
)
TRIALS = (
    Trial("words, slow", "words", 0.5, 60, 0.001),
    Trial("words", "words", 2.0, 60, 0.001),
    Trial("words, fast", "words", 8.0, 60, 0.001),
    Trial("letters", "letters", 2.0, 60, 0.001),
    Trial("letters, fast", "letters", 8.0, 60, 0.001),
)
EVALUATED = ("words, fast", "letters, fast")


def try_sorters(author: Actor) -> None:
    """Train, record, evaluate and conclude; safe to repeat."""
    learn, held_out = rows(split="train"), rows(split="test")
    tickets = resolve(author, f"{HOME}/dataset/support-tickets/1")
    experiment = Experiment.objects.filter(workspace__slug=HOME, name=NAME).first()
    experiment = experiment or experiments.create(
        actor=author,
        workspace=HOME,
        name=NAME,
        hypothesis=HYPOTHESIS,
        tags={"team": "support", "mlflow.note.content": "Softmax regression, full batches."},
    )
    results = []
    for trial in TRIALS:
        trained = train(trial, learn, held_out)
        made = []
        if trial.name in EVALUATED:
            sorter = _register(author, trial, tickets)
            made = [sorter, _evaluate(author, trial, trained, sorter)]
            results.append(made[1])
        _record(author, experiment, trial, trained=trained, made=made)
    if not experiment.verdicts.exists():
        experiments.conclude(
            actor=author,
            experiment=experiment.uuid,
            status="inconclusive",
            text="Words did better here by two tickets, which sixteen tickets cannot tell from"
            " chance. To be tried again with a thousand.",
            results=[str(reference_of(result)) for result in results],
        )


def _register(author: Actor, trial: Trial, tickets: AssetVersion) -> AssetVersion:
    return Register(author)(
        "model",
        "ticket-sorter",
        {
            "source": {
                "type": "uri",
                "uri": f"s3://assist-models/ticket-sorter/{trial.features}/",
                "provider": "Support assistant team",
            },
            "task": "text-classification",
            "license": "Apache-2.0",
            "modalities": ["text"],
            "framework": "numpy",
            "languages": ["en"],
            "hyperparameters": _params(trial),
        },
        links=[("trained_on", tickets)],
        description="Sorts tickets without a language model, to compare with.",
    )


def _params(trial: Trial) -> dict[str, Any]:
    return {
        "features": trial.features,
        "learning_rate": trial.learning_rate,
        "epochs": trial.epochs,
        "penalty": trial.penalty,
    }


def _evaluate(author: Actor, trial: Trial, trained: Trained, sorter: AssetVersion) -> AssetVersion:
    name = f"ticket-sorter-{trial.features}"
    known = Evaluation.objects.filter(workspace__slug=HOME, name=name).first()
    answers = zip(rows(split="test"), trained.answers, strict=True)
    made = known or request.describe(
        actor=author,
        workspace=HOME,
        name=name,
        evaluates=str(reference_of(sorter)),
        dataset=f"{HOME}/dataset/support-questions/1",
        method="held-out tickets, category against the support team's",
        rows="".join(
            json.dumps({"id": row["id"], "output": answer, "reference": row["category"]}) + "\n"
            for row, answer in answers
        ),
    )
    if made.task is not None:
        finish(made.task)
    made = Evaluation.objects.select_related("result__asset__workspace").get(pk=made.pk)
    if made.result is None:
        raise NotDone(f"The evaluation {name} has no result: {made.problems}")
    return made.result


def _record(
    author: Actor,
    experiment: Experiment,
    trial: Trial,
    *,
    trained: Trained,
    made: list[AssetVersion],
) -> None:
    if Run.objects.filter(experiment=experiment, name=trial.name).exists():
        return
    run = life.start(
        actor=author,
        experiment=experiment.uuid,
        name=trial.name,
        params={key: str(value) for key, value in _params(trial).items()},
    )
    batches.log_batch(
        actor=author,
        run=run.uuid,
        metrics=[
            {"key": key, "value": value, "step": epoch}
            for epoch, values in enumerate(trained.history, start=1)
            for key, value in values.items()
        ],
        inputs=[
            {"version": f"{HOME}/dataset/support-tickets/1", "context": "training"},
            {"version": f"{HOME}/dataset/support-questions/1", "context": "evaluation"},
        ],
        outputs=[str(reference_of(version)) for version in made],
    )
    life.finish(actor=author, run=run.uuid)
