"""Whole bundles asked in one request, for one input or for several, through a generated module."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
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
    _whole: set[str] = field(default_factory=set)
    _paces: defaultdict[str, _Pace] = field(default_factory=lambda: defaultdict(_Pace))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def has(self, bundle: Bundle) -> bool:
        """Tell whether every policy of the bundle and its module were mounted."""
        return bundle.digest in self._whole

    def add(self, bundle: Bundle) -> None:
        """Know that they are."""
        with self._lock:
            self._whole.add(bundle.digest)

    def forget(self) -> None:
        """Know of none."""
        with self._lock:
            self._whole.clear()

    def is_quick(self, bundle: Bundle) -> bool:
        """Tell whether inputs may be put together."""
        pace = self._paces[bundle.digest]
        return pace.seconds < QUICK_SECONDS and pace.alone_until < time.monotonic()

    def separate(self, bundle: Bundle) -> None:
        """Put inputs of the bundle together no more for a while."""
        self._paces[bundle.digest].alone_until = time.monotonic() + ALONE_SECONDS

    def parts(
        self, bundle: Bundle, inputs: Sequence[str], *, first: int, busy: int
    ) -> Iterator[range]:
        """Yield the places of inputs that may be asked together, from ``first`` on, with enough
        parts for ``busy`` connections; what is in no part is asked alone."""
        shared = math.ceil((len(inputs) - first) / busy)
        most = min(MANY, shared) if self.is_quick(bundle) else 1
        start, length = first, 0
        for place in range(first, len(inputs)):
            text = inputs[place]
            if place - start == most or length + len(text) > MANY_CHARACTERS:
                if place - start > 1:
                    yield range(start, place)
                start, length = place, 0
            length += len(text)
        if len(inputs) - start > 1 < most:
            yield range(start, len(inputs))

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

    def _ask(
        self, bundle: Bundle, rule: str, text: str, *, count: int, until: float
    ) -> tuple[dict[str, object], str, int] | None:
        path = f"{mounts.survey_package(bundle)}.{rule}"
        began = time.perf_counter()
        answer = self.server.decide(path, text=text, until=until)
        if not answer.is_defined or not isinstance(answer.value, dict):
            return None
        seconds = (time.perf_counter() - began) / count
        self._paces[bundle.digest].seconds = seconds
        return answer.value, answer.version, int(seconds * 1_000_000) // len(bundle.modules)
