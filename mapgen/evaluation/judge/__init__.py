"""The judge metrics: measures of maps that a model takes, each with canaries that say whether its word is worth
anything.

The judge is the role of that name, asked through the door that every stage uses. It sees maps blind, as data; its
failure is missing data, and a judge that misses its canaries gates nothing. No module here knows statistics.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mapgen.evaluation.judge import covered, match, prefer, query, right
from mapgen.evaluation.judge.base import ArmName, JudgedMetric, Judgement
from mapgen.evaluation.judge.canaries import Caught
from mapgen.evaluation.judge.covered import judge_covered, judge_ideas
from mapgen.evaluation.judge.judged import Judged
from mapgen.evaluation.judge.judging import Judging, askings, judge_run, same_model
from mapgen.evaluation.judge.match import judge_match
from mapgen.evaluation.judge.prefer import judge_prefer
from mapgen.evaluation.judge.query import judge_query
from mapgen.evaluation.judge.right import judge_right
from mapgen.evaluation.judge.trust import Trust, trust
from mapgen.evaluation.judge.trying import ASKINGS, named, tries, try_judge

__all__ = [
    "ASKINGS",
    "JUDGED",
    "ArmName",
    "Caught",
    "Judged",
    "JudgedMetric",
    "Judgement",
    "Judging",
    "Trust",
    "askings",
    "judge_covered",
    "judge_ideas",
    "judge_match",
    "judge_prefer",
    "judge_query",
    "judge_right",
    "judge_run",
    "named",
    "same_model",
    "tries",
    "trust",
    "try_judge",
]

JUDGED: Mapping[str, JudgedMetric] = MappingProxyType(
    {one.METRIC.id: one.METRIC for one in (match, query, right, covered, prefer)}
)
"""Every judge metric by its id."""
