"""What the Thinker is taught by: how far what it makes of conversations is from what it should. Knows no corpus, no
files and no time.

The word loss compares what the ear's projection gives with the Thinker's own embeddings, so that tokens of sound become
embeddings of words and the language model has only to copy them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence

from model.training.alignment import aligned
from model.training.example import Example, Picture
from model.training.learner import LETTERS, MOST_ALIKE, MOST_SIDE, WITNESS_LAYER, Heard, Learner, Read, padded
from model.training.looks import Look
from model.training.seeking import IGNORED


def nearness_loss(learner: Learner, tokens: Tensor) -> Tensor:
    """How far tokens of sound are from the embeddings that they are most like, in measures of these.

    The word loss asks only that the right one be likest: with it alone tokens of sound grew three times as long as
    embeddings, and what is in them besides the word had to be read around.
    """
    embeddings = learner.thinker.model.language_model.embed_tokens.weight.detach()
    likest = embeddings[(tokens.detach() @ embeddings.T).argmax(-1)]
    return _apart(tokens, likest, embeddings)


def likeness_loss(learner: Learner, seen: Tensor, pictures: Sequence[Picture]) -> Tensor:
    """The same of a picture's tokens and the sums of the embeddings of the words for what stands there."""
    embeddings = learner.thinker.model.language_model.embed_tokens.weight.detach()
    wanted = embeddings[learner.thinker.config.image_token_id].repeat(len(seen), 1)
    start = 0
    for picture in pictures:
        for place, names in picture.found.items():
            wanted[start + place] = embeddings[names].sum(0)
        start += picture.rows * picture.columns
    return _apart(seen, wanted, embeddings)


def naming_loss(learner: Learner, seen: Tensor, pictures: Sequence[Picture]) -> Tensor:
    """How far each token of a picture is from the words for what stands there; the blank is its own placeholder.

    A place with several words is to be as near to each; those with nothing count a tenth, since they are many.
    """
    embeddings = learner.thinker.model.language_model.embed_tokens.weight
    scores = (seen @ embeddings.T).log_softmax(-1)
    lost, start = [], 0
    empty = torch.ones(len(seen), dtype=torch.bool)
    for picture in pictures:
        for place, names in picture.found.items():
            empty[start + place] = False
            lost.append(-scores[start + place, names].mean())
        start += picture.rows * picture.columns
    blank = -scores[empty, learner.thinker.config.image_token_id]
    loss: Tensor = torch.stack(lost).mean() + 0.1 * blank.mean()
    return loss


def spelling_loss(learner: Learner, heard: Heard, said: Sequence[str]) -> Tensor:
    """How badly the encoder's states spell what is said."""
    letters = [[LETTERS.index(sign) + 1 for sign in text.lower() if sign in LETTERS] for text in said]
    return _ctc(learner.speller(heard.states), heard.state_counts, letters, 0)


def word_loss(learner: Learner, heard: Heard, words: Sequence[Sequence[int]]) -> Tensor:
    """How far tokens of sound are from the embeddings of the words; the blank is the sound's own placeholder."""
    embeddings = learner.thinker.model.language_model.embed_tokens.weight
    blank = learner.thinker.config.audio_token_id
    return _ctc(heard.tokens @ embeddings.T, heard.token_counts, words, blank)


def placing_loss(learner: Learner, read: Read, pictures: Sequence[Picture]) -> Tensor:
    """How badly the first layer's states tell in which row and column of its picture a token stands.

    Only angles to the marker before the picture tell it, and of a reply a few words depend on it: without this
    loss a fifth of the places is still wrong when all else is known.
    """
    rows = [torch.arange(each.rows).repeat_interleave(each.columns) for each in pictures]
    columns = [torch.arange(each.columns).repeat(each.rows) for each in pictures]
    shown = F.rms_norm(read.shown, read.shown.shape[-1:])  # else they would be told by being loud
    row_scores, column_scores = learner.placer(shown).split(MOST_SIDE, dim=1)
    lost: Tensor = F.cross_entropy(row_scores, torch.cat(rows)) + F.cross_entropy(column_scores, torch.cat(columns))
    return lost


def seeking_loss(learner: Learner, read: Read, examples: Sequence[Example]) -> Tensor:
    """How little is looked, where a word of a reply is told, at what it is about in the picture: mean over words.

    Nothing where no reply is about anything that is seen.
    """
    lines = [(number, *found) for number, example in enumerate(examples) for found in example.sought]
    return _overlooked(learner, read, read.looks, lines)


def change_loss(learner: Learner, read: Read, examples: Sequence[Example]) -> Tensor:
    """How badly states tell, behind the layer that looks at a second ago, what came of each thing in a film since
    then. Nothing where there is no film.
    """
    return _untold(read, learner.changer, [example.changed for example in examples])


def rank_loss(learner: Learner, read: Read, examples: Sequence[Example]) -> Tensor:
    """How badly the same states tell how many of a shape stand before one in its picture, so that the last of them
    knows how many there are: heads take means, in which two are as much as one. Nothing where no shape is seen.
    """
    ranks = [[(one.row, min(one.rank, MOST_ALIKE - 1)) for one in example.ranked] for example in examples]
    return _untold(read, learner.ranker, ranks)


