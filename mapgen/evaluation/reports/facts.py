"""What a comparison rests on: the commands that make it again, the two arms in figures, and what they took.

It knows no format; commands are safe to paste into a shell, whatever the names in them say.
"""

from __future__ import annotations

import shlex

from mapgen.evaluation import runfile
from mapgen.evaluation.comparison import Comparison
from mapgen.evaluation.records import told_sources
from mapgen.evaluation.reports import figures, wording
from mapgen.text import clean


def commands(comparison: Comparison) -> list[str]:
    """What to type to compare again, and to make this page again; safe to paste, whatever the names say."""
    suite, base, new = (clean(one) for one in (comparison.suite.name, comparison.base.label, comparison.new.label))
    stored = base.endswith(runfile.SUFFIXES) and comparison.base_run
    old = comparison.base_run if stored or not base else base
    found = []
    if old:
        sources = [word for one in comparison.new.sources for word in ("--source", one)]
        prompts = ["--prompts", new] if new else []
        found.append(["mapgen", "eval", "compare", suite, "--base", old, *prompts, *sources])
    if comparison.base_run and comparison.new_run:
        found.append(["mapgen", "eval", "report", comparison.base_run, comparison.new_run, "--html", "report.html"])
    return [shlex.join(map(clean, words)) for words in found]


def facts(comparison: Comparison) -> list[tuple[str, str, str]]:
    """What the two arms are: a label, and the value of each."""
    base, new = comparison.base, comparison.new
    sources = (base.sources, new.sources)
    pairs = {
        "prompts": (wording.arm(base), wording.arm(new)),
        "fingerprint": (base.prompts, new.prompts),
        "model": (base.model, new.model),
        "planner": (base.planner, new.planner),
        "sources": tuple(map(told_sources, sources)) if any(sources) else ("", ""),
        "endpoint": (base.endpoint, new.endpoint),
        "temperature": tuple("default" if one.temperature is None else f"{one.temperature:g}" for one in (base, new)),
        "repeats": (str(base.repeats), str(new.repeats)),
        "mapgen": (base.mapgen, new.mapgen),
        "made": tuple(f"{one.created:%Y-%m-%d %H:%M}" for one in (base, new)),
        "run": (comparison.base_run, comparison.new_run),
    }
    return [(label, clean(one), clean(two)) for label, (one, two) in pairs.items() if one or two]


def costs(comparison: Comparison) -> list[tuple[str, str, str]]:
    """What both arms have and took: a label, and the figure of each."""
    base, new = comparison.cost.base, comparison.cost.new
    counts = {
        "maps": (base.maps, new.maps),
        "complete": (base.complete, new.complete),
        "incomplete": (base.incomplete, new.incomplete),
        "unusable, scored 0": (base.unusable, new.unusable),
        "missing": (base.missing, new.missing),
        "calls": (base.calls, new.calls),
        "sent for this comparison": (base.asked, new.asked),
        "asked again": (base.reasked, new.reasked),
        "repairs": (base.repairs, new.repairs),
        "input tokens": (base.input_tokens, new.input_tokens),
        "output tokens": (base.output_tokens, new.output_tokens),
    }
    return [
        *((label, f"{one:,}", f"{two:,}") for label, (one, two) in counts.items()),
        ("cost", figures.money(base.cost), figures.money(new.cost)),
        ("time of a map", figures.seconds(base.seconds), figures.seconds(new.seconds)),
    ]
