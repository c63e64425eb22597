"""Takes out of a model's text what is no part of its answer, as it comes.

That is what it thinks aloud, in whatever marks, and the marks of its chat template
(``</s>``, ``<|im_end|>``). A mark may be cut anywhere by the stream.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

# What a model's answers begin with: some templates open the thought in the prompt, and
# then only its closing mark is sent.
Beginning = Literal["unknown", "answer", "thought"]

_NAME = r"(?:seed:)?(?:think(?:ing)?|thoughts?|reasoning)"
_MARK = re.compile(
    rf"(?P<opens><{_NAME}>|\[THINK\]|◁think▷|<\|(?:begin_of_thought|start_thinking)\|>)"
    rf"|(?P<closes></{_NAME}>|\[/THINK\]|◁/think▷"
    r"|<\|(?:end_of_thought|end_thinking)\|>)"
    r"|<[|\uff5c](?P<token>[^<>|\uff5c\s]{1,40})[|\uff5c]>"
    r"|</?s>|<(?:eos|bos|end_of_turn|(?P<turn>start_of_turn))>",
    re.IGNORECASE,
)
# What may become a mark with the next piece.
_BEGUN = re.compile(r"(?:<[^<>\s]{0,44}|\[/?[a-z]{0,5}|◁[^▷\s]{0,7})\Z", re.IGNORECASE)
# These begin a head, which says who speaks or on which channel; a line's end, or one of
# the others, ends it.
_HEADS = ("start", "channel", "im_start", "start_header_id")
_HEAD_ENDS = ("message", "end_header_id")
_HARMONY_THOUGHT = ("analysis", "commentary")
# gpt-oss where the server has taken out the marks of its channels.
_BARE_THOUGHT = re.compile(r"\s*analysis(?=[A-Z])")
_BARE_ANSWER = "assistantfinal"
# An answer as it was asked for has its first sentence, or that after a lead-in, end with
# a citation; a thought talks to itself.
_CITED = r"(?:[\[【(]\s*\^?(?:[a-z]+[\s:.#]*)?\d{1,3}\b[^\[\]()【】\n]{0,30}[\])】]|[¹²³⁴-⁹])"
_CITES_AT_ONCE = re.compile(
    r"(?!\s*(?:okay|ok|alright|hmm|let me|let's|the user|we (?:need|have|must)"
    r"|i (?:need|should|will|must)|first|so)\b|\s*analysis(?-i:[A-Z]))"
    r"\s*(?:[^\n.!?:]{0,300}:\s+)?(?:[-*•>]\s+|\d+[.)]\s+)?(?:[^\n.!?]|[.!?](?=\S))*?"
    rf"(?:{_CITED}\s*[.!?\n]|[.!?]\s?{_CITED}|NOT ON THE SHELF)",
    re.IGNORECASE,
)


# So much of a text is looked at for that, and so much waits for the bare mark.
_FIRST, _RECENT = 1500, 2 * len(_BARE_ANSWER)


@dataclass
class Answering:
    """Takes the pieces of a model's text in order and gives back those of its answer.

    ``beginning`` is what is known of the model; where nothing is, a text that does not
    cite in its first sentence waits until it is clear that it was no thought.
    """

    beginning: Beginning = "unknown"
    _tail: str = ""
    _held: list[str] = field(default_factory=list)
    _size: int = 0
    _recent: str = ""
    _head: str = ""
    _within: Literal["answer", "thought", "head"] = "answer"
    _closed: bool = False
    _lone: bool = False

    def feed(self, piece: str) -> str:
        """Take one more piece; return what of the answer is known by now."""
        text = self._tail + piece
        begun = _BEGUN.search(text)
        place = begun.start() if begun else len(text)
        self._tail = text[place:]
        return self._waits(self._read(text[:place]))

    def finish(self, *, whole: bool) -> str:
        """Return what is left at the end of the text.

        Where it was cut off, what may have been a thought stays one.
        """
        last, self._tail = self._read(self._tail), ""
        text = "".join([*self._held, last])
        self._forget()
        if not whole and not self._flows:
            return ""
        return "" if _BARE_THOUGHT.match(text) else text

    @property
    def learned(self) -> Beginning:
        """What the model's next answers begin with, after a whole one."""
        return "thought" if self._lone else "answer"

    @property
    def _flows(self) -> bool:
        return self.beginning == "answer" or self._closed

    def _waits(self, text: str) -> str:
        """Hold a text back that may turn out to be a thought."""
        if self._flows and not self._held:
            return text
        self._held.append(text)
        self._size += len(text)
        self._recent = self._recent[-_RECENT:] + text
        if not self._known():
            return ""
        text = "".join(self._held)
        self._forget()
        return self._bare_answer(text, text)

    def _known(self) -> bool:
        """Tell whether it is clear by now that what is held is the answer."""
        if self._flows:
            return True
        if _BARE_ANSWER in self._recent and self._bare("".join(self._held)):
            self._closed = self._lone = True
            return True
        early = self.beginning == "unknown" and self._size < _FIRST
        if early and _CITES_AT_ONCE.match("".join(self._held)):
            self.beginning = "answer"
        return self._flows

    def _bare(self, text: str) -> bool:
        return _BARE_THOUGHT.match(text) is not None and _BARE_ANSWER in text

    def _bare_answer(self, text: str, otherwise: str) -> str:
        return text.partition(_BARE_ANSWER)[2] if self._bare(text) else otherwise

    def _forget(self) -> None:
        self._held, self._size = [], 0

    def _read(self, text: str) -> str:
        """Return the answer within a text that has its marks whole."""
        kept, place = "", 0
        for mark in _MARK.finditer(text):
            kept += self._take(text[place : mark.start()])
            place = mark.end()
            if mark["opens"]:
                self._within = "thought"
            elif mark["closes"]:
                if self._within == "answer" and not self._flows:
                    # Only its closing mark was sent: all before it was the thought.
                    kept = self._bare_answer("".join([*self._held, kept]), "")
                    self._forget()
                self._lone = self._lone or self._within == "answer"
                self._closed, self._within = True, "answer"
            else:
                self._turn((mark["token"] or mark["turn"] or "").casefold())
        return kept + self._take(text[place:])

    def _turn(self, token: str) -> None:
        if token in _HEADS or token == "start_of_turn":
            self._within, self._head = "head", ""
        elif token in _HEAD_ENDS:
            thought = self._head.strip().casefold().startswith(_HARMONY_THOUGHT)
            self._within = "thought" if thought else "answer"

    def _take(self, text: str) -> str:
        if self._within == "head":
            self._head += text
            _, end, text = text.partition("\n")
            if not end:
                return ""
            self._within = "answer"
        return text if self._within == "answer" else ""


def without_thinking(text: str) -> str:
    """Return a model's whole text without what it thought aloud."""
    answering = Answering()
    return answering.feed(text) + answering.finish(whole=True)
