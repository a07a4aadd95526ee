"""How likely an alert on a statement is right, given how sure each of its parts is: a logistic
regression over the sureness of the speaker's category, and of the weakest part.

``tests/bench/train_alerts.py`` fitted the weights in ``languages/en/data/alert_model.json``, which
says on what, how much of it and when. Not the product of the parts: they err together, on the same
badly read sentences. Apart from being the weakest, how sure the subject is adds nothing.
"""

from __future__ import annotations

import functools
import math

from transforms.core.logistic import Logistic, load_model

#: No part is surer than this, or less sure: few of either were seen.
_LEAST, _MOST = 0.05, 0.99


def alert_features(attribution: float, speaker: float, subject: float) -> dict[str, float]:
    """What the model sees, as log odds: each argument is a sureness of 0 to 1.

    ``attribution`` is of who said it and where the words end; ``speaker`` of what the speaker is.

    >>> alert_features(0.5, 0.5, 0.5)
    {'speaker': 0.0, 'weakest': 0.0}
    """
    parts = {"speaker": speaker, "weakest": min(attribution, speaker, subject)}
    return {name: _log_odds(part) for name, part in parts.items()}


def _log_odds(sureness: float) -> float:
    bounded = min(_MOST, max(_LEAST, sureness))
    return math.log(bounded / (1 - bounded))


@functools.lru_cache(maxsize=1)
def load_alert_model() -> Logistic:
    """The model that ships with Parley, read once a process."""
    return load_model("transforms.core.languages.en", "alert_model")


def alert_sureness(attribution: float, speaker: float, subject: float) -> float:
    """How likely, 0 to 1, an alert with parts as sure as these is right.

    >>> alert_sureness(0.9, 0.95, 0.95) > alert_sureness(0.9, 0.6, 0.95)
    True
    """
    return load_alert_model().probability(alert_features(attribution, speaker, subject))
