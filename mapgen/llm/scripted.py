"""A model whose answers stand in a file: for tests, demonstrations and examples without a model.

It is a real provider behind the same door: its texts go through the same parsing, validation and limits. The file
is JSON: {"answers": [{"prompt": "write", "match": "Inflation", "answer": {…} or "text", "delay": 0.1}, …]}.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from mapgen.errors import ConfigError, MapgenError
from mapgen.files import read_text
from mapgen.llm.answers import read_answer
from mapgen.llm.base import Reply
from mapgen.model import Value
from mapgen.prompting import Filled

Out = TypeVar("Out", bound=BaseModel)

_LIMIT = 10_000_000  # bytes of a script


class Line(Value):
    """One answer: for the prompt of that name whose first question holds ``match``; ``times`` None is for ever."""

    prompt: str
    match: str = ""
    answer: dict[str, Any] | str
    delay: Annotated[float, Field(ge=0, le=60)] = 0.0
    times: Annotated[int, Field(ge=1)] | None = None


class Script(Value):
    """The answers in the order in which they are tried."""

    answers: tuple[Line, ...]


class Scripted:
    """An LLM that answers from a script. Tokens are counted as four characters each."""

    def __init__(self, script: Script) -> None:
        self._lines = script.answers
        self._used = [0] * len(script.answers)

    @classmethod
    def load(cls, path: str | Path) -> Scripted:
        """The model of a script file. Raises ConfigError."""
        try:
            return cls(Script.model_validate_json(read_text(Path(path), limit=_LIMIT)))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise ConfigError(f"{path} is no script: {where}: {first['msg']}.") from error
        except MapgenError as error:
            raise ConfigError(error.message, hint="scripted:FILE names a JSON file of answers.") from error

    async def ask(self, filled: Filled[Out], /) -> Reply[Out]:
        """The first answer that fits. Raises ConfigError where none does, BadAnswer as any model."""
        line = self._next(filled)
        await asyncio.sleep(line.delay)
        text = line.answer if isinstance(line.answer, str) else json.dumps(line.answer, ensure_ascii=False)
        asked = sum(len(message.content) for message in filled.messages)
        return Reply(read_answer(text, filled.out), input_tokens=asked // 4, output_tokens=len(text) // 4)

    def _next(self, filled: Filled[Any]) -> Line:
        said = next((one.content for one in filled.messages if one.role == "user"), "")
        for number, line in enumerate(self._lines):
            fits = line.prompt == filled.prompt and line.match in said
            if fits and (line.times is None or self._used[number] < line.times):
                self._used[number] += 1
                return line
        raise ConfigError(
            f"The script has no answer left for the prompt {filled.prompt!r}.",
            hint=f"It was asked: {said[-120:]!r}",
        )
