"""`ask`: a conversation from the command line. Reads its arguments and checks its files; knows no model."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.cli.arguments import Commands, UsageError, count, declare_command, declare_placement, rate, text, whole
from model.cli.options import AskOptions
from model.cli.script import Script, declare_script

SOLVERS = ("rk4", "euler")
SPOKEN_OPTIONS = ("voice", "max_codes", "solver", "early")


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "ask", "Ask a model and stream its answer", run)
    parser.add_argument("--model", type=Path, required=True, metavar="DIR", help="folder of a Qwen2.5-Omni checkpoint")
    parser.add_argument("--adapters", type=Path, metavar="DIR", help="low-rank adapters for it, as `tune` makes them")
    declare_script(parser)
    _declare_answer(parser)
    _declare_speech(parser)
    _declare_limits(parser)
    declare_placement(parser)


def _declare_answer(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the answer")
    group.add_argument("--json", action="store_true", help="one event a line on standard output, with times")
    group.add_argument("--seed", type=whole, default=0, metavar="N", help="of what is drawn by chance (default: 0)")
    group.add_argument("--greedy", action="store_true", help="always the likeliest word; speech is still drawn")
    group.add_argument("--system", type=text, metavar="TEXT", help="in place of the published system prompt")
    group.add_argument(
        "--stop", type=text, action="append", default=[], metavar="TEXT", help="ends an answer; repeatable"
    )


def _declare_speech(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("speech")
    group.add_argument("--speak", type=Path, metavar="OUT.wav", help="speak into this file while the answer is made")
    group.add_argument("--voice", metavar="NAME", help="who speaks (default: Chelsie, or the first there is)")
    group.add_argument("--early", action="store_true", help="sound half a second sooner, its first moment provisional")
    group.add_argument("--solver", choices=SOLVERS, help="euler is four times as fast and a little different")
    group.add_argument("--max-codes", type=count, metavar="N", help="at most N speech codes an answer, 50 a second")


def _declare_limits(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("limits")
    group.add_argument("--max-tokens", type=count, metavar="N", help="at most N tokens of text an answer")
    group.add_argument("--context", type=count, metavar="N", help="at most N tokens kept in mind")
    group.add_argument("--fps", type=rate, metavar="N", help="at most N frames of a video a second")
    group.add_argument("--picture-tokens", type=count, metavar="N", help="look at a picture in at most N tokens")
    group.add_argument("--frame-tokens", type=count, metavar="N", help="look at a video's frame in at most N tokens")
    group.add_argument("--threads", type=count, metavar="N", help="compute on N cores (default: what suits the model)")


def run(choice: argparse.Namespace) -> None:
    """All that can be checked without a model is, before one is loaded."""
    options = read_options(choice)
    from model.cli.files import check_input, check_output  # noqa: PLC0415 -- brings FFmpeg

    for item in options.script.files:
        check_input(item)
    if options.speak is not None:
        check_output(options.speak, options.script)
    from model.cli.asking import hold  # noqa: PLC0415 -- brings torch

    hold(options)


def read_options(choice: argparse.Namespace) -> AskOptions:
    """The arguments under their types. Raises UsageError where they do not go together."""
    if choice.speak is None:
        idle = next((name for name in SPOKEN_OPTIONS if getattr(choice, name)), None)
        if idle is not None:
            raise UsageError(f"--{idle.replace('_', '-')} is about speech: give --speak OUT.wav too, or leave it out.")
    return AskOptions(
        model=choice.model,
        adapters=choice.adapters,
        script=Script.of(choice.script),
        speak=choice.speak,
        voice=choice.voice,
        early=choice.early,
        solver=choice.solver,
        json=choice.json,
        seed=choice.seed,
        greedy=choice.greedy,
        max_tokens=choice.max_tokens,
        max_codes=choice.max_codes,
        context=choice.context,
        stops=tuple(choice.stop),
        system=choice.system,
        fps=choice.fps,
        picture_tokens=choice.picture_tokens,
        frame_tokens=choice.frame_tokens,
        threads=choice.threads,
        device=choice.device,
        dtype=choice.dtype,
    )
