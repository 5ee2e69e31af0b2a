"""The reports of ports as JUnit XML, which CI systems show: a suite a port, a test a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from courseport._files import MARK
from courseport.crosscheck.ports.report import NOT_RUN, CaseReport, PortReport

# XML 1.0 has no way to write these, not even as references.
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(reports: Sequence[PortReport]) -> str:
    """Return the document: a case that disagrees is a failure, and one of a port that could not be run an error."""
    root = ET.Element("testsuites", name="courseport crosscheck")
    counts = {"tests": 0, "failures": 0, "errors": 0}
    for report in reports:
        title = _text(f"{report.octave.removesuffix('.m')} and {report.python}")
        suite = ET.SubElement(root, "testsuite", name=title)
        kind = "error" if report.status == NOT_RUN else "failure"
        # A port that has no cases is one test: else its trouble would be seen nowhere.
        cases = report.cases or (CaseReport("the port", report.agrees, report.finding),)
        wrong = [case for case in cases if not case.agrees]
        for case in cases:
            seconds = case.octave_seconds + case.python_seconds
            test = ET.SubElement(suite, "testcase", classname=title, name=_text(case.name))
            test.set("time", f"{seconds:.3f}")
            if not case.agrees:
                told = ET.SubElement(test, kind, message=_text(case.words[0]), type=report.slip or report.status)
                told.text = _text("\n".join([*case.words, "", str(report)]))
        found = {"tests": len(cases), f"{kind}s": len(wrong)}
        for name in counts:
            suite.set(name, str(found.get(name, 0)))
            counts[name] += found.get(name, 0)
        suite.set("time", f"{sum(case.octave_seconds + case.python_seconds for case in cases):.3f}")
    for name, count in counts.items():
        root.set(name, str(count))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {MARK} -->\n{ET.tostring(root, encoding="unicode")}\n'


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
