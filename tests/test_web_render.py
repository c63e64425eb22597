"""What the page shows of an answer, as text: nothing that is not ours is markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.schema import Answer, Nearest, Sentence, Withheld
from assistant.web.answers.answer_text import count_sentences, link_markers, render_text
from assistant.web.answers.arranging import render_arranged, render_in_form
from assistant.web.answers.outcomes import age_note
from assistant.web.answers.render import (
    render_answer,
    render_failure,
    render_growing,
    render_question,
    render_searched,
)
from assistant.web.answers.sources import (
    Cited,
    mark_quotes,
    passage_of,
    render_sources,
    uncited,
)
from assistant.web.documents.places import render_original
from tests.browser.fakes import (
    ANSWERED,
    BROKEN_OFF,
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
TAGS = set(
    "a blockquote br cite details div h3 h4 img li mark ol p q span summary ul"
    " table tbody td th thead tr".split()
)


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


def hostile(text: str, quoting: Answer | None = None) -> Answer:
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
        page_number=3,
    )
    return Answer(
        question=text,
        standalone_question=text,
        outcome="partial",
        text=f"{text} [1]",
        withheld=(Withheld(text, text),),
        citations=(quoted,),
        passages=(cited, replace(cited, chunk=replace(chunk, id="other"))),
        nearest=(Nearest(text, text, text),),
        model=text,
        quoting=quoting,
    )


@given(st.one_of(st.just(HOSTILE), st.text(max_size=60)))
# Asks for a table, and is shown as one.
@example("TABLE")
def test_no_text_becomes_markup(text: str) -> None:
    answer = hostile(text, quoting=hostile(text))
    failed = replace(answer, outcome="error", sentences=(Sentence(text, (1,), 1.0),))
    html = (
        render_question(text)
        + render_answer(3, failed, text)
        + render_growing(4, answer, text)
        + render_answer(1, answer, text)
        + render_failure(2, text)
        + sources(answer, answer)
    )
    found = Tags(html).found
    assert {tag for tag, _ in found} <= TAGS
    allowed = "alt class href id loading rel role scope src tabindex target title"
    assert {name for _, attributes in found for name in attributes} <= set(
        allowed.split()
    )
    links = [str(a[key]) for _, a in found for key in ("href", "src") if key in a]
    ours = ("#answer-", "https://example.org/", "documents/")
    assert all(link.startswith(ours) for link in links)


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


def arranged(text: str, shown: int | None = None) -> str:
    return render_arranged(text, ANSWERED.citations, link, shown)


def test_a_table_that_was_asked_for_has_a_row_for_each_report() -> None:
    text = (
        "- Old Places (Localis, 2013): Hubs work. [1]\n"
        "- New Measures (31ten, 2026): <Data> is shared. [2]\n"
        "- They cost little. [1]\n\nNothing on staff was found."
    )
    assert render_arranged(text, ANSWERED.citations, link, as_table=True) == (
        '<table class="said"><thead><tr><th scope="col">Report</th>'
        '<th scope="col">What it says</th></tr></thead><tbody>'
        '<tr><th scope="row">Old Places (Localis, 2013)</th>'
        "<td><ul><li>Hubs work. <1></li><li>They cost little. <1></li></ul></td></tr>"
        '<tr><th scope="row">New Measures (31ten, 2026)</th>'
        "<td><ul><li>&lt;Data&gt; is shared. <2></li></ul></td></tr></tbody></table>"
        '<p class="own">Nothing on staff was found.</p>'
    )
    asked = replace(ANSWERED, question="What is said of hubs? As a table please")
    assert "<table" in render_in_form(asked, link)
    assert "<table" not in render_in_form(ANSWERED, link)


def test_an_answer_says_first_what_it_comes_to_and_then_each_reports_points() -> None:
    text = (
        "Hubs work. [1] They cost little. [1] Each place has one.\n\n"
        "Data is shared. [2]\n\nHubs serve all. [1]\n\nNothing on staff was found."
    )
    assert arranged(text) == (
        '<p class="conclusion">Hubs work. <1></p>'
        '<h4 class="from">Old Places <span>Localis, 2013</span></h4><ul class="points">'
        "<li>They cost little. <1> Each place has one.</li><li>Hubs serve all. <1></li></ul>"
        '<h4 class="from">New Measures <span>31ten, 2026</span></h4><ul class="points">'
        "<li>Data is shared. <2></li></ul>"
        '<p class="own">Nothing on staff was found.</p>'
    )
    assert arranged("Hubs work. [1]\n\nThey cost little. [1]") == (
        '<p class="conclusion">Hubs work. <1></p>'
        '<ul class="points"><li>They cost little. <1></li></ul>'
    )


def test_the_form_that_was_asked_for_stays() -> None:
    assert arranged("- Hubs work. [1]\n- Data is shared. [2]") == (
        "<ul><li>Hubs work. <1></li><li>Data is shared. <2></li></ul>"
    )
    text = "There is none of 2012.\n\nHubs work. [1]\n\n- New Measures: data. [2]"
    assert arranged(text) == (
        '<p class="own">There is none of 2012.</p><p class="conclusion">Hubs work. <1></p>'
        "<ul><li>New Measures: data. <2></li></ul>"
    )


def test_an_answer_grows_by_sentences() -> None:
    text = "One. [1] Two. [1]\n\nThree."
    grown = [arranged(text, n) for n in range(count_sentences(text) + 1)]
    assert grown == [
        "",
        '<p class="conclusion">One. <1></p>',
        '<p class="conclusion">One. <1></p><ul class="points"><li>Two. <1></li></ul>',
        '<p class="conclusion">One. <1></p><ul class="points"><li>Two. <1></li></ul>'
        '<p class="own">Three.</p>',
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
    assert len(ids) == len(set(ids)) == 8


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        (ANSWERED, "Answer"),
        (PARTIAL, "Part of an answer"),
        (NO_EVIDENCE, "Not on the shelf"),
        (CLARIFY, "Please say which"),
        (DECLINED, "Outside the shelf"),
        (FAILED, "Not answered"),
        (BROKEN_OFF, "Broken off"),
    ],
)
def test_render_answer_tells_outcomes_apart(answer: Answer, label: str) -> None:
    html = render_answer(1, answer, None)
    assert f'class="answer {answer.outcome}"' in html
    assert html.count(f'<h3 class="outcome">{label}</h3>') == 1


def test_a_partial_answer_sets_apart_what_the_shelf_lacks() -> None:
    html = render_answer(1, PARTIAL, None)
    assert '<p class="own">Nothing on what they cost was found.</p>' in html
    assert html.count('class="own"') == 1


def test_a_refusal_links_the_nearest_sections() -> None:
    html = render_answer(1, NO_EVIDENCE, None)
    address = "documents/old-2013?section=Key%20recommendations%20%E2%80%BA%208%20Local"
    assert f'<li><a href="{address}%20hubs" target="_blank"' in html
    assert "Key recommendations › 8 Local hubs</a> <cite>Old Places</cite>" in html
    known = render_answer(1, replace(NO_EVIDENCE, passages=(DATA, HUBS)), None)
    assert 'href="documents/old-2013/web-page?section=Key' in known


def test_a_failure_says_first_what_failed_and_then_what_was_checked() -> None:
    html = render_answer(1, BROKEN_OFF, None)
    failed = '<div class="failed"><p>The model did not go on. Ask again.</p></div>'
    checked = "Written and checked before the model failed:"
    quotations = "Answer in quotations, without the model"
    places = [html.index(text) for text in (failed, checked, quotations)]
    assert places == sorted(places)
    assert "answer-1-source-1" in html[places[1] : places[2]]
    assert "answer-1-quotations-source-2" in html[places[2] :]
    alone = render_answer(1, FAILED, None)
    assert "The model did not answer in time." in alone
    assert "checked before" not in alone


def test_render_answer_folds_what_was_withheld_with_its_reason() -> None:
    html = render_answer(1, ANSWERED, None)
    assert "<summary>1 sentence withheld</summary>" in html
    why = "Why: the number £5m is not in the passage."
    assert f'Hubs cost £5m.</q> <span class="why">{why}</span>' in html
    assert "withheld" not in render_answer(1, ANSWERED, None, shown=1)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ANSWERED, "Quotations, chosen and checked automatically; no language"),
        (
            replace(ANSWERED, model="<m>"),
            "Written by the language model &lt;m&gt;; each",
        ),
        (NO_EVIDENCE, "Answered by fixed rules; no language model was used."),
        (replace(NO_EVIDENCE, model="m"), "The language model m was asked."),
    ],
)
def test_each_answer_says_who_wrote_it(answer: Answer, says: str) -> None:
    assert f'<p class="written">{says}' in render_answer(1, answer, None)


def test_an_answer_says_how_old_its_reports_are_if_any_is() -> None:
    old, new = ANSWERED.citations
    assert age_note([old, new], TODAY) == (
        "Oldest report cited: 15 October 2013, 13 years old; newest: March 2026."
    )
    assert age_note([old, old], TODAY) == (
        "The report cited is from 15 October 2013, 13 years old."
    )
    assert age_note([new, replace(new, published=None)], TODAY) == ""
    assert age_note([], TODAY) == ""


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
def test_render_original_links_web_pages_only(url: str) -> None:
    assert render_original(url) == ""


def test_sources_give_each_report_with_date_age_place_and_page() -> None:
    html = sources(ANSWERED)
    old = '<p class="older">Older report: 13 years old</p>'
    assert f"Localis, 15 October 2013</p>{old}" in html
    assert "31ten, March 2026</p><p class" in html
    assert "Findings › 2 Data, page 12</p>" in html
    assert "8 Local hubs</p>" in html
    assert html.count("Older report") == 1


def test_each_source_opens_at_its_place() -> None:
    html = sources(ANSWERED)
    quoted = "&amp;quote=Localis%20recommends%20local%20hubs.#marked"
    assert re.search(
        rf'href="documents/old-2013/web-page\?section=[^"]*{quoted}"', html
    )
    # An answer that a browser kept may have lost its passages.
    bare = sources(replace(ANSWERED, passages=()))
    assert re.search(rf'href="documents/old-2013\?section=[^"]*{quoted}"', bare)
    assert "<img" not in html


def test_a_pdf_shows_its_page_behind_a_fold() -> None:
    pdf = replace(ANSWERED.citations[1], page_number=14)
    html = sources(replace(ANSWERED, citations=(pdf,)))
    assert 'href="documents/new-2026/report?page=14&amp;quote=31ten' in html
    assert "Open page 12 in the document</a>" in html
    assert "Read the section as text</a>" in html
    picture = Tags(html[html.index('<details class="page">') :]).found
    [image] = [attributes for tag, attributes in picture if tag == "img"]
    assert str(image["src"]).startswith("documents/new-2026/report/picture?page=14&")
    assert image["loading"] == "lazy"
    assert str(image["alt"]).startswith("Page 12 of New Measures, the cited words")


def test_what_was_found_and_not_cited_stands_behind_a_fold() -> None:
    long = "A [1] sentence of twenty-seven. " * 40
    more = replace(DATA, chunk=replace(DATA.chunk, id="more", text=long, section="3"))
    answer = replace(ANSWERED, passages=(HUBS, more, DATA))
    assert uncited(answer) == [more]
    html = sources(answer)
    fold = html[html.index('<details class="also">') :]
    assert "<summary>Also found, not cited</summary>" in fold
    assert "<cite>New Measures</cite> (31ten, 2026): <a" in fold
    assert "[" not in fold
    assert len(re.findall("A sentence of twenty-seven", fold)) == 8
    assert "Found, not cited" in sources(replace(NO_EVIDENCE, passages=(HUBS,)))
    assert "ound, not cited" not in sources(replace(DECLINED, passages=(HUBS,)))
    growing = [Cited(1, "What?", answer, growing=True)]
    assert "ound, not cited" not in render_sources(growing, TODAY)


def test_sources_say_what_is_a_digest() -> None:
    html = sources(ANSWERED)
    assert "Digest of the report&#x27;s web page – not the original." in html
    assert html.count("not the original") == 1
    assert 'href="https://example.org/old" target="_blank" rel="noopener' in html


def test_sources_have_a_section_for_each_answer() -> None:
    html = sources(ANSWERED, PARTIAL, NO_EVIDENCE)
    assert "This answer cites nothing." in html
    for number in (1, 2, 3):
        assert f'id="sources-of-answer-{number}"' in html
    assert html.index("answer-1-source-1") < html.index("answer-2-source-1")
    found = render_sources([], TODAY, (HUBS, DATA))
    assert found.count("<li>") == 2
    assert "Found so far" in found
