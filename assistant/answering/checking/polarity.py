"""Negation, direction, obligation and extent: small words that turn a claim round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from assistant.answering.checking.claims import Claim, Token, tokens
from assistant.answering.checking.thesaurus import load_thesaurus, related
from assistant.words import stem

_NEGATORS = frozenset(
    """
    not no never without neither nor none nobody nothing cannot can't don't doesn't
    didn't isn't aren't wasn't weren't won't wouldn't shouldn't couldn't hasn't haven't
    unable absence absent missing fail fails failed lack lacks lacking lacked hardly
    barely
    """.split()
)
# "not only", "no less than": an addition, no denial.
_NO_DENIAL = frozenset("only just simply merely least later sooner doubt".split())
# "outcomes rather than outputs": what follows is denied.
_INSTEAD = (("instead", "of"), ("in", "place", "of"))
_SCOPE = 4
_PLAIN_NEGATORS = _NEGATORS - frozenset(
    """
    no without neither nor none nobody nothing absence absent missing lack lacks lacking
    lacked
    """.split()
)
# Denied, these affirm: "does not deny", "does not prevent".
_DENYING = frozenset("deny denies denied ignore ignores prevent prevents lack".split())
_SCOPE_ENDS = frozenset("but because while whereas although so if which unless".split())
_PREFIXES = ("un", "in", "im", "ir", "dis", "non")

_MUST = frozenset("must required obliged compelled mandatory compulsory".split())
_STRONG = _MUST | frozenset(
    """
    have has need needs needed require requires requirement requirements vital essential
    critical crucial fundamental prerequisite necessary duty absolute statutory
    """.split()
)
_MAY = frozenset("may might".split())
_COULD = _MAY | frozenset("could can consider suggests possibly perhaps".split())

# Claims of extent, each with what in the evidence bears it out.
_EXTENTS = (
    (
        "all every everyone everybody everything always",
        "all every everyone each everybody everything always whole entire total both "
        "universal universally any",
    ),
    (
        "never nobody none nothing",
        "never no not none nobody ever historic unprecedented record neither without "
        "cannot nor nothing",
    ),
    ("exception exceptions invariably", "exception exceptions every always"),
)
_NO_EXTENT = (("not", "only"), ("above", "all"), ("after", "all"), ("at", "all"))
_EXTENT_WORDS = tuple(
    (set(a.split()), set(a.split()) | set(b.split())) for a, b in _EXTENTS
)


def _denied(words: Sequence[Token]) -> list[bool]:
    """Tell of each word whether it is denied."""
    found = [False] * len(words)
    left = 0
    for place, token in enumerate(words):
        if not token.stem:
            left = left if token.word in "()" else 0
            continue
        if token.word in _SCOPE_ENDS:
            left = 0
        if _starts_denial(words, place):
            left = _SCOPE
        elif left and token.content:
            # "does not deny": two denials make none.
            if left == _SCOPE and token.word in _DENYING:
                left = 0
                found[place] = True
                continue
            found[place] = True
            left -= 1
    return found


def _starts_denial(words: Sequence[Token], place: int) -> bool:
    word = words[place].word
    after = [token.word for token in words[place + 1 : place + 6]]
    if word == "never":
        # "has never been more urgent" says that it is most urgent now.
        return not {"more", "less", "better", "worse"} & set(after)
    if word in _NEGATORS:
        return not after or after[0] not in _NO_DENIAL
    return False


def _starts_instead(words: Sequence[Token], place: int) -> bool:
    if words[place].word == "than":
        return "rather" in [token.word for token in words[max(0, place - 14) : place]]
    return any(_ends_with(words, place, phrase) for phrase in _INSTEAD)


def _ends_with(words: Sequence[Token], place: int, phrase: tuple[str, ...]) -> bool:
    start = place + 1 - len(phrase)
    return start >= 0 and tuple(t.word for t in words[start : place + 1]) == phrase


def _senses(words: Sequence[Token]) -> dict[str, set[bool]]:
    """Return for each stem whether it is affirmed (False), denied (True) or both.

    What stands before "is not" in its clause may be part of what is denied, and what
    stands after "instead of" may be spoken of besides: both.
    """
    found: defaultdict[str, set[bool]] = defaultdict(set)
    denied = _denied(words)
    open_clause: list[str] = []
    instead = 0
    for place, token in enumerate(words):
        if _starts_instead(words, place):
            instead = _SCOPE
        elif instead and token.content:
            instead -= 1
            found[token.stem] = {False, True}
            continue
        if not token.stem:
            open_clause = []
            instead = instead if token.word == "," else 0
        elif token.word in _PLAIN_NEGATORS and _starts_denial(words, place):
            for key in open_clause:
                found[key].add(True)
        elif token.content:
            found[token.stem].add(denied[place])
            open_clause.append(token.stem)
    return found


def _without_prefix(key: str) -> str | None:
    for prefix in _PREFIXES:
        if key.startswith(prefix) and len(key) - len(prefix) >= 3:
            return stem(key.removeprefix(prefix))
    return None


def _with_roots(
    senses: dict[str, set[bool]], other: Iterable[str]
) -> dict[str, set[bool]]:
    """Add to "inefficient" that "efficient" is denied, where the other text has it."""
    found = {key: set(value) for key, value in senses.items()}
    known = set(other)
    for key, value in senses.items():
        root = _without_prefix(key) or key
        # The stem of "unsafe" has lost the last letter of "safe".
        for form in {root, f"{root}e"} & known - set(senses):
            found[form] = {not denied for denied in value}
    return found


def denials(claim: Claim, skip: set[str]) -> list[str]:
    """Return what the claim denies and its evidence affirms, or the reverse.

    Args:
        claim: a clause and its evidence.
        skip: stems of names, which are never denied themselves.
    """
    told_senses = _senses([t for text in claim.evidence for t in tokens(text)])
    own_senses = _senses(claim.tokens)
    own = _with_roots(own_senses, told_senses)
    told = _with_roots(told_senses, own_senses)
    negatives = sum(t.word in _NEGATORS or t.word == "unless" for t in claim.sentence)
    shared = {
        key: (senses, told[other])
        for key, senses in own.items()
        if key not in skip
        and key not in load_thesaurus().empty
        and (other := _family(key, told)) is not None
    }
    # Denying the same thing, the two agree; two denials in one sentence may cancel.
    agreed = any(ours == theirs == {True} for ours, theirs in shared.values())
    if agreed or negatives > 1:
        return []
    return [
        key
        for key, (ours, theirs) in shared.items()
        # A sentence that is negative elsewhere may say the same the other way round.
        if not ours & theirs and (True in ours or not negatives)
    ]


def _family(key: str, told: dict[str, set[bool]]) -> str | None:
    if key in told:
        return key
    return next((other for other in told if related(key, other)), None)


def opposed(claim: Claim) -> list[str]:
    """Return the words of a claim where its evidence has the opposite word."""
    thesaurus = load_thesaurus()
    told_tokens = [token for text in claim.evidence for token in tokens(text)]
    told = _parts(_senses_of_all(told_tokens))
    own = _senses_of_all(claim.tokens)
    own_parts = set(_parts(_senses_of_all(claim.sentence)))
    problems = []
    for key, senses in own.items():
        if key in told or thesaurus.same(key) & set(told) - thesaurus.empty:
            continue
        against = (thesaurus.opposites(key) & set(told)) - own_parts
        if any(senses & told[other] for other in against):
            problems.append(key)
    return problems


def _senses_of_all(words: Sequence[Token]) -> dict[str, set[bool]]:
    found: defaultdict[str, set[bool]] = defaultdict(set)
    for token, denied in zip(words, _denied(words), strict=True):
        if token.stem:
            found[token.stem].add(denied)
    return found


def _parts(senses: dict[str, set[bool]]) -> dict[str, set[bool]]:
    found = {key: set(value) for key, value in senses.items()}
    for key, value in senses.items():
        for part in key.split("_"):
            found.setdefault(part, set()).update(value)
    return found


def degrees(claim: Claim) -> list[str]:
    """Return what the claim wants more of where its evidence has too much of it."""
    own = _marked(claim.tokens, {"more"})
    told = [token for text in claim.evidence for token in tokens(text)]
    return sorted(own & _marked(told, {"too"}) - _marked(told, {"more"}))


def rebound(claim: Claim) -> list[str]:
    """Return the words that the claim puts "more" to and its evidence "less"."""
    thesaurus = load_thesaurus()
    told = [token for text in claim.evidence for token in tokens(text)]
    bound = _bound(told)
    return sorted(
        noun
        for noun, directions in _bound(claim.tokens).items()
        if noun in bound
        and not directions & bound[noun]
        and any(thesaurus.opposites(key) & bound[noun] for key in directions)
    )


def _bound(words: Sequence[Token]) -> dict[str, set[str]]:
    """Return for each word the direction words that stand right before it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for mark, after in pairwise(words):
        if mark.stem and load_thesaurus().opposites(mark.stem) and after.content:
            found[after.stem].add(mark.stem)
    return found


