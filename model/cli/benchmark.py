"""`benchmark`: how fast the runner is beside transformers on this computer. Knows no stage of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.cli.arguments import Commands, UsageError, count, declare_command, whole
from model.cli.output import Output, complain

GROUPS = ("products", "thinker", "talker", "step", "voice", "text", "audio", "memory")


def declare(commands: Commands) -> None:
    """The command and its options."""
    parser = declare_command(commands, "benchmark", "Measure speed beside transformers", run)
    parser.add_argument(
        "--shape", choices=("small", "3b", "7b"), default="3b", help="whose true shape the random weights have"
    )
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        required=True,
        help="folder for random models of the shape, kept for next time",
    )
    parser.add_argument("--tokenizer", type=Path, metavar="DIR", help="folder with the published vocabulary")
    parser.add_argument("--bits", type=int, choices=(4, 8), default=4, help="of ours; transformers runs in bfloat16")
    parser.add_argument("--only", choices=GROUPS, action="append", metavar="GROUP", help=f"one of {', '.join(GROUPS)}")
    parser.add_argument("--threads", type=count, metavar="N", help="default: as torch chooses")
    parser.add_argument(
        "--plain", action="store_true", help="decoding with all threads only, not also with one and beside a busy core"
    )
    parser.add_argument("--runs", type=count, default=5, metavar="N")
    parser.add_argument("--warmups", type=whole, default=2, metavar="N")
    parser.add_argument("--codes", type=count, default=96, metavar="N", help="speech codes for the voice")
    parser.add_argument("--json", action="store_true", help="one figure a line")


def run(choice: argparse.Namespace) -> None:
    """Figures as they are taken, then the table for the documentation."""
    from model.benchmark.run import Folders, Wanted, measure  # noqa: PLC0415 -- help must not wait for torch
    from model.cli.quiet import hush_libraries  # noqa: PLC0415

    hush_libraries()
    if choice.shape != "small" and choice.tokenizer is not None and not choice.tokenizer.is_dir():
        raise UsageError(f"{choice.tokenizer} is no folder: give the one with tokenizer.json.")
    output = Output()
    wanted = Wanted(
        shape=choice.shape,
        plain=choice.plain,
        groups=tuple(choice.only or GROUPS),
        runs=choice.runs,
        warmups=choice.warmups,
        threads=choice.threads,
        codes=choice.codes,
    )
    for line in measure(wanted, lambda: Folders(*_folders(choice)), as_json=choice.json):
        output.write(f"{line}\n")


def _folders(choice: argparse.Namespace) -> tuple[Path, Path]:
    """The random model as published and in few bits, made where they are missing."""
    import torch  # noqa: PLC0415

    from model.errors import never_cancelled  # noqa: PLC0415
    from model.quantization import quantize  # noqa: PLC0415
    from model.small import make_small  # noqa: PLC0415

    published = choice.work / f"{choice.shape}-bfloat16"
    packed = choice.work / f"{choice.shape}-int{choice.bits}"
    if not published.exists():
        complain(f"Making random weights of the shape {choice.shape} in {published}.")
        make_small(published, shape=choice.shape, tokenizer=choice.tokenizer, dtype=torch.bfloat16)
    if not packed.exists():
        complain(f"Writing them in {choice.bits} bits to {packed}.")
        quantize(published, packed, bits=choice.bits, progress=lambda _: None, check=never_cancelled)
    return published, packed
