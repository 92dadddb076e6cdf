"""How long to wait after a failure: exponential with full jitter (Brooker, "Exponential Backoff And Jitter", 2015).

It knows no endpoint and waits for nothing itself.
"""

from __future__ import annotations

import random

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds; the ceiling of the jitter doubles between them


def backoff(failed: int) -> float:
    """Seconds to wait after so many failures in a row, at least 1: anything below a ceiling that doubles."""
    return random.uniform(0.0, min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failed - 1, 30)))
