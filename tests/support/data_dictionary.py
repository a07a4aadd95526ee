"""Writes schemas/README.md from the schema modules: `make docs`. A test compares."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SCHEMAS = Path(__file__).parent.parent.parent / "schemas"
ORDER = [
    "base", "watch", "subscription", "feed", "page", "article", "annotation", "statement",
    "dossier", "keyed_memory", "person", "alert", "delivery", "correction", "outcome",
]  # fmt: skip

HEAD = """# Data dictionary

Every type that flows through Parley, generated from the modules of this folder (`make docs`).
All are frozen; spans are half-open ranges of Unicode code points; instants are UTC.
`alert.schema.json` is the published form of an Alert event, `notice.schema.json` that of a Notice,
`annotation.schema.json` that of a line of `parley annotate`.
`watch.schema.json` and `subscriptions.schema.json`, made from the models, describe users' files.
"""


def comment_of(line: str) -> str:
    found = re.search(r"#: (.*)$", line)
    return found.group(1).replace("|", "\\|") if found else ""


def table(cls: ast.ClassDef, lines: list[str]) -> str:
    rows = ["| field | type | meaning |", "|---|---|---|"]
    for node in cls.body:
        if isinstance(node, ast.AnnAssign):
            comments = [comment_of(lines[n - 1]) for n in range(node.lineno, node.end_lineno + 1)]
            hint = ast.unparse(node.annotation).replace("|", "\\|")
            rows.append(
                f"| `{ast.unparse(node.target)}` | `{hint}` | {' '.join(filter(None, comments))} |"
            )
    return "\n".join(rows)


def dictionary() -> str:
    parts = [HEAD]
    for name in ORDER:
        source = (SCHEMAS / f"{name}.py").read_text(encoding="utf8")
        tree, lines = ast.parse(source), source.splitlines()
        parts.append(f"## {name}.py\n\n{ast.get_docstring(tree)}\n")
        for node in tree.body:
            if isinstance(node, ast.Assign) and "Literal[" in ast.unparse(node.value):
                parts.append(f"`{ast.unparse(node.targets[0])}`: `{ast.unparse(node.value)}`\n")
            if isinstance(node, ast.ClassDef):
                doc = " ".join((ast.get_docstring(node) or "").split())
                parts.append(f"### {node.name}\n\n{doc}\n\n{table(node, lines)}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(dictionary(), end="")
