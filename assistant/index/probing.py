"""Opens a chunk store in a process of its own: native code may end that one.

``python -m assistant.index.probing FOLDER`` ends with 0 where the store can be used.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assistant.settings import PACKAGE

# A store of 100,000 chunks takes half a minute.
_SECONDS = 600
# A vector of another length is none that was written.
_UNIT = 0.01


def can_be_opened(folder: Path) -> bool:
    """Tell whether a chunk store can be opened and all its vectors be read."""
    # -P: a module that lies where the user stands is none of ours.
    command = [sys.executable, "-P", "-m", "assistant.index.probing", str(folder)]
    environment = {"PATH": os.defpath, "PYTHONPATH": str(PACKAGE.parent)}
    try:
        ended = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _probe(folder: Path) -> bool:
    import numpy as np

    from assistant.index.store.chunks import ChunkStore

    store = ChunkStore(folder)
    ids = sorted(id_ for ids in store.ids_by_document().values() for id_ in ids)
    owners, vectors = store.vectors(ids)
    if set(owners) != set(ids):
        return False
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(abs(lengths - 1) < _UNIT):
        return False
    for vector in vectors[:: max(1, len(vectors) // 100)]:
        store.nearest(vector, 10)
    return True


if __name__ == "__main__":
    # Nothing of Chroma's is to be closed: it may be what is damaged.
    os._exit(0 if _probe(Path(sys.argv[1])) else 1)
