"""How a turn is read: what is shown as searched for, and in which reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.pipeline import Parts, Question, answer_question
from assistant.answering.understanding.conversation import WHICH_REPORT, items_of
from assistant.answering.understanding.reading import Reading
from assistant.answering.understanding.readings import read_turn
from assistant.answering.understanding.wording import take_apart
from assistant.composition import Assistant
from assistant.schema import Role, Turn
from tests.passages import shipped_catalogue

pytest_plugins = ("tests.shelf",)

HEART, NEXT = "heart-of-the-matter-2024", "whats-next-2024"
LEVEL, CHANGING = "level-measures-2023", "changing-places-2013"
AUDIT = ("what does level measures say about audit", "Localis (2023) wants audit. [1]")
PILOTS = ("changing places on pilots", "Localis (2013) recommends pilots. [1]")
PREVENTION = ("what does 31ten say about prevention", "31ten (2024) finds it pays. [1]")
ALSO = ("and level measures?", "Localis (2023) speaks of prevention. [1]")
LESSONS = (
    "what are the lessons for firms in level measures",
    "Localis (2023) has three lessons for firms in Level Measures: to share skills; to "
    "think of society; and to trust. [1]",
)
GROUNDS = (
    "what grounds does level measures stand on",
    "Level Measures (Localis, 2023) stands on four grounds: funding, trust between "
    "tiers, audit, and roads, rail and buses [1].",
)
SAID = (
    "who speaks of courage",
    "Jonathan Werran, chief executive of Localis, calls for courage (Heart of the "
    "Matter, Localis, 2024). [1]",
)
WROTE = ("who wrote changing places", "Steven Howell (Changing Places, Localis). [1]")
ASKED = (
    "who wrote the report?",
    f"{WHICH_REPORT} Heart of the Matter (Localis, 2024), What's Next For Local "
    "Government (31ten, 2024), Level Measures (Localis, 2023) or Changing Places "
    "(Localis, 2013)?",
)


def turns(*said: str) -> list[Turn]:
    roles: tuple[Role, Role] = ("user", "assistant")
    return [Turn(roles[number % 2], text) for number, text in enumerate(said)]


def readings(question: str, *said: str) -> tuple[Reading, ...]:
    """The readings of a turn's first question, the likeliest first."""
    asks = read_turn(question, turns(*said), shipped_catalogue()).asks
    return asks[0].readings if asks else ()


