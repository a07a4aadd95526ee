"""Logistic regression as a part of Parley: a bias, and a weight by the name of a feature.

The models are small, fitted by the scripts in ``tests/bench``, and kept as JSON beside the words of
their language, with what they were fitted on. A decision can be explained by the features that
weigh most.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

#: Values of features by name; one that is missing is 0.
Features = Mapping[str, float]


@dataclass(frozen=True)
class Logistic:
    """Log odds: the bias, and the weight of each feature."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Features) -> float:
        """How likely, 0 to 1, what has these features is what the model looks for.

        >>> Logistic(0.0, {"word:maps": 2.0}).probability({"word:maps": 1.0})
        0.8807970779778823
        """
        odds = self.bias + sum(self.weights.get(f, 0.0) * x for f, x in features.items())
        return 1 / (1 + math.exp(-odds))

    def weighed(self, features: Features, most: int = 3) -> list[str]:
        """The features that speak most for it, the heaviest first.

        >>> Logistic(0.0, {"word:maps": 2.0, "word:sea": -1.0}).weighed({"word:maps": 1.0})
        ['word:maps']
        """
        found = ((self.weights.get(f, 0.0) * x, f) for f, x in features.items())
        return [f for weight, f in sorted(found, reverse=True)[:most] if weight > 0]


def load_model(package: str, name: str) -> Logistic:
    """The model that the package holds as ``data/NAME.json``."""
    file = resources.files(package) / "data" / f"{name}.json"
    stored = json.loads(file.read_text("utf8"))
    return Logistic(stored["bias"], stored["weights"])
