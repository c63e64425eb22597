"""How servers send one and the same answer: the bytes, made here after their docs.

Each shape is what a server of that name was published to stream; the text in it is ours.
"""

from __future__ import annotations

import json
from typing import Any

from tests.test_model_answer import TRUE

# Cut where a tokenizer might.
PIECES = [TRUE[start : start + 7] for start in range(0, len(TRUE), 7)]
THOUGHT = "Okay, Localis (2023) recommends in passage [1] that centres be set up. "


def data(*values: object, lines: str = "") -> str:
    """Return events, each with ``lines`` before its data."""
    texts = (v if isinstance(v, str) else json.dumps(v) for v in values)
    return "".join(f"{lines}data: {text}\n\n" for text in texts)


def chunk(finish: str | None = None, **delta: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "x", "object": "chat.completion.chunk", "choices": [choice]}


def texts(*pieces: str) -> list[dict[str, Any]]:
    return [chunk(content=piece) for piece in pieces]


STOP = chunk("stop")
USAGE = {"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}}
DONE = "[DONE]"
_WHOLE = {
    "object": "chat.completion",
    "choices": [{"message": {"role": "assistant", "content": TRUE}}],
    "usage": {"prompt_tokens": 11, "completion_tokens": 7},
}
_FILTERED = {"hate": {"filtered": False, "severity": "safe"}}

SHAPES = {
    "OpenAI": data(chunk(role="assistant", content="", refusal=None), *texts(*PIECES),
                   STOP, USAGE, DONE),
    "vLLM, with its reasoning parser": data(
        chunk(role="assistant", content=""),
        *(chunk(reasoning_content=word) for word in THOUGHT.split()),
        *(chunk(content=piece, reasoning_content=None) for piece in PIECES),
        {**chunk("stop", content=""), "usage": None},
        USAGE,
        DONE,
    ),
    "Ollama, thinking": data(
        *(chunk(role="assistant", content="", reasoning=w) for w in THOUGHT.split()),
        *(chunk(role="assistant", content=piece) for piece in PIECES),
        chunk("stop", role="assistant", content=""),
        DONE,
    ),
    "LM Studio": data(
        *({**piece, "system_fingerprint": "m"} for piece in texts(*PIECES)),
        {**STOP, "stats": {}},
        DONE,
    ),
    "llama.cpp": data(*texts(*PIECES), {**STOP, "timings": {"predicted_n": 7}}, USAGE,
                      DONE),
    "Azure, with its asynchronous filter": data(
        {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]},
        *texts(*PIECES),
        {"choices": [{"index": 0, "finish_reason": None, "content_filter_offsets": {},
                      "content_filter_results": _FILTERED}]},
        STOP,
        {"choices": [{"index": 0, "content_filter_results": _FILTERED}]},
        DONE,
    ),
    "OpenRouter": ": OPENROUTER PROCESSING\n\n" * 3
    + data(
        chunk(content="", reasoning=THOUGHT, reasoning_details=[{"text": THOUGHT}]),
        *texts(*PIECES),
        {**chunk("stop"), "provider": "x"},
        USAGE,
        DONE,
    ),
    "Mistral, thinking": data(
        chunk(content=[{"type": "thinking",
                        "thinking": [{"type": "text", "text": THOUGHT}]}]),
        *(chunk(content=[{"type": "text", "text": piece}]) for piece in PIECES),
        STOP,
        DONE,
    ),
    "choices that are empty": data({"choices": [{}]}, {"choices": None}, *texts(*PIECES),
                                   {"choices": [None]}, STOP, DONE),
    "empty events and pings": "retry: 3000\n\n: ping\n\ndata:\n\n"
    + data("", *texts(*PIECES), STOP, DONE, lines=": ping\n\nid: 7\nevent: message\n"),
    "lines that end in CR LF": data(*texts(*PIECES), STOP, DONE).replace("\n", "\r\n"),
    "no blank line at the end": data(*texts(*PIECES), STOP, USAGE).rstrip("\n") + "\n\n",
    "one whole answer in place of a stream": json.dumps(_WHOLE, indent=1),
    "counts that are null": data(
        *({**t, "usage": {"prompt_tokens": None}} for t in texts(*PIECES)), STOP, DONE
    ),
    "a finish in capitals": data(*texts(*PIECES), chunk("STOP"), DONE),
    "a finish of another name": data(*texts(*PIECES), chunk("eos_token"), DONE),
}  # fmt: skip

# How models write a thought into their text.
THOUGHTS = {
    "<think>": f"<think>{THOUGHT}</think>\n\n{TRUE}",
    "<Thinking>": f"<Thinking>\n{THOUGHT}\n</Thinking>{TRUE}",
    "[THINK]": f"[THINK]{THOUGHT}[/THINK]{TRUE}",
    "◁think▷": f"◁think▷{THOUGHT}◁/think▷{TRUE}",
    "a lone closing mark": f"{THOUGHT}\nSo be it.\n</think>\n\n{TRUE}",
    "gpt-oss channels": f"<|channel|>analysis<|message|>{THOUGHT}<|end|>"
    f"<|start|>assistant<|channel|>final<|message|>{TRUE}<|return|>",
    "gpt-oss without marks": f"analysis{THOUGHT}assistantfinal{TRUE}",
    "twice": f"<think>{THOUGHT}</think>{TRUE}<think>{THOUGHT}</think>",
}
ENDS = (
    "</s>",
    "<end_of_turn>",
    "<|im_end|>",
    "<|eot_id|>",
    "<\uff5cend\u2581of\uff5c>",
)
