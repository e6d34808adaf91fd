"""LibreOffice as an office would open a paper with it: once, without a window, in a profile of its own."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.documents.layout.typeset import FONTS
from tests.support.absent import absent

# The paper names Times New Roman; what stands in for it has the same widths, wherever the tests run.
FONT_SETTINGS: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>{fonts}</dir>
<cachedir>{cache}</cachedir>
<alias binding="same"><family>Times New Roman</family><accept><family>Liberation Serif</family></accept></alias>
</fontconfig>
"""
SECONDS: Final = 120


def as_pdf(papers: Mapping[str, bytes], folder: Path) -> dict[str, Path]:
    """Each DOCX by its name as the PDF that LibreOffice makes of it, in `folder`."""
    program = shutil.which("soffice")
    if program is None:
        absent("LibreOffice Writer: no soffice on the path (Debian: libreoffice-writer-nogui)")
    written = []
    for name, content in papers.items():
        written.append(folder / f"{name}.docx")
        written[-1].write_bytes(content)
    settings = folder / "fonts.conf"
    settings.write_text(FONT_SETTINGS.format(fonts=FONTS, cache=folder / "fonts"), encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *written],
        env={**os.environ, "HOME": str(folder), "FONTCONFIG_FILE": str(settings)},
        timeout=SECONDS,
        check=True,
        capture_output=True,
    )
    return {name: folder / f"{name}.pdf" for name in papers}
