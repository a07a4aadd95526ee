"""Fits the model of roles, and says how it does on outlets that it was not fitted on.

    python tests/bench/train_roles.py GOLD_DIR --date 2026-12-01 [--out FILE]

GOLD_DIR holds `pages.jsonl` (`{"id", "site"}` a line) and `statements.jsonl` (`{"page", "speaker",
"role", "category", "anonymous", "doubtful"}` a line), such as a user annotates for themselves. The
data is not shipped. Of the pages only words that stand in the roles of several outlets, and no
capitalised ones, go into the file, so that it holds no names. The same data and date give the same
bytes. Without --out nothing is written.

Validation leaves out one outlet at a time. It prints, for the lists alone, the model alone, and the
lists with the model for what they leave open, the share of experts' roles that are recognised, and
of others' that are taken for experts'. The lists were written with an eye on the same pages: their
share is a fitted one.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fitting import file_of, fit, rows_of

from transforms.core.logistic import Logistic
from transforms.core.people.categories import UNKNOWN, assess
from transforms.core.people.role_model import MIN_EXPERT_PROBABILITY, role_features
from transforms.core.people.roles import affiliation_in

#: A word that stands in the roles of fewer outlets says more of the outlet than of the role.
MIN_OUTLETS = 3
#: The penalty on the squares of the weights: 0.3, 1, 3 and 10 were tried on outlets left out.
PENALTY = 3.0


class Example(NamedTuple):
    """One person's role on one page."""

    site: str
    role: str
    is_expert: bool
    company: int  #: other named experts on the page
    features: dict[str, float]


def examples_of(folder: Path) -> list[Example]:
    """One example for each named person and role on a page, in the order of the file."""
    sites = {page["id"]: page["site"] for page in rows_of(folder / "pages.jsonl")}
    people: dict[tuple[str, str, str], bool] = {}
    experts: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows_of(folder / "statements.jsonl"):
        if row.get("anonymous") or row.get("doubtful"):
            continue
        is_expert = row["category"] == "expert"
        if is_expert:
            experts[row["page"]].add(row["speaker"])
        if row.get("role"):
            people.setdefault((row["page"], row["speaker"], row["role"]), is_expert)
    found = []
    for (page, speaker, role), is_expert in people.items():
        company = len(experts[page] - {speaker})
        features = role_features(role, affiliation_in(role), company)
        found.append(Example(sites[page], role, is_expert, company, features))
    return found


def vocabulary(examples: Sequence[Example]) -> list[str]:
    """The features to fit, sorted: all but words of few outlets, and capitalised ones."""
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    capitalised: Counter[str] = Counter()
    for example in examples:
        for feature in example.features:
            outlets[feature].add(example.site)
        capitalised.update({f"word:{w.lower()}" for w in example.role.split() if w[:1].isupper()})
    return sorted(
        feature
        for feature, sites in outlets.items()
        if len(sites) >= MIN_OUTLETS
        and not (feature.startswith("word:") and capitalised[feature] * 2 > len(sites))
    )


def fitted(examples: Sequence[Example]) -> Logistic:
    """The model of the examples."""
    rows, labels = [e.features for e in examples], [e.is_expert for e in examples]
    return fit(vocabulary(examples), rows, labels, PENALTY)


def held_out(examples: Sequence[Example]) -> list[float]:
    """The probability of each example by a model that saw nothing of its outlet."""
    models = {s: fitted([e for e in examples if e.site != s]) for s in {e.site for e in examples}}
    return [models[e.site].probability(e.features) for e in examples]


def by_lists(example: Example) -> bool | None:
    """What the lists make of the role: an expert's or not; None where they leave it open."""
    found = assess("", example.role, affiliation_in(example.role), named=True)
    return None if found == UNKNOWN else found.category == "expert"


def report(examples: Sequence[Example], probabilities: Sequence[float]) -> Iterator[str]:
    """The shares of experts and of others that each way takes for experts."""
    listed = [by_lists(example) for example in examples]
    likely = [p >= MIN_EXPERT_PROBABILITY for p in probabilities]
    ways: dict[str, list[bool]] = {
        "lists": [bool(known) for known in listed],
        "model, on outlets unseen": [p >= 0.5 for p in probabilities],
        "lists, then model": [
            good if known is None else known for known, good in zip(listed, likely, strict=True)
        ],
    }
    for way, taken in ways.items():
        shares = (_share(examples, taken, lambda e: e.is_expert),
                  _share(examples, taken, lambda e: not e.is_expert))  # fmt: skip
        yield f"{way}: experts {shares[0]}, others {shares[1]}"


def _share(
    examples: Sequence[Example], taken: Sequence[bool], of: Callable[[Example], bool]
) -> str:
    these = [is_taken for e, is_taken in zip(examples, taken, strict=True) if of(e)]
    return f"{sum(these)} of {len(these)} ({100 * sum(these) / max(1, len(these)):.1f} %)"


def provenance_of(examples: Sequence[Example], lines: Sequence[str]) -> dict[str, Any]:
    """What the model is, what it was fitted on, and how it did."""
    return {
        "what": "log odds that a role is an expert's: bias plus the weights of its features",
        "made_by": "tests/bench/train_roles.py",
        "outlets": len({e.site for e in examples}),
        "roles": len(examples),
        "experts": sum(e.is_expert for e in examples),
        "penalty": PENALTY,
        "left_out_by_outlet": list(lines),
    }


def main() -> None:
    """Prints the validation, and writes the model if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--date", required=True, help="the day to state in the file, YYYY-MM-DD")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    examples = examples_of(options.gold)
    lines = list(report(examples, held_out(examples)))
    print("\n".join(lines))
    if options.out:
        provenance = provenance_of(examples, lines)
        text = file_of(fitted(examples), [options.gold], provenance, options.date)
        options.out.write_text(text, "utf8")


if __name__ == "__main__":
    main()
