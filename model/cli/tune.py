"""`tune`: low-rank adapters for a checkpoint from conversations of one's own. Knows no loss."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.cli.arguments import Commands, count, declare_command, declare_placement, whole
from model.cli.output import Output, StatusLine


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "tune", "Fine-tune a checkpoint's Thinker by low-rank adapters", run)
    parser.add_argument("--model", type=Path, metavar="DIR", required=True, help="folder of the model, not quantised")
    parser.add_argument(
        "--conversations", type=Path, metavar="FILE", required=True, help='lines of {"asked": "…", "reply": "…"}'
    )
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="folder of the adapters; go on there")
    parser.add_argument("--steps", type=count, default=200, metavar="N", help="default: 200")
    parser.add_argument("--rank", type=count, default=8, metavar="N", help="default: 8")
    parser.add_argument("--rate", type=float, default=2e-4, metavar="X", help="learning rate (default: 0.0002)")
    parser.add_argument("--batch", type=count, default=8, metavar="N", help="conversations a step (default: 8)")
    parser.add_argument("--seed", type=whole, default=0, metavar="N", help="default: 0")
    declare_placement(parser)


def run(choice: argparse.Namespace) -> None:
    """Ctrl-C writes what was learned first; the same command goes on from there."""
    from model.cli.quiet import hush_libraries  # noqa: PLC0415 -- help must not wait for torch
    from model.cli.stopping import Interrupt  # noqa: PLC0415
    from model.omni import place  # noqa: PLC0415
    from model.training.tuning import Wish, tune  # noqa: PLC0415

    hush_libraries()
    wish = Wish(
        choice.model,
        choice.conversations,
        choice.out,
        choice.steps,
        choice.rank,
        choice.rate,
        choice.batch,
        choice.seed,
    )
    status = StatusLine()
    with Interrupt() as interrupt:
        tune(
            wish,
            place(choice.device, choice.dtype),
            lambda step, loss: status.show(f"step {step} of {choice.steps}  loss {loss:.3f}"),
            interrupt.check,
        )
        status.clear()
    Output().write(f"{choice.out}\n")
