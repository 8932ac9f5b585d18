"""The way in which words for the user are said: in their language, where there is a translation. Knows no words.

English is the source. What is written where it is said is `translate("Room", "Words.")`; what stands in a table is
marked there, `QT_TRANSLATE_NOOP("Room", "Words.")`, and translated where it is said. Places in
braces are filled in afterwards.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def QT_TRANSLATE_NOOP(_room: str, words: str) -> str:  # noqa: N802 -- the name that lupdate looks for
    """Marks words that are translated later; Qt's own does the same, but is said to return no string."""
    return words
