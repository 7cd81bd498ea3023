"""Send a window of events in batches that keep the order of every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.services.channels import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from uuid import UUID

    from lineage.models import LineageEvent
    from lineage.services.channels import Answer, Channel

BEHIND = "an earlier event of its run was not taken"


def waves(events: Sequence[LineageEvent]) -> list[list[LineageEvent]]:
    """Return ``events`` so that each list has at most one of each run, or of each subject for
    those that belong to none; one after the other they keep the order of every run."""
    found: list[list[LineageEvent]] = []
    seen: dict[object, int] = {}
    for event in events:
        key = event.run or event.subject
        place = seen.get(key, 0)
        seen[key] = place + 1
        if place == len(found):
            found.append([])
        found[place].append(event)
    return found


def send_window(
    channel: Channel,
    events: Sequence[LineageEvent],
    *,
    held: Collection[UUID | None],
    beat: Callable[[], None],
) -> dict[int, Answer]:
    """Send what may be sent of ``events``; return what came of each, by its id.

    Events of runs in ``held``, or behind one that was not taken, are not sent. ``beat`` is called
    after each batch. A batch of which nothing was taken ends it: the sink is away.
    """
    stopped: dict[UUID, Answer] = {run: (Outcome.REFUSED, BEHIND) for run in held if run}
    answers: dict[int, Answer] = {}
    for wave in waves(events):
        answers |= {each.pk: stopped[each.run] for each in wave if each.run in stopped}
        ready = [each for each in wave if each.run not in stopped]
        for start in range(0, len(ready), channel.size):
            batch = ready[start : start + channel.size]
            came = channel.send([bytes(each.body) for each in batch])
            for event, answer in zip(batch, came, strict=True):
                answers[event.pk] = answer
                if event.run and answer[0] is not Outcome.TAKEN:
                    stopped[event.run] = (answer[0], BEHIND)
            beat()
            if all(outcome is Outcome.FAILED for outcome, _ in came):
                return {each.pk: answers.get(each.pk, came[0]) for each in events}
    return answers
