"""What a prompt author starts from: a copy of a prompt set, and a small commented suite.

It knows which files there are, and nothing of how they are run.
"""

from __future__ import annotations

from pathlib import Path

from mapgen.evaluation.arms import of_folder

CASES = 8
_SUITE = Path(__file__).with_name("mine.yaml")
_IGNORED = "# Runs are made anew from the prompts; baselines and replays are worth keeping.\nruns/\n"


def files(prompts: Path) -> dict[str, str]:
    """The files of the new folder by their paths in it. Raises ConfigError where ``prompts`` holds none."""
    copied = {f"prompts/{name}": text for name, text in of_folder(prompts).templates.items()}
    return {**copied, "suites/mine.yaml": _SUITE.read_text("utf-8"), ".gitignore": _IGNORED}
