"""What a flex template starts: its parameters as the options of ``parley stream``."""

import sys

from pipelines.cli.app import main


def arguments(given: list[str]) -> list[str]:
    """The command line: watches first, then all else; Dataflow is the runner.

    >>> arguments(["--watch=gs://a/w.yaml", "--source=s", "--sink=t", "--project=p"])
    ['stream', 'gs://a/w.yaml', '--runner', 'dataflow', '--source=s', '--sink=t', '--project=p']
    """
    watches = [g.removeprefix("--watch=") for g in given if g.startswith("--watch=")]
    rest = [g for g in given if not g.startswith(("--watch=", "--runner="))]
    return ["stream", *watches, "--runner", "dataflow", *rest]


if __name__ == "__main__":
    sys.argv[1:] = arguments(sys.argv[1:])
    main()
