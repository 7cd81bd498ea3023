"""Signed notes and checkpoints."""

from __future__ import annotations

import pytest

from audits.transparency.notes import (
    Checkpoint,
    NoteError,
    Signer,
    checkpoint_from,
    opened,
    signed_note,
    verifier_from,
)

SIGNER = Signer("example.org/journal", bytes(range(32)))
CHECKPOINT = Checkpoint("example.org/journal", 7, bytes(32))


def test_a_checkpoint_comes_back_from_its_note() -> None:
    note = signed_note(CHECKPOINT.text(), SIGNER)
    text, signers = opened(note, verifiers=[SIGNER.verifier])

    assert checkpoint_from(text) == CHECKPOINT
    assert signers == [SIGNER.verifier]
    assert note.startswith("example.org/journal\n7\nAAAA")


def test_a_key_comes_back_from_its_text() -> None:
    assert verifier_from(SIGNER.verifier.encoded()) == SIGNER.verifier


def test_signatures_of_strangers_are_passed_over() -> None:
    stranger = Signer("witness", bytes(32))
    note = signed_note(CHECKPOINT.text(), stranger, SIGNER)

    assert opened(note, verifiers=[SIGNER.verifier])[1] == [SIGNER.verifier]
    with pytest.raises(NoteError, match="none of the known keys"):
        opened(signed_note(CHECKPOINT.text(), stranger), verifiers=[SIGNER.verifier])


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n7\n", "\n8\n"),
        lambda note: note.replace("journal\n7", "journey\n7"),
        lambda note: note[:-3] + ("A" if note[-3] != "A" else "B") + note[-2:],
        lambda note: note.rstrip("\n"),
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("— ", "- "),
    ],
)
def test_a_changed_note_is_refused(change: object) -> None:
    note = signed_note(CHECKPOINT.text(), SIGNER)
    assert callable(change)

    with pytest.raises(NoteError):
        opened(change(note), verifiers=[SIGNER.verifier])


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", "a\nx\nAAAA\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        checkpoint_from(text)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AAAA", "a b+00000000+AAAA"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        verifier_from(text)
