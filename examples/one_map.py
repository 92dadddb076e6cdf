"""One map, from a query to files. Without a key, the embedded model answers: pip install "mapgen[local]"."""

import sys

from mapgen import generate

query = sys.argv[1] if len(sys.argv) > 1 else "How do vaccines lead to herd immunity?"
map = generate(query, concepts=5)

for concept in map.concepts:
    print(f"{concept.rank}. {concept.name}: {concept.definition}")

map.save("map.html")
map.save("map.md")
map.save("map.json")
print(f"{map.status}: map.html, map.md, map.json")
