"""Running one stage in process, and looking at what came out."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from transforms.runtime.outcomes import Outcomes

#: What a run leaves; DoFns are copied when a pipeline is built, so it stands in the module.
collected: dict[str, list] = {}


def keep(element, name):
    """Add the element to what is collected under the name."""
    collected[name].append(element)


def run_stage(elements, make_stage):
    """(results, dead letters, skips) of ``make_stage(outcomes)`` over ``elements``."""
    outcomes = Outcomes()
    collected.update(results=[], letters=[], skips=[])
    with beam.Pipeline(options=PipelineOptions(["--runner=FnApiRunner"])) as pipeline:
        results = (
            pipeline | beam.Create(elements, reshuffle=False) | "Stage" >> make_stage(outcomes)
        )
        results | "KeepResults" >> beam.Map(keep, "results")
        for step, letters in outcomes.dead_letters.items():
            letters | f"KeepLetters{step}" >> beam.Map(keep, "letters")
        for step, skips in outcomes.skips.items():
            skips | f"KeepSkips{step}" >> beam.Map(keep, "skips")
    return collected["results"], collected["letters"], collected["skips"]
