"""A small sorter of tickets, trained here in earnest: what the demo's experiment is about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Matrix: TypeAlias = "npt.NDArray[np.float64]"
LETTERS = 3


@dataclass(frozen=True)
class Trial:
    """How a sorter is trained; ``features`` are whole words, or three letters at a time."""

    name: str
    features: str
    learning_rate: float
    epochs: int
    penalty: float


@dataclass(frozen=True)
class Trained:
    """The losses and the share sorted right after each epoch, and what the last one answers."""

    history: list[dict[str, float]]
    answers: list[str]


def train(
    trial: Trial, learn: Sequence[dict[str, str]], held_out: Sequence[dict[str, str]]
) -> Trained:
    """Return what softmax regression by gradient descent makes of the tickets; equal trials give
    equal numbers."""
    labels = sorted({row["category"] for row in (*learn, *held_out)})
    known = sorted({each for row in learn for each in _features(row, trial.features)})
    place = {feature: index for index, feature in enumerate(known)}
    ours, theirs = _matrix(learn, place, trial), _matrix(held_out, place, trial)
    wanted, tested = _wanted(learn, labels), _wanted(held_out, labels)
    weights = np.zeros((len(known) + 1, len(labels)))
    history = []
    for _ in range(trial.epochs):
        slope = ours.T @ (_shares(ours @ weights) - wanted) / len(learn)
        weights -= trial.learning_rate * (slope + trial.penalty * weights)
        found = _shares(theirs @ weights)
        history.append(
            {
                "train_loss": _loss(_shares(ours @ weights), wanted),
                "test_loss": _loss(found, tested),
                "test_accuracy": float((found.argmax(1) == tested.argmax(1)).mean()),
            }
        )
    answers = [labels[index] for index in _shares(theirs @ weights).argmax(1)]
    return Trained(history, answers)


def _features(row: dict[str, str], kind: str) -> Counter[str]:
    text = f"{row['subject']} {row['question']}".lower()
    plain = "".join(each if each.isalnum() else " " for each in text).split()
    if kind == "words":
        return Counter(plain)
    line = f" {' '.join(plain)} "
    return Counter(line[start : start + LETTERS] for start in range(len(line) - LETTERS + 1))


def _matrix(rows: Sequence[dict[str, str]], place: dict[str, int], trial: Trial) -> Matrix:
    """Return a row for each ticket, of length one, with one more column for the constant."""
    matrix = np.zeros((len(rows), len(place) + 1))
    for number, row in enumerate(rows):
        for feature, count in _features(row, trial.features).items():
            if feature in place:
                matrix[number, place[feature]] = count
    matrix[:, -1] = 1.0
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / lengths, dtype=np.float64)


def _wanted(rows: Sequence[dict[str, str]], labels: Sequence[str]) -> Matrix:
    return np.array([[float(row["category"] == label) for label in labels] for row in rows])


def _shares(
    scores: Matrix,
) -> Matrix:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def _loss(
    found: Matrix,
    wanted: Matrix,
) -> float:
    return float(-np.log((found * wanted).sum(axis=1)).mean())
