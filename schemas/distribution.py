"""The name and version under which Parley is installed; ``setup.py`` reads them from here.

``parley`` on the public package index is another project, so the distribution has a name of its
own. The command is ``parley``.
"""

DISTRIBUTION = "parley-monitor"
VERSION = "0.1.0"
#: The top-level packages that the distribution installs.
PACKAGES = ("schemas", "transforms", "connectors", "pipelines")


def install_hint(extra: str) -> str:
    """The command that installs an extra.

    >>> install_hint("warc")
    "pip install 'parley-monitor[warc]'"
    """
    return f"pip install '{DISTRIBUTION}[{extra}]'"
