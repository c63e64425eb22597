"""A model to measure with: speaks like OpenAI's, writes evenly, and cites what it is sent.

``python -m evals.timing.fake_model`` serves it on a free port of this machine, and prints its
address. Of each passage that it is sent it writes a sentence as it stands, then one with
its last words cut off, which the check has to judge; sentences are taken in turn from the
passages. It is plain asyncio, so that it takes little of the machine that is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from assistant.sentences import split_sentences

TOKENS_A_SECOND = 30.0
FIRST_SECONDS = 0.5
SENTENCES = 6
_PASSAGE = re.compile(r'<passage number="(\d+)"[^>]*>\n(.*?)\n</passage>', re.DOTALL)
_TOKEN = re.compile(r"\s*\S{1,6}")
_FEWEST_WORDS, _MOST_WORDS, _CUT = 8, 40, 3
_HEAD = (
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    "transfer-encoding: chunked\r\n\r\n"
)


def answer_to(messages: Sequence[dict[str, str]], sentences: int = SENTENCES) -> str:
    """Return an answer to what a model is sent: sentences that cite its passages."""
    found = _PASSAGE.findall(messages[-1]["content"])
    cited = [list(_citing(int(number), text)) for number, text in found]
    in_turn = chain.from_iterable(zip_longest(*cited))
    written = [sentence for sentence in in_turn if sentence][:sentences]
    return (
        " ".join(
            _cut(text, number) if place % 2 else f"{text} [{number}]."
            for place, (text, number) in enumerate(written)
        )
        or "NOT ON THE SHELF"
    )


def _citing(number: int, text: str) -> Iterator[tuple[str, int]]:
    for sentence in split_sentences(text):
        words = sentence.split()
        if _FEWEST_WORDS <= len(words) <= _MOST_WORDS and sentence.endswith("."):
            yield sentence.rstrip("."), number


def _cut(text: str, number: int) -> str:
    return f"{' '.join(text.split()[:-_CUT])} [{number}]."


def tokens_of(text: str) -> list[str]:
    """Return a text in pieces about as long as a model's tokens."""
    return _TOKEN.findall(text)


class FakeModel:
    """Answers every chat request at an even pace, whatever the machine is doing."""

    def __init__(
        self,
        tokens_a_second: float = TOKENS_A_SECOND,
        first_seconds: float = FIRST_SECONDS,
        sentences: int = SENTENCES,
    ) -> None:
        """Take the pace, the wait for the first token, and how much is written."""
        self._gap = 1 / tokens_a_second
        self._first = first_seconds
        self._sentences = sentences

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer what comes over one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
                body = json.loads(
                    await reader.readexactly(int(length[1]) if length else 0)
                )
                await self._answer(body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            # Whoever asked has left.
            pass
        finally:
            writer.close()

    async def _answer(
        self, body: dict[str, object], writer: asyncio.StreamWriter
    ) -> None:
        messages = body["messages"]
        assert isinstance(messages, list)
        pieces = tokens_of(answer_to(messages, self._sentences))
        frame = {
            "id": "fake",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": body.get("model", ""),
        }
        writer.write(_HEAD.encode())
        loop = asyncio.get_running_loop()
        due = loop.time() + self._first
        for piece in pieces:
            await asyncio.sleep(due - loop.time())
            due += self._gap
            _send(writer, frame, {"role": "assistant", "content": piece}, None)
            await writer.drain()
        _send(writer, frame, {}, "stop")
        usage = {"prompt_tokens": 1000, "completion_tokens": len(pieces)}
        usage["total_tokens"] = sum(usage.values())
        _event(writer, json.dumps({**frame, "choices": [], "usage": usage}))
        _event(writer, "[DONE]")
        writer.write(b"0\r\n\r\n")
        await writer.drain()


def _send(
    writer: asyncio.StreamWriter,
    frame: dict[str, object],
    delta: dict[str, str],
    reason: str | None,
) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    _event(writer, json.dumps({**frame, "choices": [choice]}))


def _event(writer: asyncio.StreamWriter, data: str) -> None:
    event = f"data: {data}\n\n".encode()
    writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")


async def _main(options: argparse.Namespace) -> None:
    model = FakeModel(options.rate, options.first, options.sentences)
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0, limit=2**20)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}/v1", flush=True)
    await server.serve_forever()


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=TOKENS_A_SECOND)
    parser.add_argument("--first", type=float, default=FIRST_SECONDS)
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    asyncio.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
