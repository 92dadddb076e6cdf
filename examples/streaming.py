"""Streaming into your own interface: every event of a map's making, as it happens."""

import asyncio
import sys

from mapgen import stream


async def main(query: str) -> None:
    async for event in stream(query):
        match event.kind:
            case "preparing":
                print(f"... {event.what}")
            case "planned":
                print("plan:   ", ", ".join(outline.name for outline in event.plan.concepts))
            case "concept_written":
                print("written:", event.concept.name)
            case "related":
                print("related:", len(event.relations), "relations")
            case "checked":
                print("checked:", len(event.problems), "problems")
            case "done":
                print("done:   ", event.map.title, f"({event.map.status})")


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "TCP vs UDP"))
