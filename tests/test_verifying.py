"""Each sentence of a model is read again before it is shown, and failures are told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answering.writers.ending import NOT_VERIFIED
from assistant.answering.writers.state import Progress
from assistant.briefing.hearing import hear
from assistant.schema import Sentence
from tests.provider.faults import FAULTS, Fault
from tests.provider.server import KEY, ModelServer, Reply
from tests.test_model_answer import ASKED, SHOWN, TRUE

if TYPE_CHECKING:
    from tests.provider.server import WithModel

pytest_plugins = ("tests.provider.fixtures",)

# TRUE is a quotation, which nobody need read again; these are in other words.
ONE = (
    "Level Measures (Localis, 2023) wants subregional centres set up that collate and "
    "analyse public service data [1]."
)
TWO = (
    "Level Measures (Localis, 2023) wants data on public services analysed by centres "
    "for a subregion [1]."
)
VERBS = ("wants", "asks for", "seeks", "proposes", "recommends", "would have")
WORDS = "collate and analyse public service data"
CARRIED = f"1 | carried | {WORDS} | -"
NO = "1 | not carried | subregional centres be established | turned round"


def bare(*texts: str) -> list[str]:
    return [text.replace(" [1].", ".") for text in texts]


def test_a_carried_sentence_is_shown_with_the_words_it_rests_on(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(ONE)
    server.read_as(CARRIED)
    answer = with_model().answer(ASKED)
    assert (answer.outcome, answer.unverified) == ("answered", False)
    assert [s.text for s in answer.sentences] == bare(ONE)
    assert answer.citations[0].quote == WORDS
    assert "unverified" not in answer.as_json()
    (asked,) = server.read
    assert bare(ONE)[0] in asked.prompt
    assert ASKED not in asked.prompt
    assert answer.tokens == 36


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        (NO, "does not carry it: turned round"),
        ("1 | unclear | - | who says it", "cannot tell"),
        (
            "1 | carried | words that stand in no passage at all | -",
            "in no cited passage",
        ),
    ],
)
def test_what_is_not_found_carried_is_withheld(
    with_model: WithModel, server: ModelServer, reading: str, reason: str
) -> None:
    server.script(f"{ONE} {TRUE}", "1. DROP")
    server.read_as(reading)
    answer = with_model().answer(ASKED)
    assert [s.text for s in answer.sentences] == [SHOWN]
    (withheld,) = answer.withheld
    assert reason in withheld.reason
    assert not answer.unverified


def test_a_mended_sentence_is_read_again_too(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(ONE, f"1. {TWO}")
    server.read_as(NO, CARRIED)
    answer = with_model().answer(ASKED)
    assert [s.text for s in answer.sentences] == bare(TWO)
    server.script(ONE, f"1. {TWO}")
    server.read_as(NO)
    assert with_model().answer(ASKED).sentences == ()


def test_mending_is_told_what_is_shown_and_repeats_none_of_it(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(f"{TRUE} {ONE}", f"1. {TRUE}")
    server.read_as(NO)
    answer = with_model().answer(ASKED)
    assert f"- {SHOWN}\n" in server.log[1].prompt
    assert [s.text for s in answer.sentences] == [SHOWN]
    assert len(answer.withheld) == 1


def test_numbers_stay_in_order_of_first_appearance_after_mending(
    with_model: WithModel, server: ModelServer
) -> None:
    def two_passages(body: dict[str, Any]) -> str:
        second = re.findall(
            r'number="(\d+)" report="Level Measures".*?>\n(.+?)[.] ',
            body["messages"][-1]["content"],
        )[-1]
        return f"{ONE} {second[1]} [{second[0]}]."

    server.script(Reply(two_passages), f"1. {TWO}")
    server.read_as(NO, CARRIED)
    answer = with_model().answer(ASKED)
    assert [s.citations for s in answer.sentences] == [(1,), (2,)]
    assert [c.number for c in answer.citations] == [1, 2]


FAILING = [f for f in FAULTS if f.error is not None and f.server == "scripted"]
FAILURES = {
    "an error": Reply(status=500),
    "no time left": Reply(CARRIED, wait=5),
    "no line of ours": Reply("They are all quite right."),
    "cut off": Reply(CARRIED, cut=3),
    "not allowed": Reply(status=401),
    "nothing": Reply(" "),
}


@pytest.mark.parametrize("reply", FAILURES.values(), ids=FAILURES)
def test_where_no_reading_comes_the_answer_says_so_and_offers_the_quotations(
    with_model: WithModel, server: ModelServer, reply: Reply
) -> None:
    server.script(f"{ONE} {TWO}")
    server.read_as(reply)
    answer = with_model(verify_seconds=0.5).answer(ASKED)
    assert (answer.outcome, answer.unverified) == ("answered", True)
    assert [s.text for s in answer.sentences] == bare(ONE, TWO)
    assert NOT_VERIFIED in answer.text
    assert answer.quoting is not None
    assert answer.quoting.sentences
    assert answer.as_json()["unverified"] is True
    assert answer.withheld == ()


@pytest.mark.parametrize("fault", FAILING, ids=str)
def test_every_fault_of_a_provider_while_verifying_is_told(
    fault: Fault, with_model: WithModel, server: ModelServer
) -> None:
    server.script(ONE)
    server.read_as(*fault.replies)
    answer = with_model(**fault.settings).answer(ASKED)
    assert (answer.outcome, answer.unverified) == ("answered", True)
    assert NOT_VERIFIED in answer.text
    assert answer.quoting is not None
    assert KEY not in repr(answer)


def test_a_sentence_without_a_line_is_not_taken_for_verified(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(ONE)
    server.read_as("2 | carried | collate and analyse public service data | -")
    assert with_model().answer(ASKED).unverified


def test_by_rules_nobody_reads_again_and_the_answer_says_so(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(ONE)
    answer = with_model(verifier="rules").answer(ASKED)
    assert (answer.unverified, server.read) == (True, [])
    assert NOT_VERIFIED in answer.text
    assert answer.quoting is None
    server.script(TRUE)
    assert not with_model(verifier="rules").answer(ASKED).unverified


def test_another_model_may_verify(with_model: WithModel, server: ModelServer) -> None:
    server.script(ONE)
    with_model(verifier="careful").answer(ASKED)
    assert [asked.body["model"] for asked in server.log] == ["scripted"]
    assert [asked.body["model"] for asked in server.read] == ["careful"]


def test_nothing_is_shown_before_it_is_read_and_the_order_stays(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(Reply(f"{ONE} {TRUE} {TWO}", gap=0.01), "1. DROP")
    server.read_as(Reply(CARRIED, wait=0.2), NO)
    steps = list(with_model().chain.stream({"question": ASKED}))
    told = [one for step in steps for one in step.get("progress", ())]
    assert all(isinstance(one, Progress) for one in told)
    shown = [one.sentence for one in told]
    assert [isinstance(one, Sentence) for one in shown] == [True, True, False]
    assert [one.text for one in shown] == bare(ONE, TRUE, TWO)


def test_the_first_sentence_is_read_alone_and_the_others_together(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(" ".join(ONE.replace("wants", verb) for verb in VERBS))
    server.read_as(CARRIED, "\n".join(f"{n}{CARRIED[1:]}" for n in (1, 2, 3)))
    answer = with_model().answer(ASKED)
    assert len(answer.sentences) == len(VERBS)
    # The prompt itself names the mark once.
    sent = [asked.prompt.count("<sentence>") - 1 for asked in server.read]
    assert sent == [1, 3, 2]


def test_a_lead_in_is_read_with_its_items_and_goes_with_the_last_of_them(
    with_model: WithModel, server: ModelServer
) -> None:
    item = ONE.replace("Level Measures (Localis, 2023) wants ", "")
    server.script(f"Level Measures (Localis, 2023) wants:\n- {item}", "1. DROP")
    server.read_as(CARRIED)
    answer = with_model().answer(ASKED)
    assert len(answer.sentences) == 2
    assert (
        "<sentence>Level Measures (Localis, 2023) wants: sub" in server.read[0].prompt
    )
    server.script(f"Level Measures (Localis, 2023) wants:\n- {item}", "1. DROP")
    server.read_as(NO)
    assert with_model().answer(ASKED).sentences == ()


def test_who_says_it_is_told_again_where_the_sentence_that_did_is_withheld(
    with_model: WithModel, server: ModelServer
) -> None:
    goes_on = "It wants public service data collated and analysed by such centres [1]."
    server.script(f"{ONE} {goes_on}", "1. DROP")
    server.read_as(NO, CARRIED)
    (only,) = with_model().answer(ASKED).sentences
    assert only.text.startswith("It wants public service data")
    assert "Localis, 2023)" in only.text
    server.script(f"{ONE} {goes_on}")
    server.read_as(CARRIED)
    assert with_model().answer(ASKED).sentences[1].text == bare(goes_on)[0]


def test_a_provider_that_fails_in_mid_answer_leaves_what_was_read(
    with_model: WithModel, server: ModelServer
) -> None:
    words = len(ONE.split()) + 1
    server.script(Reply(f"{ONE} And then", cut=words))
    server.read_as(CARRIED)
    answer = with_model().answer(ASKED)
    assert (answer.outcome, answer.unverified) == ("error", False)
    assert [s.text for s in answer.sentences] == bare(ONE)


def test_a_pack_says_that_a_meaning_is_not_verified(
    with_model: WithModel, server: ModelServer
) -> None:
    server.script(ONE)
    assert NOT_VERIFIED in hear(ASKED, (), with_model(verifier="rules").parts).lacks
    assert NOT_VERIFIED not in hear(ASKED, (), with_model().parts).lacks
