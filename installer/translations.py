"""Collects the words of the window for translation, and compiles what was translated: Qt's own tools do both.

`python -m installer.translations` after words have changed; what it then calls unfinished is to be translated in the
.ts file, as by pyside6-linguist, and the command given once more. The compiled files are kept beside their sources, so
that neither a start nor an installer needs the tools.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "resources" / "translations"
LANGUAGES = ("es",)
TOOLS = Path(PySide6.__file__).parent


def source_files() -> list[Path]:
    """All whose words a person may read in the window."""
    return sorted((ROOT / "app").rglob("*.py"))


def collect(language: str, into: Path) -> None:
    """Brings a .ts file up to date; words that are gone go."""
    names = [str(file.relative_to(ROOT)) for file in source_files()]
    options = ["-locations", "none", "-no-obsolete", "-source-language", "en", "-target-language", language]
    run("lupdate", *options, *names, "-ts", str(into))


def compile_words(file: Path, into: Path) -> None:
    """A .qm file of what is finished."""
    run("lrelease", "-silent", str(file), "-qm", str(into))


def run(tool: str, *arguments: str) -> None:
    """One of Qt's tools, which PySide6 brings along."""
    places = (TOOLS / name for name in (tool, f"{tool}.exe", f"Qt/libexec/{tool}"))
    found = next(place for place in places if place.is_file())
    subprocess.run([found, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    unfinished = 0
    for language in LANGUAGES:
        file = TRANSLATIONS / f"sightline_{language}.ts"
        collect(language, file)
        compile_words(file, file.with_suffix(".qm"))
        unfinished += file.read_text(encoding="utf-8").count('type="unfinished"')
    sys.stdout.write(f"{unfinished} translations are unfinished.\n")
    return 1 if unfinished else 0


if __name__ == "__main__":
    sys.exit(main())
