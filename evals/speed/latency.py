"""How long a map takes at an endpoint of known latency: a real TCP server that answers each call after 300 ms.

Modules are imported and the client is warm, as in a program that makes more than one map.
"""

from __future__ import annotations

import asyncio
import time

from measure import Figure

from mapgen import Session
from tests.servers.fake import FakeServer

CALL, OVERHEAD, TIMES, CONCEPTS = 0.300, 0.060, 7, 6


def figures() -> list[Figure]:
    """The rows: seconds for a map, and how many of its second-wave calls were in flight together."""
    return asyncio.run(_figures())


async def _figures() -> list[Figure]:
    took = []
    async with FakeServer(latency=CALL, concepts=CONCEPTS) as server:
        options = {"base_url": server.url, "model": "bench", "api_key": "bench"}
        for _ in range(TIMES + 1):
            async with Session(cache=False, **options) as session:  # type: ignore[arg-type]
                began = time.perf_counter()
                map = await session.generate(
                    "How do interest rates affect inflation and oil prices?", concepts=CONCEPTS
                )
                took.append(time.perf_counter() - began)
            assert map.status == "complete", map.problems
        together = max(request.in_flight for request in server.requests)
    bound = 2 * CALL + OVERHEAD
    return [
        Figure("a map of 6 concepts, 300 ms a call", min(took[1:]), "s", bound, 2 * CALL, "two calls"),
        Figure(f"calls in flight together, of {CONCEPTS} writes and relate", together, "calls"),
    ]
