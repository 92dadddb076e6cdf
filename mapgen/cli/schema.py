"""`mapgen schema`: the JSON Schema of a saved map.

It is pydantic's, of the value itself.
"""

from __future__ import annotations

import json

import click

from mapgen.model import KnowledgeMap


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of a knowledge map.

    \b
    mapgen schema > knowledge-map.schema.json
    """
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **KnowledgeMap.model_json_schema()}
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
    return 0
