"""The process: runs the command line and turns whatever ends it into one clear message and an exit code.

The one border at which errors become text; no traceback passes it.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from types import FrameType
from typing import Any, NoReturn, TextIO

import click

from mapgen.cli import cli
from mapgen.errors import MapgenError
from mapgen.text import clean

BUG, DISK, INTERRUPTED, TERMINATED = 70, 74, 130, 143
_CLOSED_PIPE = 1  # click's own code for it
_STDERR = 2


def main() -> NoReturn:
    """Run `mapgen` with the process's arguments, and exit."""
    _open_streams()
    signal.signal(signal.SIGTERM, _terminated)
    code = _run()
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


class _Bearing(io.FileIO):
    """A stream for what is said beside the work: where it cannot be said, the work goes on all the same."""

    def write(self, data: Any) -> int:
        """How much of ``data`` is dealt with: written, or, where that fails or would wait, given up."""
        try:
            written: int | None = super().write(data)
        except OSError:
            written = None
        return len(data) if written is None else written


def _open_streams() -> None:
    """Have three streams, closed ones too, that can take any character; no fault of stderr is an error."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for output in (sys.stdout, sys.stderr):
        output.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stderr = _bearing(sys.stderr)


def _bearing(stream: TextIO) -> TextIO:
    """The process's own stderr on a raw stream that bears faults; another one as it is."""
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    if type(raw) is not io.FileIO or raw.fileno() != _STDERR:
        return stream
    bearing = io.BufferedWriter(_Bearing(_STDERR, "w", closefd=False))
    return io.TextIOWrapper(bearing, encoding=stream.encoding, errors="replace", line_buffering=True)


def _run() -> int:
    try:
        return int(cli.main(prog_name="mapgen", standalone_mode=False) or 0)
    except MapgenError as error:
        return _say(error.message, error.hint, code=error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.UsageError as error:
        return _say(error.format_message(), _usage(error), code=error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _say("Interrupted.", "", code=INTERRUPTED)
    except SystemExit as ended:
        if ended.code != _CLOSED_PIPE:
            raise
        return 0
    except click.ClickException as error:
        return _say(error.format_message(), "", code=error.exit_code)
    except OSError as error:
        if error.filename is not None:
            told = f"{error.filename} cannot be used: {error.strerror or error}."
            return _say(told, "Check the path and its permissions.", code=DISK)
        return _say(f"The result could not be written: {error.strerror or error}.", "Is the disk full?", code=DISK)
    except Exception as error:
        hint = "This is a bug in mapgen; please report it with the command that led here."
        return _say(f"Unexpected {type(error).__name__}: {error}", hint, code=BUG)


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "mapgen"
    quote = 'A query of several words stands in quotes: mapgen "one two". '
    unquoted = command == "mapgen make" and "extra argument" in error.format_message()
    return f"{quote if unquoted else ''}`{command} --help` tells how it is called."


def _say(message: str, hint: str, *, code: int) -> int:
    lines = [f"mapgen: {clean(message)}", *([f"  {clean(hint)}"] if hint else [])]
    click.echo("\n".join(lines), err=True)
    return code


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)


if __name__ == "__main__":
    main()
