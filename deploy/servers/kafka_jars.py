"""Apache Kafka's own jars, fetched once by Maven into the repository's cache."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

VERSION: Final = "4.3.1"
CACHE: Final = Path(__file__).resolve().parents[2] / ".cache" / "kafka" / VERSION
JAVA_NEEDED: Final = 17

# Without log4j-slf4j-impl there is no log at all, and readiness is read from the log.
POM: Final = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>doithoai</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
"""


class KafkaAbsent(Exception):
    """There is no way to run a broker on this machine; the message says what is missing."""


def java() -> str:
    """The `java` to run.

    Raises:
        KafkaAbsent: none, or an old one.

    """
    found = shutil.which("java")
    if found is None:
        raise KafkaAbsent(f"no Docker engine answers and there is no java: install a JDK or JRE {JAVA_NEEDED} or newer")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False, timeout=30).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version.group(1)) < JAVA_NEEDED:
        raise KafkaAbsent(f"java is older than {JAVA_NEEDED}: install a newer JDK or JRE")
    return found


def libraries() -> Path:
    """The folder with the jars; Maven fills it the first time (about 45 MB).

    Raises:
        KafkaAbsent: no Maven, or it could not fetch them.

    """
    folder = CACHE / "libs"
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaAbsent("no Docker engine answers and there is no mvn to fetch Kafka's jars: install maven")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        (Path(work) / "pom.xml").write_text(POM, encoding="utf-8")
        done = subprocess.run(
            [maven, "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=libs", "-DincludeScope=runtime"],
            cwd=work,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        if done.returncode != 0:
            raise KafkaAbsent(f"Maven could not fetch Kafka's jars:\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}")
        _keep(Path(work) / "libs", folder)
    return folder


def _keep(fetched: Path, folder: Path) -> None:
    try:
        fetched.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another run fetched them meanwhile
            raise
