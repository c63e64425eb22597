"""The evidence check: what does not stand in the cited passage is found out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.checking.evidence import (
    Verdict,
    check_sentence,
    support_of,
)
from assistant.answering.checking.mentions import names, quotations
from assistant.schema import Passage
from assistant.text.quantities import quantities
from assistant.text.sentences import split_sentences
from tests.passages import (
    close,
    make_details,
    make_passage,
    shipped_catalogue,
    shipped_documents,
    unrelated,
)

PLAIN = make_details()
AVON = make_details(
    "avon-2021",
    title="River Work",
    subtitle="How weirs are kept",
    publisher="Avon Press",
    authors=("Ann Example",),
    supporters=("Millstone",),
    published="2021-03-09",
)
CATALOGUE = (PLAIN, AVON)
# A number that may be swapped: one in an address or in a name (31ten) may not.
NUMBER = re.compile(
    r"(?<![\w.:/@-])\d[\d,]*(?:\.\d+)?(?![\w/@])"
    r"|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|dozen"
    r"|third|fourth)\b",
    re.IGNORECASE,
)


def check(sentence: str, evidence: str) -> Verdict:
    return check_sentence(sentence, [make_passage(evidence)], CATALOGUE, close)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("It has seven parts.", "It has 7 parts."),
        ("It has 7 parts.", "It has seven parts."),
        ("It names 12 missions.", "It names a dozen missions."),
        ("It names a dozen missions.", "It names twelve missions."),
        ("It is the 7th part.", "It is the seventh part."),
        ("It is the seventh part.", "It is part 7."),
        ("It is a 10-year plan.", "It is a ten-year plan."),
        ("It has 52000 staff.", "It has 52,000 staff."),
        ("It has 52,000 staff.", "It has 52000 staff."),
        ("It has 52k staff.", "It has 52,000 staff."),
        ("It cost £1.5m.", "It cost £1.5 million."),
        ("It cost £1.5 million.", "It cost £1.5m."),
        ("It cost £1,500,000.", "It cost £1.5 million."),
        ("It cost £3bn.", "It cost £3 billion."),
        ("It grew 5%.", "It grew 5 per cent."),
        ("It grew 5 per cent.", "It grew 5%."),
        ("It grew 5 percent.", "It grew 5 %."),
        ("It is 1.5 times that.", "It is 1.50 times that."),
        ("It takes 50–60%.", "It takes 50-60%."),
        ("It has one part.", "It has a part."),
        ("It has twenty-five parts.", "It has 25 parts."),
        ("It has 200 parts.", "It has two hundred parts."),
        ("It grew 5%.", "It grew five per cent."),
        ("It cost £2 million.", "It cost two million pounds."),
        ("Seven parts matter.", "It has 7 parts."),
    ],
)
def test_check_takes_a_number_in_any_form(sentence: str, evidence: str) -> None:
    assert check(sentence, evidence).problems == ()


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("It has eight parts.", "It has seven parts."),
        ("It has 8 parts.", "It has 7 parts."),
        ("It has 7 parts.", "It has 7.5 parts."),
        ("It has 7 parts.", "It has 77 parts."),
        ("It has 10 parts.", "It dates from 2010."),
        ("It is the third part.", "It is the fourth part."),
        ("It grew by 5.", "It grew by 5%."),
        ("It grew by 5.", "It grew by £5."),
        ("It grew 5%.", "It grew by 5."),
        ("It cost £5.", "It cost 5."),
        ("It cost £5.", "It grew 5%."),
        ("It cost $5.", "It cost £5."),
        ("It cost £2m.", "It cost £2."),
        ("It cost £2.", "It cost £2m."),
        ("It cost £1.5 billion.", "It cost £1.5 million."),
        ("It has 5 million parts.", "It has 5 parts."),
        ("One in five fail.", "One in six fail."),
        ("Ring 0870 448 1531.", "Ring 0870 448 1530."),
        ("It has three million homes.", "It has three homes."),
        ("It grew five per cent.", "It grew five homes."),
        ("It has twenty-five homes.", "It has 20 homes and 5 farms."),
        ("It is the twelfth mission.", "It is the ninth mission."),
        ("It is the second part.", "It is the first part."),
    ],
)
def test_check_finds_another_number(sentence: str, evidence: str) -> None:
    assert any("number" in p for p in check(sentence, evidence).problems)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("It came on 5 July 2023.", "It came on July 5, 2023."),
        ("It came on July 5, 2023.", "It came on 5 July 2023."),
        ("It came on 5th July 2023.", "It came on 5 July 2023."),
        ("It came on the 5th of July 2023.", "It came on 5 July 2023."),
        ("It came on 2023-07-05.", "It came on 5 July 2023."),
        ("It came on 05/07/2023.", "It came on 5 July 2023."),
        ("It came on 5/7/2023.", "It came on 2023-07-05."),
        ("It came in July 2023.", "It came on 5 July 2023."),
        ("It came in 2023-07.", "It came on 5 July 2023."),
        ("It came in July.", "It came on 5 July 2023."),
        ("It came in 2023.", "It came on 5 July 2023."),
        ("It came on 5 July.", "It came on 5 July 2023."),
        ("It came on 5 July 2023.", "It came on 2023-07-05."),
        ("It came on 5 July 2023.", "It came on 05/07/2023."),
        ("It came in December.", "It came on 1/12/2023."),
        ("It came on 5 Jul 2023.", "It came on 5 July 2023."),
    ],
)
def test_check_takes_a_date_in_any_form(sentence: str, evidence: str) -> None:
    assert check(sentence, evidence).problems == ()


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("It came on 5 July 2023.", "It came in July 2023."),
        ("It came on 5 July 2023.", "It came in 2023."),
        ("It came in July 2023.", "It came in 2023."),
        ("It came on 6 July 2023.", "It came on 5 July 2023."),
        ("It came on 5 July 2022.", "It came on 5 July 2023."),
        ("It came in 2022.", "It came on 5 July 2023."),
        ("It came on 07/05/2023.", "It came on 5 July 2023."),
        ("It came on 15 July.", "15 councils came in July."),
        ("It came in June.", "It came in July."),
        ("It came in the 1990s.", "It came in the 1980s."),
    ],
)
def test_check_finds_another_date(sentence: str, evidence: str) -> None:
    assert not check(sentence, evidence).holds


def test_check_takes_the_date_and_names_of_the_reports_details() -> None:
    passage = make_passage("Weirs need care.", AVON)
    for sentence in (
        "Avon Press (2021) asks for care.",
        "Ann Example asks for care.",
        "Millstone paid for River Work in 2021.",
        "It came out on 2021-03-09.",
    ):
        verdict = check_sentence(sentence, [passage], CATALOGUE, close)
        assert verdict.problems == ()


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("He has no ‘moon shot’ ideas.", "He has no 'moon shot' ideas."),
        ("He has no “moon shot” ideas.", "He has no ‘moon shot’ ideas."),
        ("He has no «moon shot» ideas.", 'He has no "moon shot" ideas.'),
        ("He has no „moon shot‟ ideas.", "He has no moon shot ideas."),
        ("It is a low\u2011cost way.", "It is a low-cost way."),
        ("It is a “low–cost” way.", "It is a low-cost way."),
        ("It is “low\u00adcost”.", "It is lowcost."),
        ("The councils’ bins and the residents’ needs grow.", "They grow."),
        ("The council's plan isn't new.", "They plan."),
    ],
)
def test_check_takes_every_kind_of_quote_and_hyphen(
    sentence: str, evidence: str
) -> None:
    assert check(sentence, evidence).problems == ()


@pytest.mark.parametrize(
    "sentence",
    [
        'He has "sun shot" ideas.',
        "He has ‘sun shot’ ideas.",
        "He has “moon shot” and “sun shot” ideas.",
        "He has «moon shots» in mind.",
    ],
)
def test_check_finds_a_quoted_string_that_does_not_stand(sentence: str) -> None:
    problems = check(sentence, "He has moon shot ideas.").problems
    assert any("words" in problem for problem in problems)


def test_quotations_are_read_in_order_without_their_end_marks() -> None:
    text = "He said ‘two, three’ and “four.” of the councils’ «five»"
    assert sorted(quotations(text)) == ["five", "four", "two, three"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Jane Smith asks for care.",
        "Manchester asks for care.",
        "However Manchester asks for care.",
        "Care is asked for. Manchester agrees.",
        "The Local Government Association asks for care.",
        "The NHS asks for care.",
        "According to McKinsey, care is asked for.",
        "Ann Other asks for care.",
        "O’Brien asks for care.",
        "Councils and Manchester ask for care.",
    ],
)
def test_check_finds_a_name_that_stands_nowhere(sentence: str) -> None:
    passage = make_passage("Ann Example asks for care.", AVON)
    problems = check_sentence(sentence, [passage], CATALOGUE, close).problems
    assert any("name" in problem for problem in problems)


@pytest.mark.parametrize(
    "sentence",
    [
        "Councils ask for care.",
        "However, councils ask for care.",
        "In all, the care is asked for.",
        "Care is asked for. Ministers agree.",
        "Mill & Sons asks for care.",
        "Mill & Sons’s care is asked for.",
        "Mill and Weir ask for care.",
    ],
)
def test_check_takes_openers_and_names_that_stand_there(sentence: str) -> None:
    evidence = "Mill & Sons asks Mill, and then Weir, for care. Care matters."
    assert check(sentence, evidence).problems == ()


def test_names_passes_over_a_plain_word_behind_an_opening_quote() -> None:
    assert names("“The plan” works.") == []


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("River Work asks for weirs.", "River Work"),
        ("Avon Press asks for weirs.", "Avon Press"),
        ("This differs from River Work.", "River Work"),
    ],
)
def test_check_finds_a_report_or_publisher_not_cited(sentence: str, named: str) -> None:
    verdict = check(sentence, "It asks for weirs.")
    assert f"it names {named} and does not cite it" in verdict.problems


@pytest.mark.parametrize(
    "sentence",
    [
        "River Work (Avon Press, 2021) asks for weirs.",
        "The report River Work asks for weirs.",
        "Avon Press's River Work asks for weirs.",
        "'River Work' asks for weirs.",
    ],
)
def test_check_finds_a_report_not_cited_even_if_its_title_stands_there(
    sentence: str,
) -> None:
    verdict = check(sentence, "Unlike River Work, it does not ask for weirs at all.")
    assert "it names River Work and does not cite it" in verdict.problems


def test_check_wants_a_passage() -> None:
    verdict = check_sentence("Councils plan.", [], CATALOGUE, close)
    assert verdict == Verdict(0.0, ("cites no passage",))


def test_check_finds_a_meaning_that_is_not_close() -> None:
    passage = make_passage("Weirs need care.")
    verdict = check_sentence("Councils bake.", [passage], CATALOGUE, unrelated)
    assert verdict.problems == ("its meaning is not close to the cited passage",)
    assert check_sentence("Councils bake.", [passage], CATALOGUE, close).holds


def test_check_passes_over_markers() -> None:
    assert check("Weirs need care [7].", "Weirs need care.").holds


@pytest.mark.parametrize(
    "sentence",
    [
        "Weirs need care.",
        "weirs need  CARE",
        "Weirs need care (River Work, Avon Press, 2021).",
    ],
)
def test_support_of_the_same_words_is_one(sentence: str) -> None:
    passage = make_passage("First this. Weirs need care. Then that.", AVON)
    assert support_of(sentence, [passage], unrelated) == 1.0


@pytest.mark.parametrize(("given_as", "support"), [(1.7, 1.0), (-0.3, 0.0), (0.6, 0.6)])
def test_support_stays_between_nought_and_one(given_as: float, support: float) -> None:
    passage = make_passage("Weirs need care.")
    assert support_of("Else.", [passage], lambda text, texts: given_as) == support


def own_sentences() -> list[tuple[str, Passage]]:
    return [
        (sentence, make_passage(section.text, document.details, section.heading))
        for document in shipped_documents()
        for section in document.sections
        for sentence in split_sentences(section.text)
    ]


def test_every_digest_sentence_holds_against_its_own_section() -> None:
    verdicts = [
        (check_sentence(sentence, [passage], shipped_catalogue(), unrelated), sentence)
        for sentence, passage in own_sentences()
    ]
    assert len(verdicts) > 200
    assert [(v, s) for v, s in verdicts if not v.holds or v.support < 1] == []


def test_every_swapped_number_of_a_digest_is_found() -> None:
    passed, swapped = [], 0
    for sentence, passage in own_sentences():
        for match in NUMBER.finditer(sentence):
            word = match[1] and (
                "ninth" if match[1] in ("third", "fourth") else "nineteen"
            )
            wrong = sentence[: match.start()] + (word or "83") + sentence[match.end() :]
            swapped += 1
            verdict = check_sentence(wrong, [passage], shipped_catalogue(), close)
            passed += [wrong] if verdict.holds else []
    assert swapped > 80
    assert passed == []


@pytest.mark.parametrize(("own", "other"), [("Localis", "31ten"), ("31ten", "Localis")])
def test_every_swapped_publisher_of_a_digest_is_found(own: str, other: str) -> None:
    wrong = [(s.replace(own, other), p) for s, p in own_sentences() if own in s]
    assert len(wrong) > 20
    assert [
        sentence
        for sentence, passage in wrong
        if check_sentence(sentence, [passage], shipped_catalogue(), close).holds
    ] == []


WORDS = st.lists(
    st.sampled_from(
        "£ $ 5 5% 1,000 1.5m July 2023 2023-99-99 31/31/2023 ‘ ’ “ ” ' \" ten 31ten ( ) . "
        "of and the River Work Localis’s I [1] `x`".split()
    ),
    max_size=14,
).map(" ".join)


@given(st.one_of(st.text(max_size=100), WORDS), st.one_of(st.text(max_size=60), WORDS))
def test_check_never_raises(sentence: str, evidence: str) -> None:
    verdict = check(sentence, evidence)
    assert 0 <= verdict.support <= 1


@given(st.one_of(st.text(max_size=100), WORDS))
def test_numbers_of_a_text_stand_in_that_text(text: str) -> None:
    assert quantities(text) == quantities(text)
    problems = check(text, text).problems
    assert [p for p in problems if "number" in p or "words" in p] == []
