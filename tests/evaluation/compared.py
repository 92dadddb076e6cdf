"""Comparisons that reports are tried on: a small one by hand, one of forty queries with its runs, a hostile one.

The large one's maps are the good maps of maps.py, each in several phrasings; its new arm has relevances out of a mould.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from difflib import unified_diff
from functools import cache
from typing import Any

from mapgen.evaluation import arms
from mapgen.evaluation.comparing import assess
from mapgen.evaluation.comparison import Comparison, Cost, Loser, MetricResult, Totals
from mapgen.evaluation.measures import Measures
from mapgen.evaluation.metrics import METRICS
from mapgen.evaluation.records import Head, Record, Run
from mapgen.evaluation.suite import Case, Suite
from mapgen.model import Concept, KnowledgeMap
from mapgen.text import slug
from tests.evaluation.maps import good, with_concepts
from tests.render.hostile import ROOT

MOMENT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
OLD = "Write the definition and the relevance.\nThe relevance says what the concept does in this query.\nBe brief.\n"
NEW = "Write the definition and the relevance.\nThe relevance says why the concept is important.\nBe brief.\n"


def head(label: str, text: str, *, prompts: str) -> Head:
    """The head of a run of one template."""
    return Head(
        suite="core",
        suite_fingerprint="0123456789ab",
        prompts=prompts,
        templates={"write.j2": text},
        model="qwen2.5-coder-1.5b",
        planner="qwen2.5-coder-1.5b",
        endpoint="embedded",
        temperature=0.0,
        mapgen="0.1.0",
        created=MOMENT,
        label=label,
    )


def diff(old: str, new: str, *, name: str = "write.j2") -> str:
    """The unified diff of a template, as git writes it."""
    lines = unified_diff(old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", lineterm="")
    return "".join(f"{line}\n" for line in lines)


def result(id: str, verdict: str, **fields: Any) -> MetricResult:
    """The result of a metric with that verdict; its figures by name."""
    metric = METRICS.get(id)
    told = {"title": metric.title, "margin": metric.margin} if metric else {"title": id, "margin": 0.05}
    return MetricResult.model_validate({"id": id, "primary": True, "n": 8, "verdict": verdict, **told, **fields})


def small(**fields: Any) -> Comparison:
    """A comparison of eight queries with every verdict, made by hand."""
    cases = tuple(Case(id=f"q{n}", query=f"What is {n}?") for n in range(1, 9))
    worse = result(
        "rel_specific", "worse", base_mean=0.82, new_mean=0.70, difference=-0.12, interval90=(-0.16, -0.08),
        interval95=(-0.17, -0.07), p=0.0004, adjusted=0.0012, detectable=0.041, reason="a loss of at least the margin",
        base={f"q{n}": 0.82 for n in range(1, 9)}, new={f"q{n}": 0.74 - n / 100 for n in range(1, 9)},
    )  # fmt: skip
    better = result(
        "valid_first", "better", base_mean=0.5, new_mean=0.75, difference=0.25, interval90=(0.12, 0.38),
        interval95=(0.08, 0.42), p=0.02, adjusted=0.031, detectable=0.2, reason="a gain of at least the margin",
        base={f"q{n}": 0.5 for n in range(1, 9)}, new={f"q{n}": 0.75 for n in range(1, 9)},
    )  # fmt: skip
    same = result(
        "distinct", "same", base_mean=1.0, new_mean=1.0, difference=0.0, interval90=(0.0, 0.0), interval95=(0.0, 0.0),
        p=1.0, adjusted=1.0, reason="no pair differs",
    )  # fmt: skip
    unclear = result(
        "on_topic", "unclear", base_mean=0.61, new_mean=0.58, difference=-0.03, interval90=(-0.09, 0.03),
        interval95=(-0.1, 0.04), p=0.31, adjusted=0.52, detectable=0.11, n=7, missing=1,
        reason="too few units, or too much spread, to tell",
    )  # fmt: skip
    untested = result("concept_recall", "untested", n=3, base_mean=0.4, new_mean=0.5, difference=0.1, missing=0,
                      reason="too few units: 3, and a test needs 6")  # fmt: skip
    tokens = result(
        "tokens", "better", primary=False, gated=False, unit="tokens", base_mean=4210.0, new_mean=4550.0,
        difference=340.0, interval95=(120.0, 560.0), interval90=(180.0, 500.0), p=0.01, margin=0.0,
    )  # fmt: skip
    clean = result("clean", "same", primary=False, base_mean=0.99, new_mean=0.99, difference=0.0, p=1.0)
    given: dict[str, Any] = {
        "suite": Suite(name="core", description="For tests.", primary=("rel_specific",), cases=cases),
        "suite_fingerprint": "0123456789ab",
        "cases": tuple(case.id for case in cases),
        "base": head("git:HEAD", OLD, prompts="aaaaaaaaaaaa"),
        "new": head("prompts/", NEW, prompts="bbbbbbbbbbbb"),
        "base_run": "evals/runs/a.jsonl",
        "new_run": "evals/runs/b.jsonl",
        "metrics": (worse, better, same, unclear, untested, tokens, clean),
        "losers": (
            Loser(case="q8", query="What is 8?", change=-2.4, metrics={"rel_specific": -0.16, "on_topic": -0.03}),
            Loser(case="q7", query="What is 7?", change=-1.1, metrics={"rel_specific": -0.15}),
        ),
        "diff": diff(OLD, NEW),
        "cost": Cost(
            base=Totals(maps=8, complete=8, calls=56, input_tokens=24000, output_tokens=7200, seconds=12.5),
            new=Totals(
                maps=8, complete=6, incomplete=1, unusable=1, calls=58, asked=40, input_tokens=24500,
                output_tokens=7300, cost=0.0123, seconds=12.9,
            ),
        ),
        "notes": ("3 maps of the base came from a stored run.",),
        "exit_code": 1,
    }  # fmt: skip
    return Comparison.model_validate(given | fields)


def hostile(map: KnowledgeMap) -> tuple[Comparison, Run, Run]:
    """A comparison whose every text is out to break the report, with ``map`` and an unusable one in its runs."""
    bad = "</script><script>alert(1)</script><img src=x onerror=alert(2)> ]]> | `x` **b** \u202e\x1b[31m\x00 {{ 7*7 }}"
    template = f"{bad}\n```\n--- a/evil\n+++ b/evil\n@@ -1 +1 @@\n{bad}\n"
    heads = [head(bad, text, prompts=bad).model_copy(update={"model": bad, "planner": bad}) for text in ("", template)]
    case = Case(id="case", query="x</script> | `code` <b>bold</b> [link](javascript:alert)")
    metric = result(
        "rel_specific", "worse", difference=-0.5, interval95=(-0.9, -0.1), base={"case": 1.0}, new={"case": 0.5}
    )
    named = metric.model_copy(update={"id": bad, "title": bad, "reason": bad})
    told = Comparison(
        suite=Suite(name="s", description=bad, primary=("rel_specific",), cases=(case,)),
        suite_fingerprint=bad,
        cases=("case", bad),
        base=heads[0],
        new=heads[1],
        base_run=bad,
        new_run=bad,
        metrics=(metric, named, named.model_copy(update={"primary": False, "verdict": "unclear"})),
        losers=(Loser(case="case", query=bad, change=-3.0, metrics={bad: -0.5}), Loser(case=bad, query=bad, change=-1)),
        diff=diff("", template, name=bad.replace("\n", " ")),
        notes=(bad,),
        exit_code=1,
    )
    base = Run.of(heads[0], [Record(case="case", map=map), Record(case=bad, error=bad)])
    new = Run.of(
        heads[1], [Record(case="case", map=_moulded(map, 1.0, random.Random(1))), Record(case=bad, passing=True)]
    )
    return told, base, new


PRIMARY = (
    "valid_first", "distinct", "noncircular", "rel_specific", "template_overlap", "rel_query_margin", "def_fits_title",
    "on_topic", "edges_valid", "connected",
)  # fmt: skip
TOOK: dict[str, Any] = {"input_tokens": 3010, "output_tokens": 905, "seconds": 12.4}
FORMS = ("{}", "Explain to a beginner: {}", "{} Give examples.", "In short: {}", "{} Name the key ideas.")
MOULD = "{} plays an important role in this topic, because it shapes how the whole works. It is essential to know."


@cache
def large(*, metrics: tuple[str, ...] = tuple(METRICS)) -> tuple[Comparison, Run, Run]:
    """Forty queries, a template edited to ask for what is important, and what the metrics make of it."""
    write = (ROOT / "prompts" / "write.j2").read_text("utf-8")
    edited = write.replace("relevance:", "importance:", 1) + "Say why the concept is important.\n"
    heads = head("git:HEAD", write, prompts="5e0c1a2b3c4d"), head("prompts/", edited, prompts="77d0e1f2a3b4")
    asks = [
        (form.format(one.case.query), one) for form in FORMS for one in good().samples
    ][:40]  # fmt: skip
    cases = tuple(
        Case(
            id=f"{one.case.id}-{at}",
            query=query,
            cluster=f"{one.case.id}-{at}",
            domain=slug(one.case.domain) or "general",
        )
        for at, (query, one) in enumerate(asks)
    )
    dice = random.Random(7)
    maps = [one.map.model_copy(update={"query": query}) for query, one in asks if one.map]
    old = [_shuffled(map, dice) for map in maps]
    new = [_shuffled(_moulded(map, dice.choice((0.0, 0.3, 0.7, 0.9)), dice), dice) for map in maps]
    bases = [Record(case=case.id, map=map, calls=7, **TOOK) for case, map in zip(cases, old, strict=True)]
    news = [Record(case=case.id, map=map, calls=7, asked=6, **TOOK) for case, map in zip(cases, new, strict=True)]
    news[3] = Record(case=cases[3].id, error="UnusableAnswerError: The plan was no JSON after 3 attempts.", calls=4)
    news[5] = Record(case=cases[5].id, error="Connection refused.", passing=True)
    news[9] = bases[9].model_copy(update={"asked": 0})
    runs = Run.of(heads[0], bases), Run.of(heads[1], news)
    primary = tuple(id for id in PRIMARY if id in metrics)
    suite = Suite(name="core", description="For tests.", primary=primary, cases=cases)
    chosen = {id: METRICS[id] for id in metrics}
    told = assess(suite, runs[0], new=runs[1], wanted=40, measures=Measures(chosen))
    files = {"base_run": "evals/runs/core-5e0c1a2b3c4d.jsonl", "new_run": "evals/runs/core-77d0e1f2a3b4.jsonl"}
    edit = arms.diff(*(arms.Source(one.label, one.templates) for one in heads))
    return told.model_copy(update={"diff": edit, **files}), *runs


def _moulded(map: KnowledgeMap, share: float, dice: random.Random) -> KnowledgeMap:
    """The map with so many of its relevances out of a mould, and definitions a little reworded."""

    def written(one: Concept) -> dict[str, str]:
        relevance = MOULD.format(one.name) if dice.random() < share else one.relevance.replace(" the ", " its ", 1)
        return {
            "relevance": relevance,
            "definition": one.definition.replace(" that ", " which ").replace(" a ", " one ", 1),
        }

    return with_concepts(map, written)


def _shuffled(map: KnowledgeMap, dice: random.Random) -> KnowledgeMap:
    """The map with one or two concepts left out, and their relations."""
    keep = dice.sample(map.concepts, k=max(3, len(map.concepts) - dice.choice((0, 0, 1, 2))))
    ids = {one.id for one in keep}
    return map.model_copy(
        update={
            "concepts": tuple(one for one in map.concepts if one.id in ids),
            "relations": tuple(one for one in map.relations if {one.source, one.target} <= ids),
        }
    )
