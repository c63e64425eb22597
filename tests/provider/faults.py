"""What a provider can do wrong, each scripted; docs/model.md has a row for each."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.schema import Outcome
from tests.provider.certificates import self_signed
from tests.provider.server import KEY, ModelServer, Reply
from tests.serving import running
from tests.test_model_answer import TRUE

# A checked sentence has come before a fault at this word.
AFTER_TRUE = len(TRUE.split()) + 1
GOES_ON = f"{TRUE} And then Localis says more."
# Longer than any wait of a test may be.
FOR_EVER = 60.0


@dataclass(frozen=True)
class Fault:
    """One fault: how the server behaves, and what must come of it.

    ``error`` is the class that the log names, None where the fault is got over;
    ``kept`` tells that TRUE came before the fault and must stay.
    """

    name: str
    replies: tuple[Reply, ...] = (Reply(TRUE),)
    error: str | None = None
    outcome: Outcome = "error"
    kept: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    readings: tuple[Reply, ...] = ()
    server: Literal["scripted", "refusing", "silent", "self-signed", "plain"] = (
        "scripted"
    )

    def __str__(self) -> str:
        return self.name


def _event(**facts: Any) -> str:
    return json.dumps({"id": "x", "object": "chat.completion.chunk", **facts})


def _delta(finish: str | None = None, **delta: Any) -> str:
    return _event(choices=[{"index": 0, "delta": delta, "finish_reason": finish}])


def _all_but_the_right_ones(body: dict[str, Any]) -> str:
    """Cite each passage that does not carry TRUE, and numbers that nobody gave out."""
    passages = re.findall(
        r'<passage number="(\d+)".*?>\n(.*?)\n</passage>',
        body["messages"][-1]["content"],
        re.DOTALL,
    )
    wrong = [number for number, text in passages if "collate and analyse" not in text]
    assert 0 < len(wrong) < len(passages)
    marks = "".join(f"[{number}]" for number in [*wrong, *range(100, 200)])
    return TRUE.replace("[1]", marks)


def _error(status: int, error: str, **reply: Any) -> dict[str, Any]:
    told = Reply(status=status, **reply)
    return {"replies": (told,), "error": error}


_MID_ERROR = json.dumps({"error": {"message": "engine failed", "type": "server_error"}})
_FILTER_ERROR = json.dumps(
    {"error": {"message": "stopped by content_filter", "code": "content_filter"}}
)
_SPOKEN_ERROR = json.dumps({"error": "engine failed"})
_PAGE = "<!doctype html><html><body><h1>It works!</h1></body></html>"
_FAR_AHEAD = "Thu, 01 Jan 2099 00:00:00 GMT"
_DETAIL = json.dumps({"detail": [{"loc": ["body", "seed"], "msg": "not permitted"}]})
_TOO_MUCH = "max_tokens is too large: 2000. This model supports at most 512 tokens."
_TOO_LONG = "This model's maximum context length is 4096 tokens."

FAULTS = (
    Fault(
        "no server answers at the address",
        error="ProviderUnreachableError",
        server="silent",
        settings={"connect_seconds": 0.3},
    ),
    Fault(
        "307: another address",
        # Whoever followed it would get an answer.
        (Reply(status=307, headers={"Location": "completions"}), Reply(TRUE)),
        "ProviderRequestError",
    ),
    Fault("connection refused", error="ProviderUnreachableError", server="refusing"),
    Fault(
        "a certificate that nobody vouches for",
        error="ProviderUnreachableError",
        server="self-signed",
    ),
    Fault("https asked of http", error="ProviderUnreachableError", server="plain"),
    Fault(
        "slow first byte",
        (Reply(TRUE, wait=FOR_EVER),),
        "ProviderTimeoutError",
        settings={"first_token_seconds": 0.5},
    ),
    Fault(
        "stall in mid-stream",
        (Reply(GOES_ON, stall=AFTER_TRUE),),
        "ProviderTimeoutError",
        kept=True,
        settings={"token_gap_seconds": 0.5},
    ),
    Fault(
        "drip beyond the whole answer's limit",
        (Reply(f"{TRUE} And" + " so on" * 5000, gap=0.02),),
        "ProviderTimeoutError",
        kept=True,
        settings={"answer_seconds": 3},
    ),
    Fault(
        "clean early close",
        (Reply(GOES_ON, cut=AFTER_TRUE),),
        "AnswerCutOffError",
        kept=True,
    ),
    Fault(
        "whole text, but no finish reason",
        (Reply(TRUE, finish=None, usage=False),),
        "AnswerCutOffError",
        kept=True,
    ),
    Fault(
        "connection closed in mid-stream",
        (Reply(GOES_ON, drop=AFTER_TRUE),),
        "AnswerCutOffError",
        kept=True,
    ),
    Fault(
        "connection reset",
        (Reply(GOES_ON, reset=AFTER_TRUE),),
        "AnswerCutOffError",
        kept=True,
    ),
    Fault(
        "connection reset before the first word",
        (Reply(TRUE, reset=0),),
        "ProviderUnreachableError",
    ),
    Fault(
        "longest length reached",
        (Reply(GOES_ON, finish="length"),),
        "AnswerCutOffError",
        kept=True,
    ),
    Fault(
        "longest length reached, under another name",
        (Reply(GOES_ON, finish="max_tokens"),),
        "AnswerCutOffError",
        kept=True,
    ),
    *(
        Fault(
            f"ended by the server: {reason}",
            (Reply(GOES_ON, finish=reason),),
            "AnswerCutOffError",
            kept=True,
        )
        for reason in ("abort", "error", "tool_calls")
    ),
    Fault(
        "far more than was asked for",
        (Reply(pieces=[f"{TRUE} And ", *["so" * 2000] * 100]),),
        "AnswerCutOffError",
        kept=True,
    ),
    Fault(
        "malformed event",
        (Reply(GOES_ON, cut=AFTER_TRUE, raw=['{"choices": [{"del']),),
        "BadAnswerError",
        kept=True,
    ),
    Fault(
        "error in mid-stream",
        (Reply(GOES_ON, cut=AFTER_TRUE, raw=[_MID_ERROR]),),
        "ProviderBusyError",
        kept=True,
    ),
    Fault(
        "error in mid-stream, as text",
        (Reply(GOES_ON, cut=AFTER_TRUE, raw=[_SPOKEN_ERROR]),),
        "ProviderBusyError",
        kept=True,
    ),
    Fault(
        "error with the status of success",
        (Reply(body=_SPOKEN_ERROR, media_type="application/json"),),
        "ProviderBusyError",
    ),
    Fault(
        "500: the error as text",
        **_error(500, "ProviderBusyError", body=_SPOKEN_ERROR),
    ),
    Fault(
        "401: key not accepted",
        **_error(401, "ProviderAuthError", message=f"Incorrect API key: {KEY}"),
    ),
    Fault("403: model not allowed", **_error(403, "ProviderAuthError")),
    Fault(
        "404: no such model",
        **_error(404, "ModelNotFoundError", code="model_not_found"),
    ),
    Fault(
        "400: context too long",
        **_error(
            400,
            "ContextTooLongError",
            code="context_length_exceeded",
            message=_TOO_LONG,
        ),
    ),
    Fault("400: other", **_error(400, "ProviderRequestError")),
    Fault(
        "400: no such model",
        **_error(400, "ModelNotFoundError", message="Invalid model name: scripted"),
    ),
    Fault(
        "400: more tokens than the model writes",
        **_error(400, "ProviderRequestError", message=_TOO_MUCH),
    ),
    Fault(
        "422: the words under detail",
        **_error(422, "ProviderRequestError", body=_DETAIL),
    ),
    Fault("413: too large", **_error(413, "ContextTooLongError")),
    Fault("407: a proxy asks who you are", **_error(407, "ProviderAuthError")),
    Fault(
        "429 with Retry-After",
        **_error(429, "ProviderRateLimitError", headers={"Retry-After": "120"}),
        settings={"retries": 2},
    ),
    Fault(
        "429 with a Retry-After far ahead",
        **_error(429, "ProviderRateLimitError", headers={"Retry-After": _FAR_AHEAD}),
    ),
    Fault(
        "429 with a Retry-After that is none",
        **_error(429, "ProviderRateLimitError", headers={"Retry-After": "soon"}),
    ),
    Fault("429 without Retry-After", **_error(429, "ProviderRateLimitError")),
    Fault(
        "429 with a short Retry-After, then an answer",
        (Reply(status=429, headers={"Retry-After": "1"}), Reply(TRUE)),
        outcome="answered",
        settings={"retries": 1},
    ),
    Fault(
        "insufficient quota",
        **_error(429, "ProviderQuotaError", code="insufficient_quota"),
        settings={"retries": 2},
    ),
    Fault("500 without end", **_error(500, "ProviderBusyError")),
    Fault(
        "500, then an answer",
        (Reply(status=500), Reply(TRUE)),
        outcome="answered",
        settings={"retries": 1},
    ),
    Fault(
        "content filter",
        (Reply(GOES_ON, finish="content_filter"),),
        "ContentFilteredError",
        kept=True,
    ),
    Fault(
        "content filter under another name",
        (Reply(GOES_ON, finish="SAFETY"),),
        "ContentFilteredError",
        kept=True,
    ),
    Fault(
        "content filter on the question",
        **_error(400, "ContentFilteredError", code="content_filter"),
    ),
    Fault(
        "content filter as an event",
        (Reply(GOES_ON, cut=AFTER_TRUE, raw=[_FILTER_ERROR]),),
        "ContentFilteredError",
        kept=True,
    ),
    Fault("empty answer", (Reply(raw=[_delta("stop"), "[DONE]"]),), "BadAnswerError"),
    Fault(
        "thoughts only",
        (Reply("<think>Well.</think>", thinks=[{"reasoning_content": "Hm."}]),),
        "BadAnswerError",
    ),
    Fault("only white space", (Reply("\n \n\t"),), "BadAnswerError"),
    Fault(
        "events of another format",
        (Reply(raw=[json.dumps({"type": "message_start", "message": {}})]),),
        "BadAnswerError",
    ),
    Fault(
        "JSON of another format",
        (Reply(body='{"answer": "Yes"}', media_type="application/json"),),
        "BadAnswerError",
    ),
    Fault("HTML instead of JSON", (Reply(body=_PAGE),), "BadAnswerError"),
    Fault(
        "HTML with an error's status",
        **_error(502, "ProviderBusyError", body=_PAGE),
    ),
    Fault(
        "thousands of citations",
        (Reply(TRUE.replace("[1]", "".join(f"[{n}]" for n in range(1, 4000)))),),
        outcome="answered",
    ),
    Fault(
        "a citation to every number but the right ones",
        (Reply(_all_but_the_right_ones),),
        outcome="no_evidence",
        readings=(Reply("1 | not carried | - | another matter"),),
    ),
)


@contextmanager
def _socket(*, listening: bool) -> Iterator[str]:
    """Give an address that refuses, or one that takes no connection and says nothing."""
    waiting: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=0) as held:
        address = held.getsockname()
        try:
            for _ in range(4 if listening else 0):
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(address)
                waiting.append(one)
            if not listening:
                held.close()
            yield f"http://127.0.0.1:{address[1]}/v1"
        finally:
            for one in waiting:
                one.close()


@contextmanager
def address_of(fault: Fault, server: ModelServer) -> Iterator[str]:
    """Give the address at which a fault is found."""
    secure = server.url.replace("http:", "https:")
    if fault.server == "scripted":
        yield server.url
    elif fault.server == "plain":
        yield secure
    elif fault.server == "self-signed":
        with (
            self_signed("127.0.0.1") as (certificate, key),
            running(server.app, ssl_certfile=certificate, ssl_keyfile=key) as address,
        ):
            yield f"{address.replace('http:', 'https:')}/v1"
    else:
        with _socket(listening=fault.server == "silent") as address:
            yield address
