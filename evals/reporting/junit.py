"""A run as JUnit XML: a test case for each case, grouped by kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from evals.gate import explain, shortfalls
from evals.measuring.scoring import Results, by_tag

# What XML 1.0 cannot hold, however it is escaped.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def junit(results: Results, thresholds: Mapping[str, float]) -> str:
    """Return the XML; a case fails if it falls short of a gated measure.

    Args:
        results: a scored run; of held-out cases nothing but ids and measures is told.
        thresholds: the gated measures.
    """
    short = shortfalls(results, thresholds)
    top = ElementTree.Element("testsuites", name="evals")
    _count(top, len(results.cases), len(short))
    for kind, cases in by_tag(results.cases).items():
        suite = ElementTree.SubElement(top, "testsuite", name=kind)
        _count(suite, len(cases), sum(case.id in short for case in cases))
        for case in cases:
            answer = results.answers[case.id]
            entry = ElementTree.SubElement(
                suite,
                "testcase",
                name=case.id,
                classname=f"evals.{kind}",
                time=f"{answer['seconds']:.3f}",
            )
            if names := short.get(case.id):
                failure = ElementTree.SubElement(
                    entry, "failure", message=f"falls short of {', '.join(names)}"
                )
                if not results.held_out:
                    failure.text = _clean(
                        f"{explain(case, answer)}\n\n{answer['text']}"
                    )
    ElementTree.indent(top)
    return ElementTree.tostring(top, encoding="unicode", xml_declaration=True) + "\n"


def _count(element: ElementTree.Element, tests: int, failures: int) -> None:
    element.set("tests", str(tests))
    element.set("failures", str(failures))
