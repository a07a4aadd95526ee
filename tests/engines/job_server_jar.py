"""Makes a folder of jars one that can be started: a jar that names them and the main class.

python job_server_jar.py FOLDER JAR
"""

import sys
import zipfile
from pathlib import Path

MAIN = "org.apache.beam.runners.flink.FlinkJobServerDriver"


def wrapped(line: str) -> bytes:
    """A manifest's line, which holds 72 bytes and goes on after a blank."""
    rest = line.encode()
    parts, rest = [rest[:72]], rest[72:]
    while rest:
        parts, rest = [*parts, b" " + rest[:71]], rest[71:]
    return b"\r\n".join(parts) + b"\r\n"


def manifest(jars: list[Path]) -> bytes:
    path = " ".join(jar.as_uri().replace("file:///", "file:/") for jar in jars)
    lines = ("Manifest-Version: 1.0", f"Main-Class: {MAIN}", f"Class-Path: {path}")
    return b"".join(wrapped(line) for line in lines) + b"\r\n"


if __name__ == "__main__":
    folder, jar = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", manifest(sorted(folder.glob("*.jar"))))