@pytest.mark.parametrize(
    ("question", "said", "shown", "reports"),
    [
        # Another report, or another matter.
        (
            "and changing places?",
            AUDIT,
            "what does Changing Places say about audit",
            (CHANGING,),
        ),
        (
            "no, i meant the 31ten one",
            AUDIT,
            "what does What's Next For Local Government say about audit",
            (NEXT,),
        ),
        (
            "and in 2013?",
            PREVENTION,
            "what does Changing Places say about prevention",
            (CHANGING,),
        ),
        (
            "what does it say on boards",
            AUDIT,
            "what does it say on boards (Level Measures)",
            (LEVEL,),
        ),
        (
            "fine. back to the 2013 one, what is said of hubs there",
            (*PILOTS, *AUDIT),
            "what is said of hubs there (Changing Places)",
            (CHANGING,),
        ),
        ("what does 31ten recommend?", AUDIT, "what does 31ten recommend?", (NEXT,)),
        # The last matter again.
        ("why?", AUDIT, "Audit: why? (Level Measures)", (LEVEL,)),
        (
            "does it cost much",
            AUDIT,
            "Audit: does it cost much (Level Measures)",
            (LEVEL,),
        ),
        ("and for councils?", LESSONS, "Lessons firms: for councils? (Level Measures)", (LEVEL,)),
        (
            "vouchers - do they back them?",
            AUDIT,
            "Vouchers: do they back them? (Level Measures)",
            (LEVEL,),
        ),
        # Several reports.
        (
            "compare both",
            (*PREVENTION, *ALSO),
            "Prevention: compare both (Level Measures and What's Next For Local Government)",
            (LEVEL, NEXT),
        ),
        (
            "put the first two beside each other",
            (*PREVENTION, *ALSO, "and hotm", "Localis (2024) does. [1]"),
            "Prevention: put the first two beside each other (Level Measures and "
            "What's Next For Local Government)",
            (NEXT, LEVEL),
        ),
        (
            "both please, that and changing places on hubs",
            AUDIT,
            "both please, that and changing places on hubs (Level Measures)",
            (LEVEL, CHANGING),
        ),
        ("and vouchers, who mentions those", AUDIT, "Vouchers: who mentions those", ()),
        (
            "which one is newer",
            (*PREVENTION, *ALSO),
            "which one is newer (Level Measures and What's Next For Local Government)",
            (LEVEL, NEXT),
        ),
        # Of a text itself, and of whoever spoke.
        ("who wrote it?", AUDIT, "who wrote it? (Level Measures)", (LEVEL,)),
        (
            "and level measures",
            WROTE,
            "who wrote Level Measures",
            (LEVEL,),
        ),
        ("when was that", SAID, "Courage: when was that (Heart of the Matter)", (HEART,)),
        (
            "what does he want of mayors",
            SAID,
            "what does Jonathan Werran want of mayors",
            (),
        ),
        # Of a list.
        (
            "say more on the second",
            LESSONS,
            "say more on the second (Level Measures): think of society",
            (LEVEL,),
        ),
        (
            "what's in the fourth?",
            GROUNDS,
            "what's in the fourth? (Level Measures): roads, rail and buses",
            (LEVEL,),
        ),
    ],
)  # fmt: skip
def test_a_follow_up_is_read_with_what_it_leans_on(
    question: str, said: tuple[str, ...], shown: str, reports: tuple[str, ...]
) -> None:
    first = readings(question, *said)[0]
    assert first.question == shown
    assert set(first.reports) == set(reports)


@pytest.mark.parametrize(
    "question",
    [
        "How many recommendations does Heart of the Matter make to ministers?",
        "Is there a parish council in Level Measures?",
        "Which revenue sources should Whitehall examine?",
    ],
)
def test_a_full_question_in_a_conversation_stands_by_itself(question: str) -> None:
    assert readings(question, *AUDIT)[0].question == question


@pytest.mark.parametrize("question", ["and prevention?", "who wrote it?", "  why? "])
def test_a_first_question_leans_on_nothing(question: str) -> None:
    (only,) = readings(question)
    assert only.question.strip("? ") in question
    assert not only.reports


@pytest.mark.parametrize("turn", ["thanks!", "ok, great", ""])
def test_courtesy_asks_nothing(turn: str) -> None:
    assert not readings(turn)
    assert not readings(turn, *AUDIT)


def test_a_question_on_a_text_leaves_the_matter_in_hand() -> None:
    said = (
        *AUDIT,
        "who wrote it?",
        "Two people did (Level Measures, Localis, 2023). [1]",
    )
    assert readings("why?", *said)[0].question == "Audit: why? (Level Measures)"


def test_what_was_told_is_not_wanted_again_by_whoever_wants_more() -> None:
    assert readings("say more", *AUDIT)[0].told == {"localis 2023 wants audit"}
    assert not readings("and boards?", *AUDIT)[0].told


@pytest.mark.parametrize(
    ("reply", "reports"),
    [
        ("2", (NEXT,)),
        ("number 4 please", (CHANGING,)),
        ("the third", (LEVEL,)),
        ("the last one", (CHANGING,)),
        ("the oldest one", (CHANGING,)),
        ("31ten", (NEXT,)),
        ("the 2023 one", (LEVEL,)),
        ("the 2024 ones", (HEART, NEXT)),
        ("the Localis 2013 paper", (CHANGING,)),
        ("the first two", (HEART, NEXT)),
        ("all of them", (HEART, NEXT, LEVEL, CHANGING)),
        ("level measures or changing places", (LEVEL, CHANGING)),
    ],
)
def test_a_reply_picks_of_the_reports_offered(
    reply: str, reports: tuple[str, ...]
) -> None:
    first = readings(reply, *ASKED)[0]
    assert first.reports == reports
    assert first.question.startswith("who wrote the")


