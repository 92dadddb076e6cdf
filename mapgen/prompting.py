"""Prompts as typed functions: a template of the prompt set, an input value, and the value asked for in return.

Templates live in a folder of their own (prompts/); user text only ever enters them as a value. It knows no
model and no stage of the pipeline.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict

from mapgen.errors import ConfigError
from mapgen.model import Value

Role = Literal["planner", "writer", "judge"]
Schema = dict[str, Any]
In = TypeVar("In", bound=Value)
Out = TypeVar("Out", bound=BaseModel)

_BLOCKS: tuple[Literal["system", "user"], ...] = ("system", "user")
_DROPPED = {"title", "default", "minLength", "maxLength", "pattern", "format", "exclusiveMinimum"}


class Answer(BaseModel):
    """The base of what a model is asked for: strict, frozen; unknown keys are left out."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", allow_inf_nan=False, hide_input_in_errors=True)


class Message(Value):
    """One turn of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


def nonce(*texts: str) -> str:
    """The mark between which texts stand as data, 16 hexadecimal digits (SHA-256, cut).

    It follows from all of the texts, so that none of them can hold it, and the same texts are asked alike again.
    """
    return hashlib.sha256("\0".join(("fence", *texts)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Filled(Generic[Out]):
    """A prompt ready to be asked: messages, the type of the answer, and the JSON Schema sent for it.

    ``max_tokens`` bounds the answer; ``repeat`` tells apart askings of the same prompt; ``shared`` says that others
    with the same system message come along with it.
    """

    prompt: str
    role: Role
    messages: tuple[Message, ...]
    out: type[Out]
    schema: Schema
    max_tokens: int
    repeat: int = 0
    shared: bool = False

    def followed_by(self, *messages: Message) -> Filled[Out]:
        """The same asking with more turns behind it."""
        return replace(self, messages=(*self.messages, *messages))

    def with_room(self, factor: int) -> Filled[Out]:
        """The same asking with ``factor`` times the tokens for its answer."""
        return replace(self, max_tokens=self.max_tokens * factor)


@dataclass(frozen=True)
class PromptSet:
    """A folder of templates as it was when it was first needed; what changes in it later is another set."""

    folder: Path

    @cached_property
    def _texts(self) -> dict[str, bytes]:
        """Every template by its path in the folder, sorted. Raises ConfigError where one cannot be read."""
        try:
            paths = sorted(path for path in self.folder.rglob("*.j2") if path.is_file())
            return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        except OSError as error:
            reason = error.strerror or type(error).__name__
            told = f"The prompts in {self.folder} cannot be read: {reason}."
            raise ConfigError(told, hint="Make them readable, or name another folder.") from error

    def names(self) -> tuple[str, ...]:
        """The names of the prompts, sorted, partials left out. Raises ConfigError for a folder without any."""
        found = tuple(sorted(path.removesuffix(".j2") for path in self._texts if "/" not in path))
        if not found:
            raise ConfigError(
                f"{self.folder} holds no prompts (*.j2).",
                hint="`mapgen prompts path` names a folder that does.",
            )
        return found

    def files(self) -> tuple[Path, ...]:
        """Every template of the set, partials too, sorted, relative to the folder."""
        return tuple(sorted(Path(path) for path in self._texts))

    def source(self, name: str) -> str:
        """The text of one template. Raises ConfigError."""
        try:
            return self._texts[f"{name}.j2"].decode("utf-8")
        except (KeyError, UnicodeDecodeError) as error:
            hint = f"This set has: {', '.join(self.names())}."
            raise ConfigError(f"There is no prompt {name!r} in {self.folder}.", hint=hint) from error

    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change with any byte of any template (SHA-256, cut). Raises ConfigError."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for path in self.files():
            content = self._texts[path.as_posix()].replace(b"\r\n", b"\n")
            digest.update(f"{path.as_posix()}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()[:12]

    def renders_as(self, other: PromptSet) -> bool:
        """Whether both sets say the same whatever they are filled with: they differ in comments at most."""
        try:
            return self._parsed() == other._parsed()
        except (TemplateError, UnicodeDecodeError, ConfigError):
            return False

    def _parsed(self) -> dict[str, nodes.Template]:
        return {path: _joined(self._environment.parse(text.decode("utf-8"))) for path, text in self._texts.items()}

    def render(self, name: str, values: dict[str, Any]) -> tuple[Message, ...]:
        """The messages of prompt ``name``: its blocks ``system`` and ``user``, filled. Raises ConfigError."""
        try:
            template = self._template(name)
            return tuple(
                Message(role=role, content="".join(template.blocks[role](template.new_context(values))).strip())
                for role in _BLOCKS
            )
        except KeyError as error:
            raise ConfigError(f"The prompt {name!r} has no block {error}.", hint="It needs system and user.") from error
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError, OSError) as error:
            hint = f"Mend {name}.j2 in {self.folder}."
            raise ConfigError(f"The prompt {name!r} cannot be filled: {error}.", hint=hint) from error

    def _template(self, name: str) -> Template:
        self.source(name)
        return self._environment.get_template(f"{name}.j2")

    @property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        return _environment(tuple(self._texts.items()))


def builtin_folder() -> Path:
    """The prompt set that came with mapgen: in the wheel, else in the checkout."""
    here = Path(__file__).resolve().parent
    return here / "prompts" if (here / "prompts").is_dir() else here.parent / "prompts"


@dataclass(frozen=True)
class Prompt(Generic[In, Out]):
    """The declaration of one prompt: its template's name, and the types that go in and come out.

    ``shared`` says that several are asked at once, alike in their system message. ``narrow`` may tighten the JSON
    Schema for one input, such as the number of items.
    """

    name: str
    given: type[In]
    out: type[Out]
    role: Role
    max_tokens: int
    shared: bool = False
    narrow: Callable[[In, Schema], Schema] | None = None

    def fill(self, given: In, prompts: PromptSet, *, repeat: int = 0) -> Filled[Out]:
        """The asking for one input. Raises ConfigError where the template does not fit the input."""
        schema = schema_of(self.out)
        return Filled(
            prompt=self.name,
            role=self.role,
            messages=prompts.render(self.name, dict(given)),
            out=self.out,
            schema=self.narrow(given, schema) if self.narrow else schema,
            max_tokens=self.max_tokens,
            repeat=repeat,
            shared=self.shared,
        )


def schema_of(out: type[BaseModel]) -> Schema:
    """A JSON Schema in the subset that all servers of structured output share.

    References resolved, every field required, no unknown fields, no lengths of text, patterns or formats.
    """
    schema = _schema_of(out)
    plain: Schema = _plain(schema, schema.get("$defs", {}))
    return plain


@lru_cache(maxsize=64)
def _schema_of(out: type[BaseModel]) -> Schema:
    """What pydantic makes of a type, made once: not to be changed."""
    return out.model_json_schema(mode="validation")


def _plain(node: Any, definitions: Schema) -> Any:
    if isinstance(node, list):
        return [_plain(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(definitions[node["$ref"].rsplit("/", 1)[1]], definitions)
    if "properties" in node:
        fields = {name: _plain(item, definitions) for name, item in node["properties"].items()}
        return {
            "type": "object",
            "properties": fields,
            "required": list(fields),
            "additionalProperties": False,
        }
    return {key: _plain(item, definitions) for key, item in node.items() if key not in _DROPPED}


def _joined(template: nodes.Template) -> nodes.Template:
    """The template with its texts as they are without the comments that parted them."""
    for output in template.find_all(nodes.Output):
        joined: list[nodes.Expr] = []
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData) and joined and isinstance(joined[-1], nodes.TemplateData):
                joined[-1] = nodes.TemplateData(joined[-1].data + node.data)
            else:
                joined.append(node)
        output.nodes = joined
    return template


@lru_cache(maxsize=16)
def _environment(texts: tuple[tuple[str, bytes], ...]) -> ImmutableSandboxedEnvironment:
    """Equal sets share what was compiled of them."""
    known = dict(texts)
    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: known[name].decode("utf-8") if name in known else None),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
