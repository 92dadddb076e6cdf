"""The statistics of a comparison: paired differences in, a verdict per metric out.

Sign-flip permutation on the units' mean, step-down max-T over the primary metrics, t intervals, power. Pure
functions of numbers; they know no maps, no files, no models and no metric's meaning. evals/statistics/ shows by
simulation how they hold.
"""

from __future__ import annotations

from mapgen.evaluation.statistics.comparing import compare_paired
from mapgen.evaluation.statistics.exits import Exit, exit_code
from mapgen.evaluation.statistics.folding import fold
from mapgen.evaluation.statistics.power import Power, power, power_table, smallest_effect
from mapgen.evaluation.statistics.student import interval
from mapgen.evaluation.statistics.verdicts import ALPHA, FEWEST_UNITS, MetricVerdict, Verdict, decide

__all__ = [
    "ALPHA",
    "FEWEST_UNITS",
    "Exit",
    "MetricVerdict",
    "Power",
    "Verdict",
    "compare_paired",
    "decide",
    "exit_code",
    "fold",
    "interval",
    "power",
    "power_table",
    "smallest_effect",
]
