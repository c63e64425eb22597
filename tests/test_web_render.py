"""What the page shows of an answer, as text: nothing that is not ours is markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.schema import Answer, Nearest, Outcome, Withheld
from assistant.web.render import (
    count_sentences,
    link_markers,
    render_answer,
    render_failure,
    render_question,
    render_searched,
    render_text,
)
from assistant.web.sources import (
    Cited,
    mark_quotes,
    passage_of,
    render_link,
    render_sources,
)
from tests.browser.fakes import (
    ANSWERED,
    CLARIFY,
    DATA,
    DECLINED,
    FAILED,
    HOSTILE,
    HUBS,
    NO_EVIDENCE,
    PARTIAL,
    citation,
)

TODAY = date(2026, 11, 22)
# Every tag that our own markup may hold.
TAGS = set("a blockquote br cite details div h3 li mark ol p q span summary ul".split())


class Tags(HTMLParser):
    """Collects the tags of a piece of HTML, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data


def sources(*answers: Answer) -> str:
    cited = [Cited(n, "What?", answer) for n, answer in enumerate(answers, start=1)]
    return render_sources(cited, TODAY)


def hostile(text: str) -> Answer:
    """An answer with a text in every field that holds one."""
    chunk = replace(HUBS.chunk, section=text, text=f"{text} and more")
    cited = replace(HUBS, chunk=chunk)
    quoted = replace(
        citation(1, cited, text),
        title=text,
        publisher=text,
        page=text,
        url=f"https://example.org/{text}",
        digest_of=text,
    )
    return Answer(
        question=text,
        standalone_question=text,
        outcome="partial",
        text=f"{text} [1]",
        withheld=(Withheld(text, text),),
        citations=(quoted,),
        passages=(cited,),
        nearest=(Nearest(text, text, text),),
    )


@given(st.one_of(st.just(HOSTILE), st.text(max_size=60)))
def test_no_text_becomes_markup(text: str) -> None:
    answer = hostile(text)
    html = (
        render_question(text)
        + render_answer(1, answer, text)
        + render_failure(2, text)
        + sources(answer, answer)
    )
    found = Tags(html).found
    assert {tag for tag, _ in found} <= TAGS
    allowed = "aria-label class href id rel role tabindex target title".split()
    assert {name for _, attributes in found for name in attributes} <= set(allowed)
    hrefs = [
        attributes["href"] or "" for _, attributes in found if "href" in attributes
    ]
    assert all(href.startswith(("#answer-", "https://example.org/")) for href in hrefs)


@given(st.text())
def test_what_is_put_out_is_one_line(text: str) -> None:
    """A blank line would end the HTML, and Markdown would read on."""
    html = render_question(text) + render_answer(1, hostile(text), text)
    assert len((html + sources(hostile(text))).splitlines()) <= 1


def test_a_hostile_text_is_read_as_it_was_written() -> None:
    html = render_question(HOSTILE)
    assert unescape(Tags(html).text).endswith(HOSTILE)


def link(number: int) -> str:
    return f"<{number}>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is so. [1]", "It is so. <1>"),
        ("It is so. [1][2]", "It is so. <1><2>"),
        ("It is so. [1, 2]", "It is so. <1><2>"),
        ("It is so. [9]", "It is so. "),
        ("It is <b>. [2]", "It is &lt;b&gt;. <2>"),
    ],
)
def test_link_markers_links_what_is_known(text: str, expected: str) -> None:
    assert link_markers(text, [1, 2], link) == expected


def test_render_text_keeps_paragraphs_and_lists() -> None:
    html = render_text("First.\n\n- One. [1]\n- Two.\n\n1. Three.\n\nLast.", [1], link)
    assert html == (
        "<p>First.</p><ul><li>One. <1></li><li>Two.</li></ul>"
        "<ol><li>Three.</li></ol><p>Last.</p>"
    )


