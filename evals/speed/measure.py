"""What every benchmark here shares: one measured figure with its bound, and timing of whole processes.

Bounds are those that mapgen promises; a figure beyond its bound is shown as such, and fails nothing.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Figure:
    """One row of the table. ``base`` is what ``value`` is compared with in the same run, in the same unit."""

    what: str
    value: float
    unit: str
    bound: float | None = None
    base: float | None = None
    base_name: str = ""

    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        ratio = "" if not self.base else f"{self.value / self.base:.2f} × {self.base_name}"
        bound = "" if self.bound is None else f"≤ {self.bound:g} {self.unit}"
        verdict = "" if self.bound is None else "yes" if self.value <= self.bound else "**no**"
        return f"| {self.what} | {self.value:.3g} {self.unit} | {bound} | {verdict} | {ratio} |"


def fastest(command: list[str], *, times: int, env: dict[str, str] | None = None) -> float:
    """The least wall time of ``command`` in seconds, over so many runs after one that warms the disk's cache."""
    took = []
    for _ in range(times + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=env)
        took.append(time.perf_counter() - began)
    return min(took[1:])


def mapgen(*arguments: str) -> list[str]:
    """The command line of this environment's mapgen."""
    return [str(Path(sys.executable).with_name("mapgen")), *arguments]
