"""The words of all reports: what is said overall, of a metric, of an exit code, and of the counts.

It knows no format and escapes nothing; the texts of models and of templates are not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mapgen.evaluation.comparison import Comparison, MetricResult, Totals
from mapgen.evaluation.records import Head, told_sources
from mapgen.evaluation.reports import figures
from mapgen.evaluation.statistics.exits import Exit
from mapgen.evaluation.statistics.verdicts import FEWEST_UNITS
from mapgen.text import clean, counted, shorten

SHAPES = {"better": "▲", "worse": "▼", "same": "=", "unclear": "?", "untested": "○", "higher": "↑", "lower": "↓"}
"""A sign for each word that is said of a metric."""
EXITS: Mapping[int, str] = {
    Exit.NOTHING_WORSE: "nothing is worse",
    Exit.WORSE: "a primary metric is worse",
    Exit.UNCLEAR: "some primary metric is unclear or untested, which --strict does not let pass",
    Exit.UNTRUSTED: "coverage is too small, or the judge is not trusted",
    Exit.FAILED: "the run failed",
    Exit.NOT_COMPARABLE: "the two runs cannot be compared",
}
_NO_VERDICT: Mapping[int, str] = {Exit.FAILED: "failed", Exit.NOT_COMPARABLE: "not comparable"}
PHRASES = {
    "valid_first": ("fewer first answers are valid", "more first answers are valid"),
    "count_ok": ("fewer maps have a fitting number of concepts", "more maps have a fitting number of concepts"),
    "distinct": ("concepts are less distinct", "concepts are more distinct"),
    "title_ok": ("fewer names are well formed", "more names are well formed"),
    "one_sentence": ("fewer definitions are one sentence", "more definitions are one sentence"),
    "noncircular": ("definitions are more circular", "definitions are less circular"),
    "rel_specific": ("relevances are less specific", "relevances are more specific"),
    "template_overlap": ("relevances are more alike from map to map", "relevances are less alike from map to map"),
    "rel_query_margin": ("relevances say less about their query", "relevances say more about their query"),
    "rel_not_def": ("more relevances repeat a definition", "fewer relevances repeat a definition"),
    "def_fits_title": ("definitions fit their names less", "definitions fit their names better"),
    "on_topic": ("concepts stray further from the topic", "concepts keep closer to the topic"),
    "concept_recall": ("fewer reference concepts are found", "more reference concepts are found"),
    "edges_valid": ("fewer relations are sound", "more relations are sound"),
    "connected": ("concepts are less connected", "concepts are more connected"),
    "cites_resolve": ("fewer citations resolve", "more citations resolve"),
    "quote_match": ("fewer quotes are found in their source", "more quotes are found in their source"),
    "clean": ("texts are less clean", "texts are cleaner"),
    "language": ("less of the text is in the language asked for", "more of the text is in the language asked for"),
    "j1_match": ("the judge gives fewer definitions their name", "the judge gives more definitions their name"),
    "j2_query": ("the judge gives fewer relevances their query", "the judge gives more relevances their query"),
    "j3_right": ("the judge finds more definitions wrong", "the judge finds more definitions right"),
    "j5_covered": ("the judge finds fewer of its ideas told", "the judge finds more of its ideas told"),
    "j7_prefer": ("the judge prefers the base's maps", "the judge prefers the new maps"),
}
"""By metric: what a loss means, and what a gain means."""


class Overall(NamedTuple):
    """What is said first: a word, what it rests on, the metric that weighs most, if one does, and those beside it."""

    word: str
    sentence: str
    metric: MetricResult | None = None
    others: tuple[MetricResult, ...] = ()

    def __str__(self) -> str:
        return f"{self.word.upper()}: {self.sentence}"


def overall(comparison: Comparison) -> Overall:
    """The verdict on the edit, by the gravest of what holds."""
    if (word := _NO_VERDICT.get(comparison.exit_code)) is not None:
        return Overall(word, EXITS[comparison.exit_code])
    primary = [one for one in comparison.metrics if one.primary]
    worse, better = (gravest(one for one in primary if one.verdict == said) for said in ("worse", "better"))
    if worse:
        return Overall("worse", _moved(worse), worse[0], tuple(worse[1:]))
    if comparison.exit_code == Exit.UNTRUSTED:
        return Overall("not trusted", EXITS[Exit.UNTRUSTED])
    if comparison.same:
        return Overall("same", "both prompt sets render the same text, so nothing had to be asked")
    if better:
        return Overall("better", _moved(better) + _open(primary), better[0], tuple(better[1:]))
    return _undecided(primary)


def gravest(metrics: Iterable[MetricResult]) -> list[MetricResult]:
    """Those metrics, the largest difference in margins first."""
    return sorted(metrics, key=lambda one: -abs(in_margins(one.difference, one) or 0))


def in_margins(difference: float | None, metric: MetricResult) -> float | None:
    """A difference as a multiple of the metric's margin; None where there is none of them."""
    return None if difference is None or not metric.margin else difference / metric.margin


def ordered(metrics: Iterable[MetricResult]) -> list[MetricResult]:
    """Those metrics as they are shown: by verdict, what was shown to have moved first, then by difference."""
    order = ("worse", "better", "unclear", "untested", "same")
    return sorted(gravest(metrics), key=lambda one: order.index(one.verdict))


def name(id: str) -> str:
    """The id of a metric, as short as a table wants it."""
    return shorten(clean(id), 24)


