"""Your own OpenAI-compatible endpoint: Ollama, vLLM, LM Studio, llama.cpp, a gateway …

python own_endpoint.py http://localhost:11434/v1 qwen3:8b "How do interest rates affect inflation?"
"""

import sys

from mapgen import MapgenError, generate

base_url, model, query = sys.argv[1:4]

try:
    map = generate(query, base_url=base_url, model=model, api_key="not-needed", max_calls=40, deadline=600.0)
except MapgenError as error:
    sys.exit(f"{error.message}\n{error.hint}")

print(map.to_markdown())
assert map.made is not None
print(f"<!-- {map.made.calls} calls, {map.made.output_tokens} tokens written -->")