def test_render_text_grows_by_sentences() -> None:
    text = "One. [1] Two.\n\nThree."
    grown = [render_text(text, [1], link, n) for n in range(count_sentences(text) + 1)]
    assert grown == [
        "",
        "<p>One. <1></p>",
        "<p>One. <1> Two.</p>",
        "<p>One. <1> Two.</p><p>Three.</p>",
    ]


def test_render_answer_links_each_citation_to_a_source_of_the_panel() -> None:
    answer = Tags(render_answer(3, ANSWERED, None)).found
    panel = Tags(render_sources([Cited(3, "What?", ANSWERED)], TODAY)).found
    targets = {str(a["href"])[1:] for _, a in answer if a.get("class") == "cite"}
    assert targets == {"answer-3-source-1", "answer-3-source-2"}
    assert targets <= {a.get("id") for _, a in panel}


def test_ids_are_unique_over_all_answers() -> None:
    found = Tags(sources(ANSWERED, PARTIAL, ANSWERED)).found
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids)) == 5


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        (ANSWERED, None),
        (PARTIAL, "Part of an answer"),
        (NO_EVIDENCE, "Not on the shelf"),
        (CLARIFY, "Please say which"),
        (DECLINED, "Outside the shelf"),
        (FAILED, "Not answered"),
    ],
)
def test_render_answer_tells_outcomes_apart(answer: Answer, label: str | None) -> None:
    html = render_answer(1, answer, None)
    outcome: Outcome = answer.outcome
    assert f'class="answer {outcome}"' in html
    assert ('class="outcome"' in html) is (label is not None)
    assert label is None or f">{label}<" in html


def test_render_answer_names_the_nearest_sections() -> None:
    html = render_answer(1, NO_EVIDENCE, None)
    assert "<cite>Old Places</cite>: Key recommendations › 8 Local hubs" in html


def test_render_answer_folds_what_was_withheld_with_its_reason() -> None:
    html = render_answer(1, ANSWERED, None)
    assert "<summary>1 sentence withheld</summary>" in html
    assert "Hubs cost £5m.</q> – the number £5m is not in the passage" in html
    assert "withheld" not in render_answer(1, ANSWERED, None, shown=1)


def test_render_searched_says_what_was_searched_for() -> None:
    assert "Searched for: hubs in 2013" in render_searched("hubs in 2013")
    assert render_searched(None) == ""


def test_passage_of_returns_the_passage_that_holds_the_quotes() -> None:
    other = replace(HUBS, chunk=replace(HUBS.chunk, text="Another part of it."))
    quoted = ANSWERED.citations[1]
    assert passage_of(ANSWERED.citations[0], [other, HUBS]) is HUBS
    assert passage_of(quoted, [HUBS, DATA]) is DATA
    assert passage_of(quoted, [HUBS]) is None


def test_mark_quotes_marks_each_quote_and_escapes_around_it() -> None:
    marked = mark_quotes("a < b. So it is. And so on.", ["So it is.", "a < b."])
    assert marked == "<mark>a &lt; b.</mark> <mark>So it is.</mark> And so on."


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "/etc/passwd", "https://[x"]
)
def test_render_link_links_web_pages_only(url: str) -> None:
    assert render_link(url) == ""


def test_sources_give_each_report_with_date_place_and_page() -> None:
    html = sources(ANSWERED)
    assert "Localis, 15 October 2013 " in html
    assert "31ten, March 2026</p>" in html
    assert "Findings › 2 Data, page 12</p>" in html
    assert "8 Local hubs</p>" in html
    assert html.count("older report") == 1


def test_sources_say_what_is_a_digest() -> None:
    html = sources(ANSWERED)
    assert "Digest of the report&#x27;s web page – not the original." in html
    assert html.count("not the original") == 1
    assert 'href="https://example.org/old" target="_blank" rel="noopener' in html


def test_sources_show_the_latest_and_fold_the_earlier() -> None:
    html = sources(ANSWERED, PARTIAL, NO_EVIDENCE)
    assert "The latest answer cites nothing." in html
    assert html.count("<details>") == 2
    assert html.index("answer-2-source-1") < html.index("answer-1-source-1")
