"""Whole bundles asked in one request, for one input or for several, through a generated module."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from policies.engines import mounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.engines.base import Bundle
    from policies.engines.opa_server import OpaServer

# As many inputs are in one request where each takes OPA a moment only: what a request costs beside
# the evaluation, here and there, is shared by them. Within a length that OPA has in memory easily.
MANY, MANY_CHARACTERS = 32, 1024 * 1024
QUICK_SECONDS = 0.05
# What several may take together. Where one of them does not come to an end, or stops the others
# with an error, each is asked alone, and for a while no others are put together.
MANY_SECONDS = 5.0
ALONE_SECONDS = 60.0


class Surveyed(NamedTuple):
    """The verdicts on one input by package, where they are defined; OPA's version, and the
    microseconds of one verdict."""

    verdicts: dict[str, object]
    version: str
    share: int


@dataclass(slots=True)
class _Pace:
    seconds: float = math.inf
    alone_until: float = 0.0


@dataclass
class Surveys:
    """The bundles that a server holds as a whole, and how quickly it answers each.

    What asks raises as `OpaServer.decide`, and answers None where the generated module is gone.
    """

    server: OpaServer
    _paces: dict[str, _Pace] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def has(self, bundle: Bundle) -> bool:
        """Tell whether every policy of the bundle and its module were mounted."""
        return bundle.digest in self._paces

    def add(self, bundle: Bundle) -> None:
        """Know that they are."""
        with self._lock:
            self._paces[bundle.digest] = _Pace()

    def forget(self) -> None:
        """Know of none."""
        with self._lock:
            self._paces.clear()

    def parts(self, bundle: Bundle, inputs: Sequence[str], *, busy: int) -> Iterator[list[str]]:
        """Yield the inputs in order, those together that may be asked together; with enough parts
        for ``busy`` connections, as far as there are."""
        if not inputs:
            return
        pace, now = self._paces.get(bundle.digest, _Pace()), time.monotonic()
        is_quick = pace.seconds < QUICK_SECONDS and pace.alone_until < now
        most = min(MANY, math.ceil(len(inputs) / busy)) if is_quick else 1
        part: list[str] = []
        length = 0
        for text in inputs:
            if part and (len(part) == most or length + len(text) > MANY_CHARACTERS):
                yield part
                part, length = [], 0
            part.append(text)
            length += len(text)
        if part:
            yield part

    def one(self, bundle: Bundle, text: str, *, until: float) -> Surveyed | None:
        """Ask about one input; ``until`` is of the monotonic clock."""
        found = self._ask(bundle, "verdicts", text, count=1, until=until)
        return found and Surveyed(*found)

    def many(self, bundle: Bundle, texts: Sequence[str], *, until: float) -> list[Surveyed] | None:
        """Ask about several inputs at once; one that OPA left out has no verdicts."""
        text = f'{{"many":[{",".join(texts)}]}}'
        found = self._ask(bundle, "many", text, count=len(texts), until=until)
        if found is None:
            return None
        answers, version, share = found
        told = [answers.get(str(place)) for place in range(len(texts))]
        return [Surveyed(each if isinstance(each, dict) else {}, version, share) for each in told]

    def separate(self, bundle: Bundle) -> None:
        """Put inputs of the bundle together no more for a while."""
        with self._lock:
            if (pace := self._paces.get(bundle.digest)) is not None:
                pace.alone_until = time.monotonic() + ALONE_SECONDS

    def _ask(
        self, bundle: Bundle, rule: str, text: str, *, count: int, until: float
    ) -> tuple[dict[str, object], str, int] | None:
        path = f"{mounts.survey_package(bundle)}.{rule}"
        began = time.perf_counter()
        answer = self.server.decide(path, text=text, until=until)
        if not answer.is_defined or not isinstance(answer.value, dict):
            return None
        seconds = (time.perf_counter() - began) / count
        if (pace := self._paces.get(bundle.digest)) is not None:
            pace.seconds = seconds
        return answer.value, answer.version, int(seconds * 1_000_000) // len(bundle.modules)