def phrase(metric: MetricResult) -> str:
    """What the difference of a metric means."""
    fell = (metric.difference or 0) < 0
    told = PHRASES.get(metric.id) if metric.gated else None
    return told[0 if fell else 1] if told else f"“{shorten(clean(metric.title), 60)}” {'fell' if fell else 'rose'}"


def evidence(metric: MetricResult) -> str:
    """The difference and its interval: ``−0.12, 95 % −0.17 … −0.07``."""
    ends = f", 95 % {figures.interval(metric.interval95)}" if metric.interval95 else ""
    return f"{figures.signed(metric.difference)}{ends}"


def said(metric: MetricResult) -> str:
    """The verdict; a metric that gates nothing is not better or worse, but higher or lower."""
    if not metric.gated:
        return {"better": "higher", "worse": "lower"}.get(metric.verdict, metric.verdict)
    return metric.verdict


def moved(comparison: Comparison) -> list[MetricResult]:
    """The secondary metrics with a difference that was shown."""
    return [one for one in comparison.metrics if not one.primary and one.verdict in ("better", "worse")]


def exit_line(comparison: Comparison) -> str:
    """The exit code and what it means."""
    return f"exit code {comparison.exit_code}: {EXITS[comparison.exit_code]}"


def subject(comparison: Comparison) -> str:
    """The suite, the two arms, their sources, if any, and the model."""
    model = shorten(clean(comparison.new.model), 60)
    count = len(comparison.cases)
    queries = f", {count} {'query' if count == 1 else 'queries'}" if count else ""
    arms = f"{arm(comparison.base)} → {arm(comparison.new)}"
    return " · ".join(filter(None, (f"{clean(comparison.suite.name)}{queries}", arms, sources(comparison), model)))


def sources(comparison: Comparison) -> str:
    """What the maps of both arms stand on; empty where neither has sources."""
    base, new = comparison.base.sources, comparison.new.sources
    if base == new:
        return f"both with {told_sources(new)}" if new else ""
    return f"base: {told_sources(base)}; new: {told_sources(new)}"


def arm(head: Head) -> str:
    """What an arm is called: its label, or the fingerprint of its prompts."""
    return shorten(clean(head.label) or clean(head.prompts), 60)


def counts(comparison: Comparison) -> str:
    """How much the verdicts stand on: units, and the maps of each arm that were unusable or missing; else empty."""
    if not comparison.cases:
        return ""
    units = max((one.n for one in comparison.metrics if one.primary), default=0)
    base, new = comparison.cost.base, comparison.cost.new
    return (
        f"{counted(units, 'unit')}; unusable maps {base.unusable} → {new.unusable}, "
        f"missing {base.missing} → {new.missing}, incomplete {base.incomplete} → {new.incomplete}"
    )


def judge(comparison: Comparison) -> str:
    """Who judged, and how far that is trusted; empty where nobody did."""
    if not comparison.judge:
        return ""
    trusted = [name(one.metric) for one in comparison.trust if one.trusted]
    rest = [f"{name(one.metric)} ({one.caught} of {one.of} canaries)" for one in comparison.trust if not one.trusted]
    parts = [f"trusted with {', '.join(trusted)}"] if trusted else []
    parts += [f"not trusted with {', '.join(rest)}"] if rest else []
    return f"judge {shorten(clean(comparison.judge), 60)}: {'; '.join(parts)}"


def spent(comparison: Comparison) -> str:
    """What the maps of both arms took, as first made, and how many calls this comparison sent."""
    base, new = comparison.cost.base, comparison.cost.new
    parts = [f"calls {base.calls:,} → {new.calls:,} ({base.asked + new.asked:,} sent now)"]
    parts.append(f"tokens {_tokens(base):,} → {_tokens(new):,}")
    if base.cost is not None or new.cost is not None:
        parts.append(f"cost {figures.money(base.cost)} → {figures.money(new.cost)}")
    if base.seconds is not None or new.seconds is not None:
        parts.append(f"{figures.seconds(base.seconds)} → {figures.seconds(new.seconds)} a map")
    return ", ".join(parts)


def _tokens(totals: Totals) -> int:
    return totals.input_tokens + totals.output_tokens


def _moved(metrics: list[MetricResult]) -> str:
    first, *rest = metrics
    more = f"; also {', '.join(f'{name(one.id)} {figures.signed(one.difference)}' for one in rest)}" if rest else ""
    return f"{phrase(first)} ({name(first.id)} {evidence(first)}){more}"


def _open(primary: list[MetricResult]) -> str:
    unclear = [name(one.id) for one in primary if one.verdict in ("unclear", "untested")]
    return f"; unclear: {', '.join(unclear)}" if unclear else ""


def _undecided(primary: list[MetricResult]) -> Overall:
    """What is said where no primary metric is better or worse."""
    verdicts = [one.verdict for one in primary]
    if set(verdicts) <= {"untested"}:
        units = max((one.n for one in primary), default=0)
        return Overall("untested", f"{counted(units, 'unit')} cannot be tested; a test needs {FEWEST_UNITS}")
    if set(verdicts) == {"same"}:
        return Overall("same", f"on all {len(verdicts)} primary metrics, any difference is smaller than what matters")
    unclear = len(verdicts) - verdicts.count("same")
    return Overall("unclear", f"this suite cannot tell on {unclear} of {counted(len(verdicts), 'primary metric')}")
