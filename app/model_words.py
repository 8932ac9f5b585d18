"""What the model's side says, in the user's language. Knows what it says, not why.

The runner is a program of its own too, and speaks English: its sentences come ready made, from another process. Here
those that a user meets are listed with their places, found again and translated; what is not listed stays as it is.
"""

from __future__ import annotations

import functools
import re
import string

from app.words import QT_TRANSLATE_NOOP, translate

SENTENCES = (
    # The catalogue
    QT_TRANSLATE_NOOP("Model", "as published"),
    QT_TRANSLATE_NOOP("Model", "8 bits"),
    QT_TRANSLATE_NOOP("Model", "4 bits"),
    QT_TRANSLATE_NOOP("Model", "The smaller one: answers soonest"),
    QT_TRANSLATE_NOOP("Model", "The larger one: knows more and makes fewer mistakes"),
    QT_TRANSLATE_NOOP(
        "Model", "Reads and writes English, Chinese and many more; hears and speaks English and Chinese best"
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "You may use, change and pass on the model, also for business, if you keep its licence and notices with it. "
        "There is no warranty.",
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "Only for research or evaluation, and never for business: whoever wants to use the model commercially must ask "
        "Alibaba Cloud for a licence of its own. Whoever passes on the model, or what was made from it, passes on this "
        "agreement too, says what was changed and writes “Built with Qwen” or “Improved using Qwen” where it can be "
        "read. There is no warranty, and whoever sues over the model loses the licence.",
    ),
    QT_TRANSLATE_NOOP("Model", "In {what} it fits into the {size} of your graphics card, where answers come quickest."),
    QT_TRANSLATE_NOOP(
        "Model", "In 4 bits it fits into your {size} of memory, and {cores} processor cores are enough for it."
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "In 4 bits it fits into your {size} of memory; with {cores} processor cores the larger one would answer too "
        "slowly, or not fit.",
    ),
    QT_TRANSLATE_NOOP(
        "Model", "There is too little free disk for any of them: {size} more are needed for the smallest."
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "Even the smallest of them needs {needed} of memory beside everything else, and this computer has {size}: it "
        "would hardly move.",
    ),
    # Speed
    QT_TRANSLATE_NOOP("Model", "good"),
    QT_TRANSLATE_NOOP("Model", "usable"),
    QT_TRANSLATE_NOOP("Model", "too slow"),
    QT_TRANSLATE_NOOP("Model", "This model is quick enough here to talk with."),
    QT_TRANSLATE_NOOP(
        "Model",
        "Text comes in time, but a second of speech takes {seconds} seconds to compute: choose no voice in the "
        "settings, and answers come without waiting.",
    ),
    QT_TRANSLATE_NOOP("Model", "Answers come about as fast as one reads: short questions work best."),
    QT_TRANSLATE_NOOP("Model", "This model is too slow here: use a smaller one, or this one in fewer bits."),
    # Steps of a job
    QT_TRANSLATE_NOOP("Model", "Asking what there is"),
    QT_TRANSLATE_NOOP("Model", "Fetching {file}"),
    QT_TRANSLATE_NOOP("Model", "Checking {file}"),
    QT_TRANSLATE_NOOP("Model", "Moving {file}"),
    QT_TRANSLATE_NOOP("Model", "Converting to {bits} bits"),
    QT_TRANSLATE_NOOP("Model", "Comparing results with the reference's"),
    # What came of it
    QT_TRANSLATE_NOOP("Model", "{name} is here, and every file of it is what it should be."),
    QT_TRANSLATE_NOOP("Model", "No file was damaged."),
    QT_TRANSLATE_NOOP("Model", "Fetched again and right: {files}."),
    QT_TRANSLATE_NOOP("Model", "Every file is what it should be. {what}"),
    QT_TRANSLATE_NOOP("Model", "{name} is ready."),
    QT_TRANSLATE_NOOP("Model", "The models are in {folder} now."),
    QT_TRANSLATE_NOOP("Model", "Deleted: {size} of disk are free again."),
    QT_TRANSLATE_NOOP("Model", "All {count} comparisons with the reference agree."),
    QT_TRANSLATE_NOOP(
        "Model", "{count} comparisons with the reference agree, and for {others} parts memory does not suffice."
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "This computer computes {part} of {name} differently from the reference: do not trust this model here, and "
        "send the report of the log page to somebody.",
    ),
    # What hinders it
    QT_TRANSLATE_NOOP("Model", "{what} stopped because {why}: it goes on by itself."),
    QT_TRANSLATE_NOOP(
        "Model",
        "{what} stopped because {why}, {count} times in a row: what is there is kept; look after the network, then "
        "resume.",
    ),
    QT_TRANSLATE_NOOP("Model", "The list of files"),
    QT_TRANSLATE_NOOP("Model", "The download of {file}"),
    QT_TRANSLATE_NOOP("Model", "the server does not go on where it stopped"),
    QT_TRANSLATE_NOOP("Model", "the server ended it early"),
    QT_TRANSLATE_NOOP("Model", "the server sent more than there should be"),
    QT_TRANSLATE_NOOP("Model", "the server is busy (status {status})"),
    QT_TRANSLATE_NOOP("Model", "no byte came for too long"),
    QT_TRANSLATE_NOOP("Model", "the server cannot be reached"),
    QT_TRANSLATE_NOOP("Model", "the connection broke"),
    QT_TRANSLATE_NOOP("Model", "{file} came damaged: it is fetched again from its beginning."),
    QT_TRANSLATE_NOOP(
        "Model",
        "{file} came damaged {count} times: something between here and {server} changes it; try another network.",
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "{server} does not give it out (status {status}): it may have been renamed or withdrawn; try later, or use a "
        "folder that you have.",
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "The server cannot prove who it is (its certificate is not valid here), so nothing was fetched: look at this "
        "computer's date and at what filters its network.",
    ),
    QT_TRANSLATE_NOOP("Model", "The disk is full: free some of it, then resume; what is there is kept."),
    QT_TRANSLATE_NOOP(
        "Model",
        "This disk takes no file so large (older formats of sticks end at 4 GB): choose another models folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "{needed} have to be fetched and {size} are free in {folder}: free {more} more, or choose another models "
        "folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "{needed} have to be moved and {size} are free in {folder}: free {more} more, or choose another folder.",
    ),
    QT_TRANSLATE_NOOP("Model", "{folder} lies inside {other}: choose a folder beside it."),
    QT_TRANSLATE_NOOP("Model", "{folder} has {name} already: delete or rename one of both, then move again."),
    QT_TRANSLATE_NOOP("Model", "The models cannot be moved to {folder} ({reason})."),
    QT_TRANSLATE_NOOP("Model", "{folder} is there already: use it, mend it, or choose another place."),
    QT_TRANSLATE_NOOP("Model", "{folder} cannot be written ({reason})."),
    QT_TRANSLATE_NOOP(
        "Model", "{folder} was not downloaded by Sightline, so its files have no hashes to compare with."
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "What {server} says of {name} cannot be used ({reason}): perhaps the network wants you to sign in first; try "
        "again then.",
    ),
    QT_TRANSLATE_NOOP("Model", "{name} has no model in it: choose another one."),
    QT_TRANSLATE_NOOP("Model", "{file} is damaged ({reason}): delete this file, then download the model again."),
)
"""The more exact before what would fit too."""
NESTED = ("what", "why")
"""Places that hold one of these themselves."""


def of_model(said: str) -> str:
    """In the user's language, where it is known."""
    for words in SENTENCES:
        if (found := _pattern(words).fullmatch(said)) is not None:
            places = {name: of_model(text) if name in NESTED else text for name, text in found.groupdict().items()}
            return translate("Model", words).format(**places)
    return said


@functools.cache
def _pattern(words: str) -> re.Pattern[str]:
    parts = string.Formatter().parse(words)
    made = (re.escape(text) + (f"(?P<{name}>.+?)" if name else "") for text, name, _, _ in parts)
    return re.compile("".join(made), re.DOTALL)
