"""Chooses another language in a fresh home: `python -m tests.helpers.renewed` says the first words of each window.

The whole desktop but for devices and models, which have their own tests.
"""

from __future__ import annotations

import sys

from app.application import Application
from app.desktop import run
from app.first_steps import Step
from app.options import Options
from app.settings import Language


def drive(application: Application) -> None:
    """In place of what takes a while after the start."""
    pages = application.window.first_run
    sys.stdout.write(f"{pages.page.step}: {pages.page.heading.text()}\n")
    if pages.page.step is Step.LANGUAGE:
        pages.language.languages.button(Language.SPANISH).click()
        pages.next.click()
    else:
        application.window.leave()


if __name__ == "__main__":
    Application.start = drive  # type: ignore[method-assign, assignment]  # see above
    sys.exit(run(Options(None, None)))