def tally_loss(learner: Learner, read: Read, examples: Sequence[Example]) -> Tensor:
    """How unequally a head looks, from a shape in a picture, at the marker before the picture, at such ones before
    it, and at itself: mean over shapes, less what it cannot fall below. What the marker has of the look tells how
    many they are. Nothing where no shape is seen.
    """
    wanted = [(one.row, [one.opening, *one.before, one.row]) for example in examples for one in example.ranked]
    if not wanted or not read.tally:
        return read.states.new_zeros(())
    numbers = [number for number, example in enumerate(examples) for _ in example.ranked]
    lost = []
    for look in read.tally:
        found = look.at(torch.tensor(numbers), torch.tensor([row for row, _ in wanted]))
        before = len(learner.prefix)
        lost += [
            -found[place, [before + row for row in rows]].mean() - math.log(len(rows))
            for place, (_, rows) in enumerate(wanted)
        ]
    return torch.stack(lost).mean()


def loudness_loss(read: Read) -> Tensor:
    """How loud layers speak: mean of the logarithms of what they pass on, squared.

    Without it the first layer spoke twenty times as loud as embeddings are. No later layer could find a word by its
    embedding then, nor did any learn to: what was asked about by name was looked for everywhere.
    """
    return torch.stack([passed.square().mean().log1p() for passed in read.layers]).mean()


def echo_loss(learner: Learner, read: Read, examples: Sequence[Example]) -> Tensor:
    """How little is looked, where a word that was said is told, at the tokens of sound that it is in: mean over
    words. Nothing where no reply says what was said.
    """
    table = learner.thinker.model.language_model.embed_tokens.weight.detach()
    blank = learner.thinker.config.audio_token_id
    lines = []
    for number, example in enumerate(examples):
        for echo in example.echoed:
            scores = (read.embeddings[number, echo.sound].detach() @ table.T).log_softmax(-1).numpy()
            for told, places in zip(echo.told, aligned(scores, echo.words, blank), strict=False):
                lines.append((number, told, [echo.sound[place] for place in places]))
    return _overlooked(learner, read, read.looks, lines)


def meanwhile_loss(learner: Learner, read: Read, examples: Sequence[Example]) -> Tensor:
    """How little is looked, at a film's named sounds, at what is seen meanwhile: mean over the sounds' tokens.

    Nothing where there is no such film.
    """
    lines = [
        (number, row, seen)
        for number, example in enumerate(examples)
        for rows, seen in example.witnessed
        for row in rows
    ]
    return _overlooked(learner, read, read.meanwhile, lines)


def formerly_loss(learner: Learner, read: Read, examples: Sequence[Example]) -> Tensor:
    """How little is looked, from what is seen in a film, at where the same was a second ago: mean over things.

    A look that only begins so is soon another one, and states tell nothing of what came of a thing then. Nothing
    where there is no such film.
    """
    lines = [(number, row, [then]) for number, example in enumerate(examples) for row, then in example.formerly]
    return _overlooked(learner, read, read.formerly, lines)


def reply_loss(learner: Learner, read: Read, examples: Sequence[Example]) -> Tensor:
    """Cross-entropy of the replies' tokens."""
    labels = padded([torch.tensor(example.labels) for example in examples], IGNORED)
    hidden = read.states
    asked = labels[:, 1:] != IGNORED
    scores = learner.thinker.lm_head(hidden[:, :-1][asked])
    return F.cross_entropy(scores, labels[:, 1:][asked])


def _overlooked(
    learner: Learner, read: Read, looks: Sequence[Look], lines: Sequence[tuple[int, int, Sequence[int]]]
) -> Tensor:
    """How little heads look from a row of an example at some rows of it: mean over `lines`, each an example's number,
    the row, and where it should look. Nothing where there are none.
    """
    if not lines or not looks:
        return read.states.new_zeros(())
    numbers, rows = (torch.tensor(column) for column in zip(*((line[0], line[1]) for line in lines), strict=True))
    away = torch.ones(len(lines), looks[0].keys.shape[1], dtype=torch.bool)
    for line, (_, _, wanted) in enumerate(lines):
        away[line, [len(learner.prefix) + row for row in wanted]] = False
    lost = [-look.at(numbers, rows).masked_fill(away, -torch.inf).logsumexp(1).mean() for look in looks]
    return torch.stack(lost).mean()


def _untold(read: Read, head: nn.Linear, wanted: Sequence[Sequence[tuple[int, int]]]) -> Tensor:
    """Cross-entropy of what a head makes of states behind the witness's layer; `wanted` are, of each example, rows with
    the number that is to be told there. Nothing where there are none.
    """
    lines = [(number, *each) for number, several in enumerate(wanted) for each in several]
    if not lines:
        return read.states.new_zeros(())
    numbers, rows, told = (torch.tensor(column) for column in zip(*lines, strict=True))
    states = read.layers[WITNESS_LAYER][numbers, rows]
    return F.cross_entropy(head(F.rms_norm(states, states.shape[-1:])), told)  # else it would be told by being loud


def _apart(tokens: Tensor, wanted: Tensor, embeddings: Tensor) -> Tensor:
    """Mean square of the distances, in measures of that of an embedding from nothing."""
    distance: Tensor = (tokens - wanted).square().sum(-1).mean() / embeddings.square().sum(-1).mean()
    return distance


def _ctc(scores: Tensor, counts: list[int], targets: Sequence[Sequence[int]], blank: int) -> Tensor:
    """Mean over the sounds of the loss for each of its targets."""
    return F.ctc_loss(
        pad_sequence(list(scores.split(counts))).log_softmax(-1),
        torch.tensor([number for target in targets for number in target]),
        torch.tensor(counts),
        torch.tensor([len(target) for target in targets]),
        blank=blank,
        zero_infinity=True,  # said too fast for so many letters
    )
