"""A model to measure with: writes evenly, and cites what it is sent.

``python -m evals.timing.fake_model`` serves it on a free port of this machine, and prints its
address. Of each passage that it is sent it writes a sentence as it stands, then one with
its last words cut off, which the check has to judge; sentences are taken in turn from the
passages.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import Iterator
from functools import partial
from itertools import chain, zip_longest

from assistant.text.sentences import split_sentences
from evals.model_server import Messages, ModelServer

TOKENS_A_SECOND = 30.0
FIRST_SECONDS = 0.5
SENTENCES = 6
_PASSAGE = re.compile(r'<passage number="(\d+)"[^>]*>\n(.*?)\n</passage>', re.DOTALL)
_FEWEST_WORDS, _MOST_WORDS, _CUT = 8, 40, 3


def answer_to(messages: Messages, sentences: int = SENTENCES) -> str:
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


async def _main(options: argparse.Namespace) -> None:
    reply = partial(answer_to, sentences=options.sentences)
    model = ModelServer(reply, gap=1 / options.rate, first=options.first, usage=True)
    server, address = await model.listen()
    print(address, flush=True)
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
