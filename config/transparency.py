"""Who signs the transparency log and in its name, and who is told of it."""

from __future__ import annotations

import os
from pathlib import Path

from config import environment
from config.folders import ANCHORS_DIR, KEYS_DIR

# Keys that workers alone read, when they need them: never this module. They sign the log,
# attestations about versions, and evidence packs.
LOG_KEY_FILE = Path(os.environ.get("MUNIMENT_LOG_KEY_FILE") or KEYS_DIR / "log.key")
ATTESTATION_KEY_FILE = Path(
    os.environ.get("MUNIMENT_ATTESTATION_KEY_FILE") or KEYS_DIR / "attestations.key"
)
PACK_KEY_FILE = Path(os.environ.get("MUNIMENT_PACK_KEY_FILE") or KEYS_DIR / "packs.key")
# Where checkpoints are put out of reach of whoever can write the database; "off" for nowhere.
ANCHOR_FILE = Path(os.environ.get("MUNIMENT_LOG_ANCHOR_FILE") or ANCHORS_DIR / "checkpoints.ndjson")
# Who else is told of checkpoints: witnesses ("URL KEY", comma-separated), a git repository ("local"
# for a clone without a remote), and an authority for timestamps with the roots that it is under.
WITNESSES = environment.items("MUNIMENT_LOG_WITNESSES")
GIT = os.environ.get("MUNIMENT_LOG_GIT") or ""
GIT_FOLDER = Path(os.environ.get("MUNIMENT_LOG_GIT_FOLDER") or ANCHORS_DIR / "git")
TIMESTAMP_URL = os.environ.get("MUNIMENT_LOG_TIMESTAMP_URL") or ""
TIMESTAMP_ROOTS = os.environ.get("MUNIMENT_LOG_TIMESTAMP_ROOTS") or ""
# A sink is told of the newest checkpoint at most this often.
ANCHOR_SECONDS = environment.number("MUNIMENT_LOG_ANCHOR_SECONDS", default=10)
TIMESTAMP_SECONDS = environment.number("MUNIMENT_LOG_TIMESTAMP_SECONDS", default=600)
