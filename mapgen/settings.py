"""What a run is asked to do: flags, environment and config file, each value with where it came from.

The only reader of the environment and of config files. It knows which settings there are, and no model.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypedDict
from urllib.parse import urlsplit

from platformdirs import user_cache_dir, user_config_dir, user_data_dir, user_state_dir
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from mapgen.errors import ConfigError, InputError, ReadError
from mapgen.files import read_text
from mapgen.languages import code_of
from mapgen.model import MAX_CONCEPTS, MIN_CONCEPTS, Value
from mapgen.text import encodable

_ALIASES = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL", "hub": "HF_ENDPOINT"}
_OTHER_VARIABLES = {"MAPGEN_CONFIG"}
_CONFIG_LIMIT = 1_000_000
_BARE = re.compile(r"[\w-]{16,}")  # a key in the place of a URL looks like this


def _url(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme.lower() not in ("http", "https") or not _has_host(value) or not value.isprintable() or " " in value:
        hidden = "@" in value or _BARE.fullmatch(value)
        shown = "What it holds" if hidden else repr(value[:80])
        raise InputError(f"{shown} is no URL.", hint="It looks like https://host/v1.")
    if "@" in rest.split("/")[0]:
        raise InputError("A URL with a name or password in it is not used.", hint="The key goes into MAPGEN_API_KEY.")
    if "?" in rest or "#" in rest:
        raise InputError("A URL with ? or # in it is not used.", hint="Name the root alone, such as https://host/v1.")
    return f"{scheme.lower()}://{rest.rstrip('/')}"


def _has_host(url: str) -> bool:
    """Whether a URL names a host, with a port that can be."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _name(value: str) -> str:
    if encodable(value) != value:
        raise InputError("The name is no text in UTF-8.", hint="Write it anew.")
    return value


