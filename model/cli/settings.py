"""The session that the options of `ask` ask for, on a given model and for given files. Loads no weights."""

from __future__ import annotations

from dataclasses import replace

from model.cli.material import Material
from model.cli.options import AskOptions
from model.flow import Solver
from model.loading import Checkpoint
from model.sampling import GREEDY
from model.session import SessionSettings
from model.sight import PICTURE_LIMITS, SightSettings
from model.vocoder import EARLY

PUBLISHED_VOICE = "Chelsie"


def settings_for(options: AskOptions, checkpoint: Checkpoint, material: Material) -> SessionSettings:
    """The model's and the session's own defaults where nothing else was asked for.

    Raises CheckpointError where there is no such voice, ContextFullError for more than any context holds.
    """
    usual = SessionSettings.noted(checkpoint.note)
    context = min(options.context or usual.context, checkpoint.architecture.text.max_position_embeddings)
    return replace(
        usual,
        voice=None if options.speak is None else _voice(options.voice, checkpoint),
        system=usual.system if options.system is None else options.system,
        thinker=replace(GREEDY if options.greedy else usual.thinker, seed=options.seed),
        talker=replace(usual.talker, seed=options.seed),
        stops=options.stops,
        max_tokens=options.max_tokens or usual.max_tokens,
        max_codes=options.max_codes or usual.max_codes,
        context=context,
        solver=usual.solver if options.solver is None else Solver(options.solver),
        ramp=EARLY if options.early else usual.ramp,
        sight=_sight(options, usual.sight, material, context),
    )


def _sight(options: AskOptions, usual: SightSettings, material: Material, context: int) -> SightSettings:
    """A long video is looked at less closely, so that it fits, unless it was said how closely."""
    sight = replace(usual, fps=options.fps or usual.fps)
    frame = options.frame_tokens or material.frame_tokens(sight, context)
    return replace(
        sight,
        picture=PICTURE_LIMITS.within(options.picture_tokens) if options.picture_tokens else sight.picture,
        video=sight.video.within(frame) if frame else sight.video,
    )


def _voice(name: str | None, checkpoint: Checkpoint) -> str:
    voices = checkpoint.voices()
    if name is None:
        return PUBLISHED_VOICE if PUBLISHED_VOICE in voices else min(voices)
    return checkpoint.voice(name).name
