"""Writes the JSON Schemas of watch and subscription files into schemas/: `make docs`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from connectors.watchfile.fields import FileModel
from connectors.watchfile.subscription_models import SubscriptionsItem
from connectors.watchfile.watch_models import WatchItem

SCHEMAS = Path(__file__).parent.parent.parent / "schemas"
#: Rises when a file that was right before no longer is.
VERSION = 1
MODELS: dict[str, type[FileModel]] = {"watch": WatchItem, "subscriptions": SubscriptionsItem}


class _Untitled(GenerateJsonSchema):
    """Leaves out titles that only repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema_text(name: str) -> str:
    """The published schema of a kind of file."""
    made = MODELS[name].model_json_schema(schema_generator=_Untitled)
    for part in (made, *made["$defs"].values()):
        part.pop("title", None)
    made["$defs"] = dict(sorted(made["$defs"].items()))  # pydantic's order is not a fixed one
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:parley:schemas/{VERSION}/{name}.schema.json",
        "title": f"Parley {name} file",
    }
    return json.dumps({**head, **made}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name in MODELS:
        (SCHEMAS / f"{name}.schema.json").write_text(schema_text(name), encoding="utf8")
