"""A conversation on record: all that was said, in both formats, and nothing as markup."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.briefing.export.blocks import clean
from assistant.schema import Answer, Citation, Nearest, Sentence, Withheld
from assistant.transcript.conversation import Asked, Transcript
from assistant.transcript.export import SUFFIXES, file_name, render
from tests.browser.fakes import ANSWERED, BROKEN_OFF, CLARIFY, NO_EVIDENCE
from tests.packs import HOSTILE

SUMMER = timezone(timedelta(hours=1), "BST")
SAVED = datetime(2026, 7, 22, 10, 5, tzinfo=SUMMER)
HUBS = Asked(
    "hubs?",
    answer=ANSWERED,
    asked_at=datetime(2026, 7, 22, 8, 59, tzinfo=UTC),
    corpus_version="abc123",
    reports=("Old Places", "New Measures"),
)


def make(*asked: Asked, saved_by: str | None = "Ann Other") -> Transcript:
    return Transcript(asked, SAVED, saved_by, "0.1")


def markdown(transcript: Transcript) -> str:
    return render(transcript, ".md").decode("utf-8")


def read_markdown(text: str) -> str:
    """Return the words a reader of the Markdown sees, each block on a line."""
    tokens = MarkdownIt().enable(["table", "strikethrough"]).parse(text)
    inline = [token for token in tokens if token.type == "inline"]
    return "\n".join(
        "".join(
            " " if child.content == "<br>" else child.content
            for child in token.children or ()
            if child.type == "text" or child.content == "<br>"
        )
        for token in inline
    )


def read_word(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    return "\n".join(" ".join(p.text.split()) for p in document.paragraphs)


def seen(transcript: Transcript) -> Iterator[str]:
    yield read_markdown(markdown(transcript))
    yield read_word(render(transcript, ".docx"))


def test_all_of_an_exchange_is_told() -> None:
    for text in seen(make(HUBS)):
        for told in (
            "1. hubs?",
            "Localis (2013) recommends local hubs. [1]",
            "Funding is the obstacle, 31ten (2026) says. [2]",
            "Old Places. Localis, 15 October 2013 (older report). Key recommendations "
            "› 8 Local hubs. “Localis recommends local hubs.” Digest of the report's "
            "web page, not the original. https://example.org/old",
            "New Measures. 31ten, March 2026. Findings › 2 Data, page 12. “31ten finds",
            "“Hubs cost £5m.” – the number £5m is not in the passage",
            "Asked: 22 July 2026, 09:59 BST Outcome: answered",
            "Only these reports were asked: Old Places; New Measures",
            "Language model: none: every sentence is a quotation",
            "Corpus version: abc123",
            "Saved: 22 July 2026, 10:05 BST Saved by: Ann Other Questions: 1",
            "Program version: 0.1",
        ):
            assert told in text


def test_what_nobody_noted_down_is_left_out() -> None:
    for text in seen(make(Asked("hubs?", answer=ANSWERED), saved_by=None)):
        assert "Saved by" not in text
        assert "Corpus version" not in text
        assert "None" not in text


def test_each_outcome_says_what_it_is() -> None:
    written = replace(BROKEN_OFF, model="gpt-x")
    asked = (
        Asked("potholes?", "What of potholes?", NO_EVIDENCE),
        Asked("which?", answer=replace(CLARIFY, choices=("Is it <hubs>?",))),
        Asked("breaks", answer=written),
        Asked("refused", failure="Ask for one thing at a time."),
        Asked("stopped"),
        Asked("half", answer=written, stopped=True),
    )
    for text in seen(make(*asked)):
        for told in (
            "Searched for: What of potholes?",
            "Old Places: Key recommendations › 8 Local hubs",
            "Outcome: no answer found in the reports on the shelf",
            "Is it <hubs>?",
            "From quotations, without the model",
            "Language model: gpt-x",
            "Ask for one thing at a time.",
            "Stopped before the answer was ready.",
            "Outcome: stopped before it was finished",
        ):
            assert told in text


def test_sources_keep_their_numbers_and_link_to_their_own_answer() -> None:
    text = markdown(make(HUBS, HUBS))
    assert text.count(r"[\[1\]](#ref-1_1)") == text.count(r"[\[1\]](#ref-2_1)") == 1
    body = docx.Document(BytesIO(render(make(HUBS, HUBS), ".docx"))).element.body
    names = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names))
    anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    assert {"ref_1_1", "ref_2_1", "cite_2_2"} <= anchors - {None} <= set(names)


def test_a_long_question_is_told_whole_under_a_short_heading() -> None:
    question = " ".join(f"word{number}" for number in range(60))
    for text in seen(make(replace(HUBS, question=f"{question}\n\nand more?"))):
        heading = next(line for line in text.splitlines() if line.startswith("1. "))
        assert len(heading) < 110
        assert f"{question} and more?" in text


def test_lists_of_an_answer_stay_lists() -> None:
    text = "It asks for:\n- hubs [1]\n- data [2]\n1. first [1]"
    asked = replace(HUBS, answer=replace(ANSWERED, text=text))
    found = markdown(make(asked))
    assert "- hubs [\\[1\\]]" in found
    assert "\n1\\. first " in found


def word_parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {
            n: archive.read(n).decode("utf-8", "replace") for n in archive.namelist()
        }


def hostile(text: str) -> Asked:
    citation = Citation(1, "r", text, text, "2020", text, text, text, text, text)
    answer = Answer(
        text, text, "partial", f"{text} [1] {text}", (Sentence(text, (1,), 1.0),),
        (Withheld(text, text),), (citation,), (), (Nearest("r", text, text),),
        model=text, choices=(text,),
    )  # fmt: skip
    return Asked(text, text, answer, text, False, (text,), SAVED, text)


def test_no_text_becomes_markup_field_or_link() -> None:
    transcript = replace(make(hostile(HOSTILE)), saved_by=HOSTILE)
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(markdown(transcript))
    tags = set(re.findall(r"<(\w+)", rendered))
    assert tags <= {
        "h1",
        "h2",
        "h3",
        "p",
        "a",
        "br",
        "strong",
        "ul",
        "li",
        "blockquote",
    }
    targets = re.findall(r'href="([^"]*)"', rendered)
    assert all(re.match(r"#ref-1_1$", target) for target in targets)
    for shown in seen(transcript):
        assert shown.count(HOSTILE) >= 10
    parts = word_parts(render(transcript, ".docx"))
    document = parts["word/document.xml"]
    assert "instrText" not in document
    assert "fldSimple" not in document
    assert 'TargetMode="External"' not in parts["word/_rels/document.xml.rels"]


TEXTS = st.text(
    st.one_of(
        st.characters(codec=None), st.sampled_from("*_[]()<>#|`~$&\\!-+=1.:\n\t ")
    ),
    max_size=60,
)


@hypothesis_settings(max_examples=60)
@given(text=TEXTS)
def test_the_words_shown_are_the_words_of_the_answer(text: str) -> None:
    # Signs that look like citations are resolved, and tested elsewhere.
    text = re.sub(r"[\[\]【】`]", "", text)
    said = re.sub(r"^\s*[-*•]\s+", "", " ".join(clean(text).split()))
    asked = replace(
        HUBS,
        question=text,
        answer=replace(ANSWERED, text=" ".join(text.split()), withheld=()),
    )
    for shown in seen(make(replace(asked, searched_for=text), saved_by=text)):
        lines = [" ".join(line.split()) for line in shown.splitlines()]
        assert said in lines or not said
        assert f"1. {clean(text)}".strip() in lines


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_name_of_a_file_says_when_it_was_saved(suffix: str) -> None:
    assert file_name(SAVED, suffix) == f"conversation-2026-07-22-1005{suffix}"


def test_word_has_a_head_a_foot_and_real_headings() -> None:
    document: Any = docx.Document(BytesIO(render(make(HUBS), ".docx")))
    section = document.sections[0]
    assert "saved 22 July 2026" in section.header.paragraphs[0].text
    assert "PAGE" in section.footer._element.xml
    styles = [p.style.name for p in document.paragraphs]
    assert {"Title", "Heading 1", "Heading 2"} <= set(styles)
    assert document.core_properties.language == "en-GB"
