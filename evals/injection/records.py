"""What was asked and what came of it, one line of JSON for each map, so that a run that ended goes on where it was.

It knows files, and no attack.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from mapgen.model import KnowledgeMap, Value

Arm = Literal["shipped", "unfenced", "control"]
ARMS: tuple[Arm, ...] = ("shipped", "unfenced", "control")
Way = Literal["query", "source"]


class Setup(Value):
    """All that changes the answers beside what is asked; records of another setup do not count.

    ``way``: the attack comes in the query, or in a source.
    """

    model: str
    endpoint: str
    prompts: str
    concepts: int
    way: Way = "query"


class Record(Value):
    """What was asked in one arm; ``map`` is None where the model gave nothing usable, and ``error`` says what.

    ``text`` is what may hold the attack: the query, or the passage.
    """

    setup: Setup
    arm: Arm
    text: str
    map: KnowledgeMap | None
    error: str = ""
    seconds: float


def read(path: Path, setup: Setup) -> dict[tuple[Arm, str], Record]:
    """The records of that setup by arm and text; lines that a kill cut off are left out."""
    lines = path.read_bytes().splitlines() if path.is_file() else []
    found = [record for line in lines if (record := _record(line)) is not None and record.setup == setup]
    return {(record.arm, record.text): record for record in found}


def append(path: Path, record: Record) -> None:
    """Put a record behind the others, on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = not path.is_file() or not (data := path.read_bytes()) or data.endswith(b"\n")
    with path.open("ab") as file:
        file.write(b"" if whole else b"\n")
        file.write(record.model_dump_json().encode("utf-8") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _record(line: bytes) -> Record | None:
    try:
        return Record.model_validate_json(line)
    except ValidationError:
        return None
