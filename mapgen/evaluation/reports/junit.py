"""The report for a CI server: JUnit XML with one test case for each primary metric.

A metric that got worse is a failure; one that is unclear or untested is skipped, with the reason. It knows no file.
"""

from __future__ import annotations

from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mapgen.evaluation.comparison import Comparison, MetricResult
from mapgen.evaluation.reports import figures, rows, wording
from mapgen.evaluation.statistics.exits import Exit
from mapgen.text import clean, xml_text

_GATING = (Exit.FAILED, Exit.NOT_COMPARABLE)


def render(comparison: Comparison) -> str:
    """The comparison as a JUnit XML document; where the run failed or nothing can be compared, that is an error."""
    cases = [_case(one, comparison) for one in comparison.metrics if one.primary]
    if comparison.exit_code in _GATING:
        cases.append(_error(comparison))
    counts = {
        "tests": str(len(cases)),
        "failures": str(_count(cases, "failure")),
        "errors": str(_count(cases, "error")),
    }
    root = Element("testsuites", {"name": "mapgen eval", **counts})
    moment = comparison.new.created
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if moment.tzinfo else moment.isoformat()[:19]
    skipped = str(_count(cases, "skipped"))
    suite = SubElement(
        root, "testsuite", {"name": _name(comparison), **counts, "skipped": skipped, "timestamp": stamp, "time": "0"}
    )
    properties = SubElement(suite, "properties")
    for name, value in _properties(comparison).items():
        SubElement(properties, "property", {"name": name, "value": xml_text(value)})
    suite.extend(cases)
    SubElement(suite, "system-out").text = xml_text(_summary(comparison))
    indent(root, "  ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _case(metric: MetricResult, comparison: Comparison) -> Element:
    case = Element("testcase", {"classname": _name(comparison), "name": xml_text(clean(metric.id)), "time": "0"})
    if metric.verdict == "worse":
        told = f"{wording.phrase(metric)} ({wording.evidence(metric)})"
        SubElement(case, "failure", {"type": "worse", "message": xml_text(told)}).text = xml_text(_figures(metric))
    elif metric.verdict in ("unclear", "untested"):
        reason = f"{metric.verdict}: {clean(metric.reason) or 'no verdict'} ({wording.evidence(metric)})"
        SubElement(case, "skipped", {"message": xml_text(reason)})
    SubElement(case, "system-out").text = xml_text(_figures(metric))
    return case


def _error(comparison: Comparison) -> Element:
    case = Element("testcase", {"classname": _name(comparison), "name": "comparison", "time": "0"})
    message = f"{wording.EXITS[comparison.exit_code]}"
    told = SubElement(case, "error", {"type": wording.overall(comparison).word, "message": message})
    told.text = xml_text("\n".join(map(clean, comparison.notes)))
    return case


def _figures(metric: MetricResult) -> str:
    cells = rows.row(metric)
    return (
        f"{clean(metric.title)}: base {cells.base}, new {cells.new}, difference {cells.difference}, "
        f"95 % {cells.interval}, p {cells.p}, margin {figures.number(metric.margin)}, "
        f"detectable {cells.detectable}, units {metric.n}, missing {metric.missing}: {metric.verdict}"
    )


def _properties(comparison: Comparison) -> dict[str, str]:
    return {
        "suite": f"{clean(comparison.suite.name)} {clean(comparison.suite_fingerprint)}",
        "base": f"{wording.arm(comparison.base)} {clean(comparison.base.prompts)}",
        "new": f"{wording.arm(comparison.new)} {clean(comparison.new.prompts)}",
        "model": clean(comparison.new.model),
        **({"sources": wording.sources(comparison)} if wording.sources(comparison) else {}),
        **({"judge": wording.judge(comparison).removeprefix("judge ")} if comparison.judge else {}),
        "exit-code": str(comparison.exit_code),
    }


def _summary(comparison: Comparison) -> str:
    told = [str(wording.overall(comparison)), wording.counts(comparison), wording.spent(comparison)]
    return "\n".join([*told, *(f"note: {clean(note)}" for note in comparison.notes)])


def _name(comparison: Comparison) -> str:
    return xml_text(f"mapgen.eval.{clean(comparison.suite.name)}")


def _count(cases: list[Element], tag: str) -> int:
    return sum(case.find(tag) is not None for case in cases)
