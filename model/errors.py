"""What can go wrong, in sentences fit for the user. Knows nothing of how a sentence is shown."""


class SightlineError(Exception):
    """Its text is one sentence: what is wrong and what to do."""


class CheckpointError(SightlineError):
    """A model folder cannot be used."""


class MemoryFullError(CheckpointError):
    """A model does not fit into the memory that is free now."""


class ExhaustedError(MemoryFullError):
    """Memory ran out in the middle of work: what was being computed is in no known state."""


class DeviceError(CheckpointError):
    """A device cannot compute, or cannot go on."""


class MediaError(SightlineError):
    """A sound, picture or video cannot be used."""


class ContextFullError(SightlineError):
    """A single turn is longer than the model's context."""


class Cancelled(Exception):  # noqa: N818 -- not an error: the user changed their mind
    """Work was given up between two steps; every stream is as it was before the step."""


def never_cancelled() -> None:
    """The check of work that nobody can cancel."""
