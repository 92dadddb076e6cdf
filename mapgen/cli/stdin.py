"""What comes on stdin, up to a limit, whatever stdin is.

It knows neither queries nor maps; what the bytes mean is for the commands to say.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from mapgen.errors import ReadError


def read_stdin(limit: int) -> bytes:
    """At most ``limit`` bytes, and one more where there are more. Raises ReadError."""
    with suppress(OSError, ValueError):  # where there is no such switch, reading waits anyway
        os.set_blocking(sys.stdin.fileno(), True)
    try:
        return sys.stdin.buffer.read(limit + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReadError(f"stdin cannot be read: {reason}.", hint="Name a file, or pipe the text in.") from error
