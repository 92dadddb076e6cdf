"""From settings to the endpoint of each role: which model is asked, where, and with which key.

The names ``local``, ``local:FILE.gguf`` and ``scripted:FILE`` are special; every other is a hosted model's.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from mapgen.errors import ConfigError
from mapgen.llm.base import Endpoint, host_of
from mapgen.local.known import QWEN_CODER_1_5B
from mapgen.prompting import Role
from mapgen.settings import Settings
from mapgen.text import shorten

HOSTED_MODEL = "gpt-5-mini"
OPENAI_URL = "https://api.openai.com/v1"
EMBEDDED_TEMPERATURE = 0.3
_TIMEOUT = 180.0
_EMBEDDED_TIMEOUT = 3_600.0  # a slow machine is bounded by the deadline, not by the call


def endpoints(settings: Settings) -> dict[Role, Endpoint]:
    """The endpoint of each role. Raises ConfigError."""
    named = {"planner": settings.planner, "writer": settings.writer, "judge": settings.judge}
    default = settings.model or default_model(settings)
    return {role: _named(role, named[role], default=default, settings=settings) for role in get_args(Role)}


def _named(role: Role, model: str | None, *, default: str, settings: Settings) -> Endpoint:
    try:
        return endpoint(model or default, settings)
    except ConfigError as error:
        error.setting = role if model else "model"
        raise


def default_model(settings: Settings) -> str:
    """The model where none is named: a hosted one if there is a key, else the embedded one. Raises ConfigError."""
    if settings.base_url is None:
        return HOSTED_MODEL if settings.api_key is not None else "local"
    if settings.base_url == OPENAI_URL:
        return HOSTED_MODEL
    raise ConfigError(
        f"Which model of {host_of(settings.base_url)} shall be asked?",
        hint="Name it with --model or MAPGEN_MODEL.",
        setting="base_url",
    )


def endpoint(model: str, settings: Settings) -> Endpoint:
    """The endpoint of one model. Raises ConfigError."""
    kind, _, file = model.partition(":")
    if kind == "local":
        return Endpoint(
            kind="embedded",
            model=Path(file or QWEN_CODER_1_5B.filename).stem,
            file=str(_existing(file)) if file else None,
            temperature=EMBEDDED_TEMPERATURE if settings.temperature is None else settings.temperature,
            timeout=settings.timeout or _EMBEDDED_TIMEOUT,
        )
    if kind == "scripted":
        return Endpoint(kind="scripted", model=model, file=str(_existing(file)))
    if settings.api_key is None and settings.base_url is None:
        raise ConfigError(
            f"The model {model!r} needs an API key.",
            hint="Set OPENAI_API_KEY, name an endpoint with --base-url, or use --model local.",
        )
    return Endpoint(
        kind="hosted",
        model=model,
        base_url=settings.base_url or OPENAI_URL,
        api_key=settings.api_key,
        temperature=settings.temperature,
        timeout=settings.timeout or _TIMEOUT,
    )


def _existing(file: str) -> Path:
    hint = "local:FILE.gguf and scripted:FILE name an existing file."
    try:
        path = Path(file).expanduser()
        if path.is_file():
            return path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(f"The file {shorten(file, 80)!r} cannot be looked at.", hint=hint) from error
    raise ConfigError(f"There is no file {shorten(file, 80)!r}.", hint=hint)
