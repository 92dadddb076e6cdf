"""Many queries with one shared limit: a session shares its models, its cache, and its budget between maps."""

import asyncio
import sys

from mapgen import KnowledgeMap, MapgenError, Session

QUERIES = ["How do vaccines work?", "TCP vs UDP", "Why is the sky blue?"]


async def main(queries: list[str]) -> None:
    async with Session(max_calls=60, concurrency=8) as session:
        work = [session.generate(query, concepts=4) for query in queries]
        results = await asyncio.gather(*work, return_exceptions=True)
    for query, result in zip(queries, results, strict=True):
        if isinstance(result, KnowledgeMap):
            print(f"{query}: {result.status}, {', '.join(concept.name for concept in result.concepts)}")
        elif isinstance(result, MapgenError):
            print(f"{query}: {result.message}")
        else:
            raise result


asyncio.run(main(sys.argv[1:] or QUERIES))