def test_a_reply_that_picks_none_is_a_question() -> None:
    first = readings("what does 31ten say about prevention", *ASKED)[0]
    assert first.question == "what does 31ten say about prevention"


def test_a_question_back_in_other_words_offers_reports_as_well() -> None:
    said = (
        "when did the other localis report come out",
        "Two are on the shelf. Changing Places (2013) or Heart of the Matter (2024)?",
    )
    assert readings("the older one", *said)[0].reports == (CHANGING,)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("It makes two asks: money and trust.", ("money", "trust")),
        ("It makes three asks: money and trust.", ()),
        ("Two parts: time, and bread, salt and butter.", ("time", "bread, salt and butter")),
        ("The principles are a; b c; and d.", ("a", "b c", "d")),
        ("- one thing\n- another thing", ("one thing", "another thing")),
        ("Nothing is listed here.", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_a_list_is_known_by_bullets_semicolons_or_its_count(
    text: str, items: tuple[str, ...]
) -> None:
    assert items_of(text) == items


@pytest.mark.parametrize(
    ("turn", "asks"),
    [
        ("I'm in cabinet at nine: what is a hub? Thanks!", ("what is a hub?",)),
        (
            "We met them in May. Who should sit on a board?",
            ("Who should sit on a board?",),
        ),
        (
            "who paid for the hub, and what did residents lose?",
            ("who paid for the hub?", "what did residents lose?"),
        ),
        (
            "What is said about trust and what works?",
            ("What is said about trust and what works?",),
        ),
        (
            "Members asked whether fines can be waived. Could you advise?",
            ("Members asked whether fines can be waived.",),
        ),
        ("Can you help? What is a hub?", ("What is a hub?",)),
        ("prevention", ("prevention",)),
        ("hubs, in two bullet points pls", ("hubs",)),
        ("A note of about 80 words on hubs", ("A note on hubs",)),
        ("good morning", ()),
    ],
)
def test_a_turn_is_taken_apart(turn: str, asks: tuple[str, ...]) -> None:
    assert take_apart(turn).asks == asks


@given(
    st.text(max_size=40),
    st.lists(
        st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=40)),
        max_size=5,
    ),
)
def test_no_conversation_is_too_odd_to_read(
    question: str, history: list[tuple[Role, str]]
) -> None:
    past = [Turn(role, content) for role, content in history]
    read_turn(question, past, shipped_catalogue())


@pytest.fixture
def parts(assistant: Assistant) -> Parts:
    return assistant.parts


@pytest.mark.parametrize(
    ("question", "said", "shown", "reports"),
    [
        # What the shelf holds decides whether the matter changed.
        (
            "and placemaking boards?",
            AUDIT,
            "placemaking boards? (Level Measures)",
            {LEVEL},
        ),
        ("who paid for it", AUDIT, "who paid for it (Level Measures)", {LEVEL}),
        (
            "and the 31ten one, does that say much on technology?",
            AUDIT,
            "does that say much on technology? (What's Next For Local Government)",
            {NEXT},
        ),
    ],
)
def test_what_is_found_decides_between_readings(
    parts: Parts, question: str, said: tuple[str, ...], shown: str, reports: set[str]
) -> None:
    answer = answer_question(Question(question, turns(*said)), parts)
    assert answer.standalone_question == shown
    assert {citation.report for citation in answer.citations} == reports


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("was it ever repealed?", AUDIT),
        ("does either speak of cryptocurrency", (*PREVENTION, *ALSO)),
    ],
)
def test_a_reading_without_what_was_asked_does_not_win(
    parts: Parts, question: str, said: tuple[str, ...]
) -> None:
    answer = answer_question(Question(question, turns(*said)), parts)
    assert answer.outcome == "no_evidence"


def test_a_pronoun_behind_a_label_is_of_the_label() -> None:
    turn = "hexley railway business case - what's it going to cost"
    first, *_ = read_turn(turn, (), shipped_catalogue()).asks[0].readings
    assert "hexley" in first.question
    surrounded = (
        "For our own strategy refresh next year: which councils pay for pilots?"
    )
    first, *_ = read_turn(surrounded, (), shipped_catalogue()).asks[0].readings
    assert "refresh" not in first.question
