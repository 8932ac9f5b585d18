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
    # Memory and devices
    QT_TRANSLATE_NOOP(
        "Model",
        "The memory of the graphics card does not suffice for this model: it is computed on the processor, which is "
        "slower; a smaller model, or this one in fewer bits, may fit.",
    ),
    QT_TRANSLATE_NOOP(
        "Model",
        "The graphics card cannot be used ({reason}): the model is computed on the processor, which is slower.",
    ),
    QT_TRANSLATE_NOOP(
        "Model", "The computer's memory ran out: close other programs, or use a smaller model or setting."
    ),
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
    # A model that cannot be loaded
    QT_TRANSLATE_NOOP("Model", "{folder} is not a model folder: it has no config.json."),
    QT_TRANSLATE_NOOP("Model", "{folder} holds a {kind} model: Sightline runs Qwen2.5-Omni (qwen2_5_omni) only."),
    QT_TRANSLATE_NOOP("Model", "{file} cannot be understood ({reason}): fetch it again."),
    QT_TRANSLATE_NOOP("Model", "{file} is damaged ({reason}): fetch it again."),
    QT_TRANSLATE_NOOP("Model", "{file} is damaged ({reason}): quantise the model again."),
    QT_TRANSLATE_NOOP("Model", "{file} is damaged: fetch it again."),
    QT_TRANSLATE_NOOP("Model", "{file} is damaged: make the folder again."),
    QT_TRANSLATE_NOOP("Model", "{file} is missing or damaged: fetch that file again."),
    QT_TRANSLATE_NOOP("Model", "{file} is missing: the download is incomplete, fetch it again."),
    QT_TRANSLATE_NOOP("Model", "{file} is truncated or damaged: fetch it again."),
    QT_TRANSLATE_NOOP("Model", "{file} lacks the tensor {name} that the index promises: fetch both again."),
    QT_TRANSLATE_NOOP("Model", "{folder} lacks the tensor {name}: the copy is incomplete, fetch it again."),
    QT_TRANSLATE_NOOP("Model", "{folder}: {name} is not in {file}: quantise the model again."),
    QT_TRANSLATE_NOOP(
        "Model",
        "{folder}: {part}.{name} has shape {found} where config.json asks for {wanted}: the weights are of "
        "another model than the config.",
    ),
    QT_TRANSLATE_NOOP("Model", "{folder}: {name} is stored as {kind}, which is not supported."),
    QT_TRANSLATE_NOOP("Model", "{folder}: {name} holds numbers that are not finite: fetch it again."),
    QT_TRANSLATE_NOOP("Model", "{folder} has no weights: neither {one} nor {other} is there."),
    QT_TRANSLATE_NOOP("Model", "{folder} has no readable tokenizer: fetch tokenizer.json again."),
    QT_TRANSLATE_NOOP("Model", "{folder} has no preprocessor_config.json that can be read: fetch that file again."),
    QT_TRANSLATE_NOOP("Model", "{folder} has no spk_dict.pt, so it cannot speak: fetch that file too."),
    QT_TRANSLATE_NOOP("Model", "{folder} says that it does not speak (enable_audio_output in config.json)."),
    QT_TRANSLATE_NOOP("Model", "{file} holds no voice: fetch it again."),
    QT_TRANSLATE_NOOP("Model", "There is no voice {name} in {folder}: choose {others}."),
    QT_TRANSLATE_NOOP(
        "Model",
        "{folder} was quantised in format {version}, but this program reads formats up to {most}: update the "
        "program or quantise the model again.",
    ),
    QT_TRANSLATE_NOOP("Model", "{name} does not fit its manifest ({reason}): quantise the model again."),
    QT_TRANSLATE_NOOP("Model", "config.json asks for a decoder variant that Qwen2.5-Omni was not published with."),
    QT_TRANSLATE_NOOP("Model", "The model folder has no chat template: fetch chat_template too."),
    QT_TRANSLATE_NOOP("Model", "The model folder's chat template is damaged: fetch chat_template again."),
    QT_TRANSLATE_NOOP("Model", "The model's chat template does not keep what is said in order: it is not supported."),
    QT_TRANSLATE_NOOP(
        "Model",
        "{name} needs {needed} GB of memory ({parts}) and {free} GB are free: close other programs, or use a "
        "quantised or smaller model.",
    ),
    QT_TRANSLATE_NOOP("Model", "This computer cannot compute on {device}: leave the device out to use the best."),
    QT_TRANSLATE_NOOP("Model", "The model ran into an unforeseen error ({reason}): see the log."),
    # A conversion that cannot be done
    QT_TRANSLATE_NOOP("Model", "{folder} is quantised already: name the folder as it was published."),
    QT_TRANSLATE_NOOP("Model", "{folder} exists already: name a new folder, or remove it first."),
    QT_TRANSLATE_NOOP(
        "Model", "{folder} needs {needed} but {free} are free in {place}: free {more} more, or choose another disk."
    ),
    QT_TRANSLATE_NOOP("Model", "{folder} is in the way and is not ours: move it first."),
    QT_TRANSLATE_NOOP("Model", "Writing {folder} failed ({reason}): make room there and start again."),
    QT_TRANSLATE_NOOP("Model", "{name} has another shape in the float folder: it is not what this was made from."),
    QT_TRANSLATE_NOOP("Model", "{folder} is not an empty folder: name a new one."),
    QT_TRANSLATE_NOOP("Model", "The system refused to go on ({reason})."),
    # What is shown to it, or said
    QT_TRANSLATE_NOOP("Model", "This turn is longer than the model can keep in mind ({count} tokens): ask about less."),
    QT_TRANSLATE_NOOP("Model", "{file} holds neither sound nor pictures; choose another file."),
    QT_TRANSLATE_NOOP("Model", "{file} holds no sound that can be read; choose another file."),
    QT_TRANSLATE_NOOP("Model", "{file} holds no picture that can be read; choose another file."),
    QT_TRANSLATE_NOOP("Model", "{file} is no sound or video that can be read, or is cut short; try another."),
    QT_TRANSLATE_NOOP("Model", "{file} has no sound in it; choose another file."),
    QT_TRANSLATE_NOOP("Model", "{file} has no moving picture in it; give it as sound or picture."),
    QT_TRANSLATE_NOOP("Model", "{file} is too short to be heard; choose a longer one."),
    QT_TRANSLATE_NOOP("Model", "{file} is not a picture that can be read; save it as JPEG or PNG and try again."),
    QT_TRANSLATE_NOOP("Model", "{file} has {width} × {height} pixels, too many; make it smaller first."),
    QT_TRANSLATE_NOOP("Model", "{file} has far too many pixels; make it smaller first."),
    QT_TRANSLATE_NOOP("Model", "{file} is damaged or only a part of it is there; copy it again."),
    QT_TRANSLATE_NOOP("Model", "{file} is a HEIC picture, which cannot be read; save it as JPEG."),
    QT_TRANSLATE_NOOP("Model", "{file} is not a file; choose a sound, picture or video file."),
    QT_TRANSLATE_NOOP("Model", "{file} does not exist; check the name."),
    QT_TRANSLATE_NOOP("Model", "{file} may not be read by you; change its permissions or copy it."),
    QT_TRANSLATE_NOOP("Model", "{file} cannot be read ({reason}); choose another file."),
    QT_TRANSLATE_NOOP("Model", "{file} cannot be read ({reason}); copy it again."),
    QT_TRANSLATE_NOOP("Model", "{file} is empty; choose another file."),
    QT_TRANSLATE_NOOP("Model", "The sound holds values that are not numbers: its source or file is damaged."),
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
