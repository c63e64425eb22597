"""A model that invents: none of its numbers, names and quotations reaches the reader."""

from __future__ import annotations

import random

from assistant.answering.writers.sending import passage_block
from assistant.composition import Assistant
from assistant.provider.model import Message
from evals.inventing import TRUE, WAYS, InventingModel, put_to_inventor, read_passages
from tests.passages import make_details, make_passage

pytest_plugins = ("tests.shelf",)

QUESTIONS = (
    "What does Level Measures say about subregional data centres?",
    "What do the reports say about prevention?",
    "What are 31ten’s seven key findings?",
)
HUBS = make_details("hubs-2013", title="Hubs", publisher="Localis", published="2013")
DATA = make_details("data-2024", title="Data", publisher="31ten", published="2024")
PROMPT = "\n\n".join(
    [
        passage_block(1, make_passage("In Hubs, Localis asks for 12 hubs.", HUBS)),
        passage_block(2, make_passage("In Data, 31ten asks Ada Green.", DATA)),
    ]
)


def test_the_model_reads_its_passages() -> None:
    sources = read_passages(PROMPT)
    assert [(s.number, s.report, s.publisher) for s in sources] == [
        (1, "Hubs", "Localis"),
        (2, "Data", "31ten"),
    ]
    assert sources[0].sentences == ("In Hubs, Localis asks for 12 hubs.",)


def test_each_way_but_one_falsifies() -> None:
    sources = read_passages(PROMPT)
    said = {text.rstrip(".") for source in sources for text in source.sentences}
    for name, way in WAYS.items():
        written = [way(s, sources, random.Random(n)) for s in sources for n in range(5)]
        texts = {text.rpartition(" [")[0] for text in written if text}
        assert texts, name
        kept = name in (TRUE, "another report cited", "a citation number made up")
        assert (texts <= said) == kept, name


def test_asked_to_mend_it_falsifies_again() -> None:
    model = InventingModel(random.Random(1))
    prompt = f"{PROMPT}\n1. It costs £5m [1].\n   Wrong: no £5m there\n"
    pieces = list(model.stream([Message("human", prompt)]))
    assert pieces[0].text.startswith("1. ")
    assert len(model.again) == 1
    assert model.told == []


def test_nothing_invented_is_shown(assistant: Assistant) -> None:
    shown = put_to_inventor(assistant, QUESTIONS, assistant.settings)
    rows = [line.split("  ") for line in shown.splitlines() if ".000" in line]
    shares = {row[0].strip(): float(row[-1]) for row in rows}
    assert shares.pop(TRUE) == 1
    assert len(shares) > 5
    assert set(shares.values()) == {0}
