"""A git repository in which each checkpoint that it is told of is a commit, and its remote.

The clone lies outside of the data folder. Whoever pulls from the remote has every commit: taking
one back shows.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audits.queries.log import LogDamaged, newest_checkpoint, signed_root
from audits.services.transparency.outcomes import Anchored, Disputed, Failed
from audits.transparency.notes import NoteError, checkpoint_from, parted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path

    from audits.models import LogCheckpoint, LogSink
    from audits.services.transparency.outcomes import Outcome
    from audits.transparency.notes import Checkpoint

FILE = "checkpoint"
BRANCH = "main"
LOCAL = "local"
SECONDS = 60
CREDENTIALS = re.compile(r"(://)[^/@\s]+@")
IDENTITY = ("-c", "user.name=Muniment", "-c", "user.email=muniment@localhost")
PLAIN = ("-c", "commit.gpgsign=false", "-c", "gc.auto=0", "-c", "core.hooksPath=/dev/null")
OPERATOR = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND") or "ssh -o BatchMode=yes",
}


class GitFailed(RuntimeError):
    """What git said, without credentials."""


@dataclass(frozen=True)
class Repository:
    """A sink of the log; ``remote`` is an address as git takes it, or ``local`` for none."""

    remote: str
    folder: Path
    pause: timedelta
    kind: ClassVar[str] = "git"
    remembers: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Return what tells the repository from the other sinks; no credentials are in it."""
        where = str(self.folder) if self.remote == LOCAL else _without_credentials(self.remote)
        return f"git:{where}"[:200]

    def take(self, checkpoint: LogCheckpoint, row: LogSink) -> Outcome:
        """Commit the checkpoint and push it; the receipt is the commit."""
        try:
            self._prepare()
            if disputed := self._against(read_checkpoint(self.folder)):
                return disputed
            self._commit(checkpoint)
            if self.remote != LOCAL:
                try:
                    self._git("push", "--quiet", "origin", f"HEAD:refs/heads/{BRANCH}")
                except GitFailed as error:
                    return self._refused(error)
            return Anchored(self._git("rev-parse", "HEAD").strip())
        except (GitFailed, LogDamaged, OSError) as error:
            return Failed(str(error))

    def _prepare(self) -> None:
        """Have a clone: of what the remote has, so that it is known after a loss of the machine."""
        if not (self.folder / ".git").exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._git("init", "--quiet", f"--initial-branch={BRANCH}")
        if self.remote == LOCAL:
            return
        known = self._git("remote").split()
        self._git("remote", "set-url" if "origin" in known else "add", "origin", self.remote)
        if not self._has_commits() and self._git("ls-remote", "--heads", "origin", BRANCH).strip():
            self._git("pull", "--quiet", "--ff-only", "origin", BRANCH)

    def _has_commits(self) -> bool:
        return bool(self._git("for-each-ref", "--count=1", "refs/heads/").strip())

    def _commit(self, checkpoint: LogCheckpoint) -> None:
        # Whoever reads it meanwhile, or after a crash, finds a whole one.
        written = self.folder / ".git" / f"muniment-{FILE}"
        written.write_text(checkpoint.note, encoding="utf-8")
        written.replace(self.folder / FILE)
        self._git("add", "--", FILE)
        if self._git("status", "--porcelain", "--", FILE).strip():
            message = f"Checkpoint of {checkpoint.size} entries"
            self._git("commit", "--quiet", "--message", message, "--only", "--", FILE)

    def _against(self, known: Checkpoint | None) -> Disputed | None:
        """Return what a checkpoint in the repository holds against the log, if anything."""
        newest = newest_checkpoint()
        if known is None or newest is None or known.origin != newest.origin:
            return None
        if known.size > newest.size:
            return Disputed(known.size, f"{self.name} has a tree of {known.size} entries")
        if known.size and signed_root(known.size) != known.root:
            return Disputed(known.size, f"{self.name} has another tree of {known.size} entries")
        return None

    def _refused(self, error: GitFailed) -> Outcome:
        """A push is refused where the remote has commits that the clone has not."""
        self._git("fetch", "--quiet", "origin", BRANCH)
        if disputed := self._against(_parsed(self._git("show", f"FETCH_HEAD:{FILE}"))):
            return disputed
        return Failed(str(error))

    def history(self) -> Iterator[str]:
        """Yield each committed note, oldest first."""
        if (self.folder / ".git").exists() and self._has_commits():
            for commit in self._git("log", "--reverse", "--format=%H", "--", FILE).split():
                yield self._git("show", f"{commit}:{FILE}")

    def _git(self, *arguments: str) -> str:
        command = ["git", *IDENTITY, *PLAIN, *arguments]
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env={**os.environ, **OPERATOR},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise GitFailed("git is not installed, or the clone's folder is gone") from error
        except subprocess.TimeoutExpired as error:
            raise GitFailed(f"git {arguments[0]} took over {SECONDS} seconds") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip() or f"code {done.returncode}"
            raise GitFailed(f"git {arguments[0]}: {_without_credentials(said)}")
        return done.stdout.decode("utf-8", "replace")


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the checkpoint that lies in a clone; raises LogDamaged for a file that is none."""
    path = folder / FILE
    return _parsed(path.read_text(encoding="utf-8")) if path.exists() else None


def _parsed(note: str) -> Checkpoint:
    try:
        return checkpoint_from(parted(note)[0])
    except NoteError as error:
        raise LogDamaged(f"the file {FILE} of the repository is none: {error}") from error


def _without_credentials(text: str) -> str:
    return CREDENTIALS.sub(r"\1", text)
