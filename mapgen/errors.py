"""Every error that mapgen raises on purpose, each with its exit code, a hint, and whether to try again.

    MapgenError
    ├── InputError 65              the query or a file's content is not usable
    │   ├── ContentRefused 65      the model would not answer this query
    │   └── TooLong 65             more than the model's context holds
    ├── ReadError 66               a file to be read cannot be
    │   └── SourceError 66         a source cannot be fetched, or has no text that can be read
    │       ├── SourceBusy 66      its server asks to come back later          (retryable)
    │       └── ReaderLost 66      the process that was to read it ended       (retryable)
    ├── OutputError 73             a file to be written cannot be created
    │   └── DiskError 74           the disk failed, or is full, while writing
    ├── ConfigError 78             a setting is missing or wrong; nothing was asked
    ├── LimitReached 75            the deadline, or the budget of calls, tokens or money, is used up
    ├── Stopped 130                whoever started the work ended it
    ├── WeightsError 69            the embedded model's weights cannot be had
    ├── EngineError 70             the embedded model's engine failed
    └── EndpointError              what a model's endpoint did
        ├── Unavailable 69         cannot be reached, or broke off            (retryable)
        │   ├── Overloaded 69      has more to do than it can                 (retryable)
        │   └── CircuitOpen 69     failed so often that it is not asked for now
        ├── Garbled 76             answered with what is no answer            (retryable)
        ├── RateLimited 75         asks to wait                               (retryable)
        ├── KeyRefused 77          key, permission or quota
        ├── UnknownModel 78        there is no such model, or no such address
        ├── WrongProtocol 76       does not speak the OpenAI protocol, or refuses the request
        ├── FormatUnsupported 76   cannot do this form of structured output   (retryable, one step down)
        └── BadAnswer 76           text that is not the value asked for       (asked again)

It knows no other module of mapgen.
"""

from __future__ import annotations

from typing import ClassVar


class MapgenError(Exception):
    """The root: ``message`` says what happened, ``hint`` what to do; ``exit_code`` is the process's."""

    exit_code: ClassVar[int] = 70
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(MapgenError):
    """The query, or the content of a file, cannot be used."""

    exit_code = 65


class ContentRefused(InputError):
    """The model declined to answer, or its provider's filter stopped the answer; that cost its tokens all the same."""

    input_tokens: int = 0
    output_tokens: int = 0
    reasked: int = 0


class TooLong(InputError):
    """What was asked is longer than the model's context; with fewer passages of sources it may fit."""


class ReadError(MapgenError):
    """A file that was to be read is missing or unreadable."""

    exit_code = 66


class SourceError(ReadError):
    """A source cannot be fetched, or has no text that can be read; where it is refused for safety, it says why."""


class SourceBusy(SourceError):
    """A source's server asks to come back later; ``retry_after`` is in how many seconds, if it said so."""

    retryable = True

    def __init__(self, message: str, *, retry_after: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class ReaderLost(SourceError):
    """The process that was to read a source could not be started, or ended by itself; another may read it."""

    retryable = True


class OutputError(MapgenError):
    """A file that was to be written cannot be created."""

    exit_code = 73


class DiskError(OutputError):
    """The disk failed, or was full, in the middle of writing; what stood there before still stands."""

    exit_code = 74


class ConfigError(MapgenError):
    """A setting is missing, unknown or out of range; no model was asked. ``setting`` is its name, if known."""

    exit_code = 78

    def __init__(self, message: str, *, hint: str = "", setting: str = "") -> None:
        super().__init__(message, hint=hint)
        self.setting = setting


class LimitReached(MapgenError):
    """The deadline or the budget of calls, tokens or money is used up."""

    exit_code = 75


class Stopped(MapgenError):
    """The work was ended from outside, by Session.stop or a signal, before this could be asked."""

    exit_code = 130


class WeightsError(MapgenError):
    """The weights of the embedded model cannot be had."""

    exit_code = 69


class EngineError(MapgenError):
    """The embedded model's engine did not start or stopped working."""

    exit_code = 70


class EndpointError(MapgenError):
    """What a model's endpoint did; ``input_tokens`` and ``output_tokens`` are what the answer cost anyway.

    ``retry_after`` is the endpoint's own word on how many seconds to wait, if it gave one; ``wait`` is how long all
    of its calls wait now, where they do.
    """

    exit_code = 76
    input_tokens: int = 0
    output_tokens: int = 0
    wait: float | None = None

    def __init__(self, message: str, *, retry_after: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class Unavailable(EndpointError):
    """The endpoint cannot be reached, broke off, or answered with a passing server error."""

    exit_code = 69
    retryable = True


class Overloaded(Unavailable):
    """The endpoint has more to do than it can, or says when to come back."""


class CircuitOpen(Unavailable):
    """The endpoint failed so often in a row that it is left alone for some seconds, and calls fail at once."""

    retryable = False


class Garbled(EndpointError):
    """What the endpoint answered is empty, broken off, too large or not JSON; the next answer may be whole."""

    retryable = True


class RateLimited(EndpointError):
    """The endpoint asks to wait: too much was asked of it in a short time."""

    exit_code = 75
    retryable = True


class KeyRefused(EndpointError):
    """The key is missing or wrong, lacks a permission, or its quota is used up."""

    exit_code = 77


class UnknownModel(EndpointError):
    """The endpoint does not serve this model, or nothing is served at this address."""

    exit_code = 78


class WrongProtocol(EndpointError):
    """The endpoint does not speak the OpenAI protocol, or refuses the request as malformed."""


class FormatUnsupported(EndpointError):
    """The endpoint refuses this form of structured output; the next simpler one is worth trying at once."""

    retryable = True


class BadAnswer(EndpointError):
    """The model's text is not the value that was asked for; ``reasked`` is how often it was asked again.

    ``problems`` are at most three short sentences fit to be quoted back to the model; ``text`` is its answer;
    ``cut`` says that the answer ended because its tokens were used up.
    """

    def __init__(self, message: str, *, problems: tuple[str, ...] = (), text: str = "", cut: bool = False) -> None:
        super().__init__(message, hint="A model that is better at structured output may serve: --model.")
        self.reasked = 0
        self.problems = problems
        self.text = text
        self.cut = cut
