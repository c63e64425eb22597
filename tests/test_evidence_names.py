"""What a sentence names: reports, publishers, people, and what merely looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.checking.evidence import (
    Verdict,
    check_sentence,
    is_quotation,
)
from assistant.answering.checking.mentions import names
from assistant.answering.checking.reports import without_ours
from assistant.schema import Passage, ReportDetails
from tests.passages import close, make_details, make_passage

WORK = make_details(
    "work-2021", title="River Work", publisher="Avon Press", published="2021"
)
TOWN = make_details("town", title="Milby Town Council", publisher="Quill House")
SUBJECT = make_details("care", title="Adult Care", publisher="Mill House")
ONE_WORD = make_details("force", title="Force", publisher="Home desk")
HOUSE = make_details("house", title="Pumps by Avon Press", publisher="Home desk")
NOBODY = make_details("sluices", title="Sluices", publisher="", published="2019")
CATALOGUE = (WORK, TOWN, SUBJECT, ONE_WORD, HOUSE, NOBODY)


def check(
    sentence: str, evidence: str, details: ReportDetails = WORK, *more: Passage
) -> Verdict:
    passages = [make_passage(evidence, details), *more]
    return check_sentence(sentence, passages, CATALOGUE, close)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        # A title that is also a council's name, a subject or a common word.
        (
            "Milby Town Council planted 90 trees.",
            "Milby Town Council has 90 new trees.",
        ),
        ("Adult care costs more each year.", "The costs of adult care grow each year."),
        ("A task force met in May.", "In May the task force came together."),
        ("Force was never used.", "It never came to the use of force."),
        ("By its documents, Milby Town Council asks.", "Milby Town Council asks."),
        # A publisher's own name within the title that is cited.
        ("Rivers flood, Avon Press (2021) says.", "Every river floods."),
    ],
)
def test_common_words_and_places_are_no_report(sentence: str, evidence: str) -> None:
    assert check(sentence, evidence).problems == ()


def test_a_publisher_in_the_cited_title_is_no_other_publisher() -> None:
    sentence = "Pumps fail in winter (Pumps by Avon Press, Home desk, date unknown)."
    assert check(sentence, "In winter pumps fail often.", HOUSE).problems == ()


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("The report Force asks for sluices.", "Force"),
        ("Adult Care (Mill House) asks for sluices.", "Adult Care"),
        ("The Force review asks for sluices.", "Force"),
        ("Mill House asks for sluices.", "Mill House"),
        ("Sluices (2019) asks for sluices.", "Sluices"),
    ],
)
def test_a_report_that_is_named_as_one_must_be_cited(sentence: str, named: str) -> None:
    problems = check(sentence, "We need sluices and adult care by force.").problems
    assert any(named in problem for problem in problems)


@pytest.mark.parametrize(
    ("quoted", "shown", "details"),
    [
        ("A task force met in Milby Town Council's hall.",) * 2 + (WORK,),
        ("He calls it a door that is never shut.",
         "He calls it a door that is never shut (River Work, Avon Press, 2021).", WORK),
        ('He calls it "a door that is never shut."',
         'He calls it "a door that is never shut (River Work, Avon Press, 2021)."', WORK),
        ("The Force of rivers grows.",
         "The Force (Home desk, date unknown) of rivers grows.", ONE_WORD),
        ("Avon Press asks for 5 weirs.", "Avon Press (2021) asks for 5 weirs.", WORK),
        ("The report asks for 5 weirs.",
         "The Avon Press report (2021) asks for 5 weirs.", WORK),
        ("This paper asks for 5 weirs.",
         "This Avon Press paper (2021) asks for 5 weirs.", WORK),
        ("Pumps fail.", "Pumps fail (Sluices, 2019).", NOBODY),
    ],
)  # fmt: skip
def test_nothing_of_ours_is_held_against_a_quotation(
    quoted: str, shown: str, details: ReportDetails
) -> None:
    verdict = check(shown, f"Rivers rise. {quoted} So it goes.", details)
    assert verdict == Verdict(1.0, ())


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Weirs need care.", True),
        ("weirs need  care", True),
        ("Weirs need care. Mills do not.", True),
        ("Grants of £5 million", True),
        ("a list of mills", True),
        ("8.5* | 9* (River Work, Avon Press, 2021)", True),
        ("Old mills, new mills, (River Work, Avon Press, 2021)", True),
        ("need care", False),
        ("Grants of £5", False),
        ("Mills do", False),
        ("mills should close", False),
        ("He says", False),
        ("weirs should close", False),
        ("Weirs need care (Other Work, Avon Press, 2021).", False),
    ],
)
def test_a_quotation_is_whole_and_sign_for_sign(text: str, is_one: bool) -> None:
    told = (
        "Weirs need care. Mills do not.\n- Grants of £5 million\n- a list of mills\n"
        "Weir | 8.5* | 9*\nOld mills, new mills,\nand so on. "
        'If rivers fall, weirs should close, he says. He says "mills should close".'
    )
    assert is_quotation(text, [make_passage(told, WORK)]) is is_one


def test_a_source_of_another_report_stays() -> None:
    text = "Weirs (old ones) matter (River Work, Avon Press, 2020)."
    assert without_ours(text, [WORK]) == text
    ours = text.replace("2020", "2021")
    assert without_ours(ours, [WORK]) == "Weirs (old ones) matter."
    both = "Weirs matter (River Work, Avon Press, 2021; Sluices, 2019)."
    assert without_ours(both, [WORK, NOBODY]) == "Weirs matter."


@pytest.mark.parametrize(
    "sentence",
    [
        "The two reports ask for sluices.",
        "Both reports, River Work (Avon Press, 2021) and Sluices (2019), ask for them.",
        "All of the two newer reports ask for sluices.",
        "River Work (Avon Press, 2021) asks for weirs, the second for sluices.",
        "The second report asks for sluices.",
        "The two differ: River Work (2021) wants weirs.",
        "The two calls need not clash, the first for weirs and the second for sluices.",
    ],
)
def test_how_many_reports_there_are_is_no_number_of_the_passage(sentence: str) -> None:
    other = make_passage("Sluices are asked for by everybody.", NOBODY)
    assert check(sentence, "It asks for weirs.", WORK, other).problems == ()


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Avon Press (2021) launched five reports.", "It launched three reports."),
        ("It is the second of its needs.", "It is the first of its needs."),
        ("It names two weirs.", "It names weirs."),
    ],
)
def test_other_counts_and_places_are_held_to_the_passage(
    sentence: str, evidence: str
) -> None:
    assert not check(sentence, evidence).holds


@pytest.mark.parametrize(
    "sentence",
    [
        # Idioms and matters that are nobody who speaks.
        "New weirs, above all sluices, should be mended.",
        "Everything River Work (Avon Press, 2021) says about Oflog is about 2021.",
        "Readers of River Work (2021) learn about Oflog.",
        # A title before a name, a short form, another ending.
        "Chief Engineer Ann Weir asks for it.",
        "The FSA asks for it.",
        "The Integrated Flood System is new.",
        "Avon Press's River Work (2021) asks for it.",
        # Another form of a name or an office, and what only opens the sentence.
        "Engineer Weir asks for it, and so does the Director.",
        "The Safety and Flood Agency asks for it.",
        "Against: Oflog wants weirs mended.",
        "Herrings and weirs are mended.",
        "Unlike the Agency, Oflog wants it.",
    ],
)
def test_names_stand_in_other_forms(sentence: str) -> None:
    evidence = (
        "The chief engineer, Ann Weir, and the Flood Safety Agency want weirs and "
        "sluices mended, says Oflog. Integrated flood systems are new, it asks."
    )
    assert check(sentence, evidence).problems == ()


@pytest.mark.parametrize(
    "sentence", ["Chief Engineer Bob Weir asks for it.", "The NHS asks for it."]
)
def test_another_name_is_found_all_the_same(sentence: str) -> None:
    evidence = "The chief engineer, Ann Weir, asks. The Flood Safety Agency asks."
    assert any("name" in problem for problem in check(sentence, evidence).problems)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Confidence in weirs grows.", []),
        ("Readers of Avon Press agree.", ["Avon Press"]),
        ("Avon Press's River Work asks.", ["Avon Press", "River Work"]),
        ("Milby asks.", ["Milby"]),
    ],
)
def test_names_leaves_out_what_only_opens_a_sentence(
    text: str, found: list[str]
) -> None:
    assert names(text) == found


SMALL = "not no must River Work Avon Press Force care weirs ( ) , ; 2021 5 the report"
WORDS = st.lists(st.sampled_from(SMALL.split()), min_size=1, max_size=12).map(" ".join)


@given(WORDS)
def test_what_stands_there_holds_whatever_it_says(text: str) -> None:
    evidence = f"First this. {text}. Then that."
    assert check(f"{text}.", evidence).problems == ()