def _marked(words: Sequence[Token], marks: set[str]) -> set[str]:
    return {
        after.stem
        for mark, after in pairwise(words)
        if mark.word in marks and after.content
    }


def obligations(claim: Claim) -> str | None:
    """Return the word by which a claim tells more, or less, than its evidence."""
    own = {token.word for token in claim.tokens}
    told = {token.word for text in claim.evidence for token in tokens(text)}
    if own & _MUST and not told & _STRONG:
        return sorted(own & _MUST)[0]
    if own & _MAY and told & _MUST and not told & _COULD:
        return sorted(own & _MAY)[0]
    return None


def extents(claim: Claim) -> list[str]:
    """Return the words that claim a wider extent than the evidence gives."""
    own = [token.word for token in claim.tokens]
    told = {word for text in claim.evidence for word in _told_extents(text)}
    found = []
    for claimed, borne_out in _EXTENT_WORDS:
        for place, word in enumerate(own):
            denied = place and own[place - 1] in ("not", "no", "nearly", "almost")
            other = own[place + 1 : place + 2] == ["other"]
            if word in claimed and not denied and not other and not told & borne_out:
                found.append(word)
    return found


def _told_extents(text: str) -> list[str]:
    """Return the words of a text; "above all" claims no extent, nor does "not only"."""
    found = [token.word for token in tokens(text)]
    for place in range(len(found) - 1):
        if tuple(found[place : place + 2]) in _NO_EXTENT:
            found[place : place + 2] = ["", ""]
    return found
