"""One answer in the shapes in which servers and models send it, over real HTTP."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.provider.thoughts import Answering, Beginning, without_thinking
from tests.provider.server import ModelServer, Reply
from tests.provider.shapes import ENDS, SHAPES, THOUGHT, THOUGHTS
from tests.test_model_answer import ASKED, SHOWN, TRUE, streamed

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)


@pytest.mark.parametrize("name", SHAPES)
def test_an_answer_is_read_in_each_servers_shape(
    with_model: WithModel, server: ModelServer, name: str
) -> None:
    server.script(Reply(body=SHAPES[name], media_type=None))
    answer = with_model().answer(ASKED)
    assert (answer.outcome, answer.text) == ("answered", f"{SHOWN} [1]")
    assert not answer.withheld


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "text/html"])
def test_what_a_server_calls_its_answer_does_not_matter(
    with_model: WithModel, server: ModelServer, media_type: str
) -> None:
    for body in (SHAPES["OpenAI"], SHAPES["one whole answer in place of a stream"]):
        server.script(Reply(body=body, media_type=media_type))
        answer = with_model().answer(ASKED)
        assert (answer.outcome, answer.tokens) == ("answered", 18)


@pytest.mark.parametrize("name", THOUGHTS)
def test_what_a_model_thinks_aloud_is_never_shown(
    with_model: WithModel, server: ModelServer, name: str
) -> None:
    server.script(THOUGHTS[name])
    assistant = with_model()
    # The second time its habit is known.
    for _ in range(2):
        steps = streamed(assistant)
        shown = [
            step["progress"][0].answer.text for step in steps if "progress" in step
        ]
        assert [step["answer"].text for step in steps if "answer" in step] == [
            f"{SHOWN} [1]"
        ]
        assert set(shown) == {f"{SHOWN} [1]"}


def test_a_connection_serves_the_next_answer_too(
    with_model: WithModel, server: ModelServer
) -> None:
    before = len(server.connections)
    server.script(TRUE)
    assistant = with_model()
    assert [assistant.answer(ASKED).outcome for _ in range(3)] == ["answered"] * 3
    assert len(server.connections) == before + 1


def test_thoughts_alone_are_an_empty_answer(
    with_model: WithModel, server: ModelServer
) -> None:
    for text in (
        f"<think>{THOUGHT}</think>",
        f"<think>{THOUGHT}",
        f"analysis{THOUGHT}",
    ):
        server.script(text)
        answer = with_model().answer(ASKED)
        assert "sent an empty answer" in answer.text


def test_thinking_counts_as_life_and_a_role_does_not(
    with_model: WithModel, server: ModelServer
) -> None:
    def thinks(delta: dict[str, Any]) -> Reply:
        return Reply(TRUE, thinks=[delta] * 8, gap=0.15)

    times = {"first_token_seconds": 0.6, "token_gap_seconds": 5}
    server.script(thinks({"reasoning_content": "hm"}))
    assert with_model(**times).answer(ASKED).outcome == "answered"
    server.script(thinks({"role": "assistant", "content": ""}))
    assert "did not begin to answer" in with_model(**times).answer(ASKED).text


@pytest.mark.parametrize("end", ENDS)
def test_the_marks_of_a_template_are_no_words(
    with_model: WithModel, server: ModelServer, end: str
) -> None:
    server.script(f"{TRUE}{end}")
    answer = with_model().answer(ASKED)
    assert (answer.text, answer.withheld) == (f"{SHOWN} [1]", ())


@pytest.mark.parametrize(
    "mark",
    [" [Passage 1].", " (1).", " [source: 1].", " [1](#1).", " 【1】.", " [^1].",
     "\u00b9.", ". [Passage 1]", ". (1)", ".<sup>1</sup>", ".\u00b9",
     ". (see passage 1)"],
)  # fmt: skip
def test_a_citation_is_read_as_a_model_writes_it(
    with_model: WithModel, server: ModelServer, mark: str
) -> None:
    server.script(TRUE.replace(" [1].", mark))
    answer = with_model().answer(ASKED)
    assert (answer.outcome, answer.text) == ("answered", f"{SHOWN} [1]")


def test_of_an_answer_in_two_languages_the_english_is_checked(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(f"= Localis (2023) recomienda centros subregionales.\n{TRUE}")
    answer = with_model().answer(ASKED)
    assert (answer.outcome, answer.withheld) == ("answered", ())
    assert 'begins with "= "' in server.log[0].messages[0]["content"]


def read(pieces: list[str], beginning: Beginning) -> str:
    answering = Answering(beginning)
    text = "".join(answering.feed(piece) for piece in pieces)
    return text + answering.finish(whole=True)


WORDS = st.lists(
    st.sampled_from(
        [TRUE, THOUGHT, "<think>", "</think>", "[THINK]", "[1]", "a < b", "<", "[/TH",
         "<|channel|>", "final", "analysis", "<|message|>", "<|end|>", "\n", "Yes. ",
         "assistantfinal", "</s>", "<|im_start|>"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(WORDS, st.data())
def test_the_cuts_of_a_stream_do_not_matter(text: str, cuts: st.DataObject) -> None:
    places = cuts.draw(st.lists(st.integers(0, len(text)), max_size=9).map(sorted))
    ends = zip([0, *places], [*places, len(text)], strict=True)
    pieces = [text[start:end] for start, end in ends]
    beginnings: tuple[Beginning, ...] = ("answer", "thought")
    for known in beginnings:
        assert read(pieces, known) == read(list(text), known)
    assert "<think>" not in without_thinking(text)


@given(st.text())
def test_a_text_without_marks_is_its_own_answer(text: str) -> None:
    if not any(sign in text for sign in "<[◁") and "analysis" not in text:
        assert without_thinking(text) == text


def test_a_stray_mark_behind_an_answer_takes_nothing_of_it() -> None:
    text = f"analysis{THOUGHT}assistantfinal{TRUE}</think>"
    assert read([text], "thought") == read(list(text), "thought") == TRUE


def test_a_text_that_cites_at_once_is_handed_on_as_it_comes() -> None:
    answering = Answering()
    assert answering.feed("Boards help [1]") == ""
    assert answering.feed(".") == "Boards help [1]."
    assert answering.feed(" Funds") == " Funds"
    waits = Answering()
    assert waits.feed("The user asks for boards. Passage [1] says so. ") == ""
    assert waits.feed("</think>Boards help [1].") == "Boards help [1]."
    assert waits.learned == "thought"


def test_what_was_cut_off_in_what_may_be_a_thought_is_not_handed_on() -> None:
    answering = Answering()
    answering.feed("The user asks for boards. Passage [1] says so.")
    assert answering.finish(whole=False) == ""


@pytest.mark.parametrize("piece", ["so ", "a: ", "1. ", "<", "[", "analysisX "])
def test_a_long_text_is_read_in_time_that_grows_with_it(piece: str) -> None:
    began = time.process_time()
    read([piece] * 60_000, "unknown")
    # Reading all of it anew with each piece took minutes.
    assert time.process_time() - began < 10
