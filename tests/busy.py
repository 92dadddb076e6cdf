"""How long a process was kept from working by a machine that had other things to do: bounds in seconds leave it out.

It knows nothing of what the process does.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def starved(process: int | str = "self") -> float:
    """Seconds for which a process's main thread could have run and had no processor; 0 where the system tells none."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/schedstat").read_text("ascii").split()[1]) / 1e9
    return 0.0
