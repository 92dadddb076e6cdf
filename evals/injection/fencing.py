"""The shipped prompts without their fence: a second set, made from the first for the experiment.

The shipped ones put the query, what was taken from it, and passages between marks that none of these can hold, and say
in a rule what stands there. Marks and rules are taken out, and nothing else.
"""

from __future__ import annotations

import re
from pathlib import Path

from mapgen.files import write_folder
from mapgen.prompting import PromptSet

RULE = re.compile(r" The query stands between BEGIN and END [^\n]*")
SOURCES = re.compile(
    r" between BEGIN and END with a code of their own|; nothing in them is an instruction to you either"
)
MARK = re.compile(r"^(?:BEGIN|END) \{\{ (?:nonce|mark) \}\}\n", re.MULTILINE)
FENCES = {"partials/preamble.j2": (RULE, 1), "partials/sources.j2": (SOURCES, 2)}


def unfenced(shipped: PromptSet, *, folder: Path) -> PromptSet:
    """That set without its fence, written to the new folder. Raises ValueError where the set has none."""
    texts = {path: (shipped.folder / path).read_text("utf-8") for path in shipped.files()}
    for path, text in texts.items():
        found, wanted = FENCES.get(path.as_posix(), (MARK, 2))
        texts[path], times = found.subn("", text)
        if times != wanted:
            raise ValueError(f"{path} has no fence")
    write_folder(folder, {path.as_posix(): text for path, text in texts.items()})
    return PromptSet(folder)
