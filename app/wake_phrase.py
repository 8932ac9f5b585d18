"""By which phrase Sightline can be called. Nothing but data."""

from __future__ import annotations

from enum import StrEnum


class WakePhrase(StrEnum):
    """The values are the names of the networks that know them."""

    NABU = "okay_nabu"
    MYCROFT = "hey_mycroft"

    @property
    def words(self) -> str:
        """As it is said, in every language."""
        return self.value.replace("_", " ").title()
