"""Put policies in place on an OPA server, by digest: `policies.engines.mounts` says why.

What is pushed is read back and compared. Equal text mounts at the same place, so any number of
processes and versions share one server without locks.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from policies.engines import mounts
from policies.engines.base import EngineUnavailable, InvalidModule

if TYPE_CHECKING:
    from collections.abc import Collection

    from policies.engines.base import Bundle, Module
    from policies.engines.opa_server import OpaServer
    from policies.engines.opa_surveys import Surveys

MOUNT_SECONDS = 15.0


class Mounting:
    """Knows what this process saw in place on one server, and puts there what is missing."""

    def __init__(self, server: OpaServer, surveys: Surveys) -> None:
        self._server = server
        self._surveys = surveys
        self._lock = threading.Lock()
        self._mounted: set[str] = set()

    def module(self, module: Module, *, until: float) -> None:
        """Put a policy in place; raises `PolicyRefused` where OPA does not compile it, and
        `InvalidModule` where it reads more than its input."""
        policy_id = mounts.mount_id(module)
        if policy_id in self._mounted:
            return
        stored = self._mount_text(policy_id, mounts.mounted(module), until=until)
        if mounts.unmounted(stored["raw"], module.digest) != module.source:
            self.forget(policy_id)
            raise EngineUnavailable(f"OPA holds another text than {module.digest}")
        if "ast" not in stored:
            self.forget(policy_id)
            raise EngineUnavailable(f"OPA does not tell how it read {module.digest}")
        if mounts.reads_data(stored["ast"], module):
            self._server.delete_policy(policy_id, until=until)
            self.forget(policy_id)
            raise InvalidModule(f"{module.path}: data is refused: a policy reads its input alone")

    def survey(self, bundle: Bundle, *, until: float) -> None:
        """Put in place what asks the whole bundle at once; its policies must be there."""
        self._mount_text(mounts.survey_id(bundle), mounts.survey(bundle), until=until)
        self._surveys.add(bundle)

    def put_back(self, module: Module, *, until: float) -> None:
        """Put a policy in place again where the server no longer has it."""
        policy_id = mounts.mount_id(module)
        if self._server.get_policy(policy_id, until=until) is None:
            self.forget(policy_id)
            self.module(module, until=until)

    def forget(self, policy_id: str) -> None:
        """No longer take for granted that it is there."""
        with self._lock:
            self._mounted.discard(policy_id)
        self._surveys.forget()

    def prune(self, *, keep: Collection[Bundle]) -> int:
        """Remove our mounts that serve no bundle of ``keep``; return how many."""
        kept = {mounts.mount_id(module) for bundle in keep for module in bundle.modules}
        kept |= {mounts.survey_id(bundle) for bundle in keep}
        listed = self._server.policy_ids(until=time.monotonic() + MOUNT_SECONDS)
        ours = [each for each in listed if each.startswith("muniment/")]
        # Surveys first: they refer to modules.
        gone = sorted((each for each in ours if each not in kept), reverse=True)
        for policy_id in gone:
            # OPA compiles what remains at each removal: each has its own time, as each mount has.
            self._server.delete_policy(policy_id, until=time.monotonic() + MOUNT_SECONDS)
            self.forget(policy_id)
        return len(gone)

    def _mount_text(self, policy_id: str, text: str, *, until: float) -> dict[str, Any]:
        if policy_id in self._mounted:
            return {}
        stored = self._server.get_policy(policy_id, until=until)
        if stored is None or stored.get("raw") != text:
            # Each push makes OPA compile everything it has, so what is there already is kept.
            self._server.put_policy(policy_id, text, until=until)
            stored = self._server.get_policy(policy_id, until=until)
        if stored is None or stored.get("raw") != text:
            raise EngineUnavailable(f"OPA did not keep the text of {policy_id}")
        with self._lock:
            self._mounted.add(policy_id)
        return stored
