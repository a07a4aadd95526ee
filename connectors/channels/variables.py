"""Variables of the environment in what a subscription says: ``${NAME}``."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: How a file names a variable. One that is not set is left as it stands.
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def unset_variable(texts: Iterable[str]) -> str:
    """The first variable that was not set when the texts were read; "" if all were.

    >>> unset_variable(["webhook:https://desk.example.org/", "${HOOK_SECRET}"])
    'HOOK_SECRET'
    """
    return next((found[1] for text in texts if (found := VARIABLE.search(text))), "")
