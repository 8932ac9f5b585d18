"""The way in which words for the user are said: in their language, where there is a translation. Knows no words itself.

English is the source. What is written where it is said is `translate("Room", "Words.")`; what stands in a table is marked
there, `QT_TRANSLATE_NOOP("Room", "Words.")`, and translated where it is said. Places in braces are filled in afterwards.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate
