"""The files that `ask` is given and asked for: whether they can be read and written. Knows no model."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from model.cli.arguments import UsageError
from model.cli.script import Item, Medium, Script
from model.errors import MediaError
from model.media import Kind, MediaInfo, describe, read_sound
from model.pictures import read_picture


def check_input(item: Item) -> None:
    """Raises MediaError for a file that cannot be read, UsageError for one of another kind than it is given as."""
    found = _described(item)
    if item.medium is Medium.IMAGE and found.kind is not Kind.PICTURE:
        right = Medium.AUDIO if found.kind is Kind.SOUND else Medium.VIDEO
    elif item.medium is not Medium.IMAGE and found.kind is Kind.PICTURE:
        right = Medium.IMAGE
    elif item.medium is Medium.AUDIO and not found.has_sound:
        raise UsageError(f"{item.value} has no sound to be heard: give it as --{Medium.VIDEO}, or choose another file.")
    else:
        _begin_to_read(item, found)
        return
    raise UsageError(f"{item.value} is a {found.kind.value} and was given as --{item.medium}: use --{right} for it.")


def _described(item: Item) -> MediaInfo:
    try:
        return describe(item.path)
    except MediaError:
        if item.medium is Medium.IMAGE:
            read_picture(item.path)  # says what is wrong in a picture's words
        raise


def _begin_to_read(item: Item, found: MediaInfo) -> None:
    """A picture is read whole, of sound the first block; the first frame of a video was needed to describe it."""
    if item.medium is Medium.IMAGE:
        read_picture(item.path)
    elif found.has_sound:
        with closing(read_sound(item.path, report=lambda _: None)) as blocks:
            next(blocks)


def check_output(path: Path, script: Script) -> None:
    """Raises UsageError where speech cannot be written."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise UsageError(f"{path} cannot be written: the folder {folder} does not exist.")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a file: name one for the speech.")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise UsageError(f"{path} may not be written by you: choose another place for the speech.")
    if path.exists() and any(path.samefile(item.path) for item in script.files):
        raise UsageError(f"{path} is part of what is asked: choose another place for the speech.")
