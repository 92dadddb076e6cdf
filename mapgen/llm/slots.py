"""How many calls of an endpoint run at once: one more after each round of successes, half as many when told so.

Additive increase, multiplicative decrease (Chiu and Jain, 1989). It knows no calls and no reasons.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Slots:
    """Places for at most ``most`` calls, ``limit`` of them in use at once; who waits is served in turn."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._room = float(most)
        self._used = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def limit(self) -> int:
        """How many may run at once now, from 1 to the most."""
        return int(self._room)

    async def take(self) -> None:
        """Wait for a place and take it; ``give`` gives it back."""
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._serve()
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                self.give()
            raise

    def give(self) -> None:
        """Give a place back."""
        self._used -= 1
        self._serve()

    def grow(self) -> None:
        """A call succeeded: one place more after as many successes as there are places."""
        self._room = min(float(self._most), self._room + 1.0 / self._room)
        self._serve()

    def halve(self) -> None:
        """Half as many places, at least one; calls that run are left alone."""
        self._room = max(1.0, self._room / 2.0)

    def _serve(self) -> None:
        while self._waiting and self._used < self.limit:
            if not (place := self._waiting.popleft()).done():
                self._used += 1
                place.set_result(None)