def _key(value: SecretStr) -> SecretStr:
    key = value.get_secret_value().strip()
    if not key:
        raise InputError("The key is empty.", hint="Leave it out, or copy it anew from your provider.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise InputError("The key holds characters that no key has.", hint="Copy it anew from your provider.")
    return SecretStr(key)


def _folder(value: Path) -> Path:
    return Path(os.path.expanduser(value))


def _listed(value: Any) -> Any:
    """A list as a variable gives it: parted by semicolons or line breaks; ``none`` is an empty one."""
    if isinstance(value, Path):
        return (str(value),)
    if not isinstance(value, str):
        return [str(item) if isinstance(item, Path) else item for item in value] if _is_list(value) else value
    parts = tuple(part for part in map(str.strip, re.split(r"[;\n]", value)) if part)
    return () if parts == (NONE,) else parts


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


NONE = "none"
Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=4_000)], ...], BeforeValidator(_listed)]
Name = Annotated[str, AfterValidator(_name)]
Url = Annotated[str, AfterValidator(_url)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Language = Annotated[str, AfterValidator(code_of)]
Folder = Annotated[Path, AfterValidator(_folder)]


class Settings(Value):
    """Every setting of a run. Paths are folders; ``deadline`` and ``timeout`` are in seconds."""

    model_config = ConfigDict(frozen=True, strict=False, extra="forbid", hide_input_in_errors=True)

    model: Name | None = Field(default=None, description="The model's name, or local, local:FILE, scripted:FILE.")
    planner: Name | None = Field(default=None, description="Another model to plan and relate.")
    writer: Name | None = Field(default=None, description="Another model to write and repair.")
    judge: Name | None = Field(default=None, description="Another model to judge evaluations.")
    base_url: Url | None = Field(default=None, description="Root of an OpenAI-compatible API.")
    api_key: Key | None = Field(default=None, description="Key of that API.")
    language: Language | None = Field(default=None, description="Language of the map, by code or English name.")
    concepts: int | None = Field(default=None, ge=MIN_CONCEPTS, le=MAX_CONCEPTS, description="How many concepts.")
    temperature: float | None = Field(default=None, ge=0, le=2, description="Sampling temperature.")
    max_calls: int | None = Field(default=None, ge=1, description="Most requests to models.")
    max_tokens: int | None = Field(default=None, ge=1, description="Most tokens, sent and received.")
    max_cost: float | None = Field(default=None, gt=0, description="Most money, in US dollars.")
    sources: Names | None = Field(
        default=None, max_length=100, description="Files, folders, URLs, wikipedia, encyclopedia; or none."
    )
    deadline: float = Field(default=900.0, gt=0, description="Most seconds for the whole map.")
    timeout: float | None = Field(default=None, gt=0, description="Most seconds for one request.")
    concurrency: int = Field(default=16, ge=1, le=64, description="Most requests at once.")
    cache: bool = Field(default=True, description="Whether answers and maps are kept and reused.")
    cache_dir: Folder = Field(
        default_factory=lambda: Path(user_cache_dir("mapgen")), description="Where they are kept."
    )
    models_dir: Folder = Field(
        default_factory=lambda: Path(user_data_dir("mapgen")) / "models",
        description="Where weights are kept.",
    )
    hub: Url = Field(default="https://huggingface.co", description="Hub to fetch weights from.")
    prompts: Folder | None = Field(default=None, description="Folder of another prompt set.")
    brand: str = Field(default="mapgen", max_length=60, description="The name on pages and texts.")


class Options(TypedDict, total=False):
    """The settings of a run, by name; Settings says what each means."""

    model: str | None
    planner: str | None
    writer: str | None
    judge: str | None
    base_url: str | None
    api_key: str | None
    language: str | None
    concepts: int | None
    temperature: float | None
    max_calls: int | None
    max_tokens: int | None
    max_cost: float | None
    deadline: float | None
    timeout: float | None
    concurrency: int | None
    cache: bool | None
    cache_dir: str | Path | None
    models_dir: str | Path | None
    hub: str | None
    prompts: str | Path | None
    sources: Sequence[str | Path] | str | Path | None


class Resolved(Value):
    """Settings, and for each field where its value came from, such as ``--model`` or ``MAPGEN_MODEL``."""

    settings: Settings
    origins: Mapping[str, str]

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Have a ConfigError of a setting begin with where its value came from."""
        try:
            yield
        except ConfigError as error:
            origin = self.origins.get(error.setting)
            if origin is None:
                raise
            raise ConfigError(f"{origin}: {error.message}", hint=error.hint, setting=error.setting) from error


def resolve(
    arguments: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    flags: bool = False,
) -> Resolved:
    """Settings from arguments (None means not given), then the environment, then the config file, then defaults.

    ``flags`` names arguments as command-line flags in errors. Raises ConfigError naming the value's origin.
    """
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in (arguments or {}).items() if value is not None}
    _known_names(given, "argument")
    layers = [
        *((name, value, _flag(name) if flags else name) for name, value in given.items()),
        *_from_environment(environ),
        *_from_file(environ),
    ]
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, value, origin in layers:
        if name not in values:
            values[name] = _valid(name, value, origin=origin)
            origins[name] = origin
    return Resolved(settings=Settings(**values), origins=origins)


def _flag(name: str) -> str:
    return "--source" if name == "sources" else f"--{name.replace('_', '-')}"


def config_file(environ: Mapping[str, str] | None = None) -> Path:
    """The config file: MAPGEN_CONFIG, else config.toml in the user's own folder; it need not exist."""
    named = (os.environ if environ is None else environ).get("MAPGEN_CONFIG")
    return Path(named) if named else Path(user_config_dir("mapgen")) / "config.toml"


def indexes(cache: Path) -> Path:
    """Where in the cache's folder the indexes of sources are kept."""
    return cache / "sources"


def state_folder() -> Path:
    """The user's own folder for what is worth keeping and belongs nowhere else; it need not exist."""
    return Path(user_state_dir("mapgen"))


def quiet_tracing() -> None:
    """Keep LangGraph from posting queries to LangSmith, unless MAPGEN_TRACING asks for it."""
    if not os.environ.get("MAPGEN_TRACING"):
        for name in (
            "LANGSMITH_TRACING",
            "LANGSMITH_TRACING_V2",
            "LANGCHAIN_TRACING",
            "LANGCHAIN_TRACING_V2",
        ):
            os.environ.pop(name, None)


def environment_but(*names: str) -> dict[str, str]:
    """The environment for another program, without the variables of those names."""
    return {name: value for name, value in os.environ.items() if name not in names}


def _from_environment(environ: Mapping[str, str]) -> list[tuple[str, Any, str]]:
    known = {f"MAPGEN_{name.upper()}": name for name in Settings.model_fields}
    own = {name for name in environ if name.startswith("MAPGEN_") and not name.startswith("MAPGEN_TEST_")}
    for name in sorted(own - set(known) - _OTHER_VARIABLES - {"MAPGEN_TRACING"}):
        raise ConfigError(f"There is no setting {name} (environment).", hint=_did_you_mean(name, known))
    named = [(known[name], environ[name], name) for name in sorted(own & set(known)) if environ[name]]
    aliases = [(name, environ[alias], alias) for name, alias in _ALIASES.items() if environ.get(alias)]
    return named + aliases


def _from_file(environ: Mapping[str, str]) -> list[tuple[str, Any, str]]:
    path = config_file(environ)
    if not os.path.isfile(path):
        if environ.get("MAPGEN_CONFIG"):
            raise ConfigError(f"There is no file {path} (MAPGEN_CONFIG).", hint="Unset MAPGEN_CONFIG, or write it.")
        return []
    try:
        table = tomllib.loads(read_text(path, limit=_CONFIG_LIMIT))
        repr(table)  # raises what telling a value would
    except ReadError as error:
        raise ConfigError(error.message, hint="Make it readable, or name another with MAPGEN_CONFIG.") from error
    except (RecursionError, ValueError, InputError) as error:  # nested too deep; no TOML, or endless digits
        raise ConfigError(f"{path} is not TOML: {error}", hint='A line looks like: model = "gpt-5-mini"') from error
    _known_names(table, str(path))
    return [(name, value, f"{name} in {path}") for name, value in table.items()]


def _known_names(names: Mapping[str, Any], origin: str) -> None:
    for name in names:
        if name not in Settings.model_fields:
            raise ConfigError(
                f"There is no setting {name!r} ({origin}).", hint=_did_you_mean(name, Settings.model_fields)
            )


def _did_you_mean(name: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.75)
    return f"Did you mean {close[0]}?" if close else f"There are: {', '.join(sorted(known))}."


def _valid(name: str, value: Any, *, origin: str) -> Any:
    try:
        return getattr(Settings.model_validate({name: value}), name)
    except ValidationError as error:
        message = error.errors(include_url=False, include_input=False)[0]["msg"]
        shown = "" if name == "api_key" else f" {str(value)[:60]!r}"
        hint = f"{Settings.model_fields[name].description} {_mend(origin)}".strip()
        raise ConfigError(f"{origin}:{shown} is not usable: {message}.", hint=hint) from error
    except InputError as error:
        raise ConfigError(f"{origin}: {error.message}", hint=f"{error.hint} {_mend(origin)}".strip()) from error


def _mend(origin: str) -> str:
    """Where a value from outside the command is changed; a flag or an argument is before its giver's eyes."""
    if " in " in origin:
        return "Change that line of the file, or remove it."
    return f"Set {origin} anew, or unset it." if origin.isupper() else ""
