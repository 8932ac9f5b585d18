"""The Thinker with what only training needs beside it, and the losses. Knows no corpus, no files and no time.

The word loss compares what the ear's projection gives with the Thinker's own embeddings, so that tokens of sound become
embeddings of words and the language model has only to copy them.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from transformers import DynamicCache, Qwen2_5OmniThinkerForConditionalGeneration

from model.training.examples import Example, Picture, tokens_of
from model.training.looks import Looks
from model.training.seeking import IGNORED

LETTERS = string.ascii_lowercase + "' "
"""What the letter loss spells in; number 0 is its blank."""


MOST_SIDE = 8
"""Tokens of a picture, each way."""
_BLUR = 0.1
"""Of what is imagined; embeddings are spread four times as much."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the ear makes of several sounds, one behind another."""

    states: Tensor
    """[50 a second, width of the encoder]"""
    tokens: Tensor
    """[25 a second, width of the Thinker]"""
    state_counts: list[int]
    token_counts: list[int]


@dataclass(frozen=True, slots=True)
class Read:
    """What the Thinker makes of several conversations behind the same system prompt."""

    opening: Tensor
    """The system prompt's states and embeddings together [tokens, width]"""
    embeddings: Tensor
    """[batch, length, width]"""
    states: Tensor
    """The last layer's [batch, length, width]"""
    shown: Tensor
    """The first layer's of pictures' tokens, all of them one behind another [tokens, width]"""
    looks: list[Tensor]
    """Where one head of each layer behind the first looks [batch, length, system prompt and length], logarithms;
    none where nothing is sought"""


class Learner(nn.Module):
    """The Thinker, a head that spells, and one that tells where in a picture a token stands."""

    def __init__(self, thinker: Qwen2_5OmniThinkerForConditionalGeneration, prefix: Sequence[int], seed: int) -> None:
        """`prefix` are the tokens before every conversation; `seed` is for the weights of the head."""
        super().__init__()
        self.thinker = thinker
        self.speller = nn.Linear(thinker.model.audio_tower.conv2.out_channels, len(LETTERS) + 1)
        with torch.no_grad():
            spread = self.speller.in_features**-0.5
            self.speller.weight.normal_(0.0, spread, generator=torch.Generator().manual_seed(seed))
            self.speller.bias.zero_()
        self.placer = nn.Linear(thinker.lm_head.in_features, 2 * MOST_SIDE)
        nn.init.zeros_(self.placer.weight)
        nn.init.zeros_(self.placer.bias)
        self.prefix: Tensor
        self.register_buffer("prefix", torch.tensor(prefix), persistent=False)

    def hear(self, sounds: Sequence[Tensor]) -> Heard:
        """Features [bands, frames] of each sound through the ear."""
        frames = [sound.shape[1] for sound in sounds]
        tower = self.thinker.model.audio_tower
        states: list[Tensor] = []
        handle = tower.layers[-1].register_forward_hook(lambda _module, _inputs, output: states.append(output[0]))
        try:
            tokens = tower(torch.cat(list(sounds), dim=1), feature_lens=torch.tensor(frames)).last_hidden_state
        finally:
            handle.remove()
        return Heard(states[0], tokens, [(count + 1) // 2 for count in frames], [tokens_of(count) for count in frames])

    def see(self, pictures: Sequence[Picture]) -> Tensor:
        """Pictures through the eye: tokens [rows × columns of all, width of the Thinker]."""
        distinct = {id(picture): picture for picture in pictures}  # a camera's often stays as it is
        grids = torch.tensor([[1, 2 * picture.rows, 2 * picture.columns] for picture in distinct.values()])
        values = torch.cat([picture.patches for picture in distinct.values()])
        seen: Tensor = self.thinker.model.visual(values, grid_thw=grids).pooler_output
        tokens = seen.split([picture.rows * picture.columns for picture in distinct.values()])
        of = dict(zip(distinct, tokens, strict=True))
        return torch.cat([of[id(picture)] for picture in pictures])

    @torch.no_grad()
    def imagine(self, pictures: Sequence[Picture]) -> Tensor:
        """What a perfect eye would make of them: for each place the sum of the words for what stands there.

        Not quite, since no eye is: words weigh more or less, and all is a little blurred.
        """
        embeddings = self.thinker.model.language_model.embed_tokens.weight
        rows = []
        for picture in pictures:
            seen = embeddings[self.thinker.config.image_token_id].repeat(picture.rows * picture.columns, 1)
            for place, names in picture.found.items():
                weights = 0.6 + 0.7 * torch.rand(len(names), 1)
                seen[place] = (weights * embeddings[names]).sum(0)
            rows.append(seen)
        imagined = torch.cat(rows)
        return imagined + _BLUR * torch.randn_like(imagined)

    def naming_loss(self, seen: Tensor, pictures: Sequence[Picture]) -> Tensor:
        """How far each token of a picture is from the words for what stands there; the blank is its own placeholder.

        A place with several words is to be as near to each; those with nothing count a tenth, since they are many.
        """
        embeddings = self.thinker.model.language_model.embed_tokens.weight
        scores = (seen @ embeddings.T).log_softmax(-1)
        losses, start = [], 0
        empty = torch.ones(len(seen), dtype=torch.bool)
        for picture in pictures:
            for place, names in picture.found.items():
                empty[start + place] = False
                losses.append(-scores[start + place, names].mean())
            start += picture.rows * picture.columns
        blank = -scores[empty, self.thinker.config.image_token_id]
        loss: Tensor = torch.stack(losses).mean() + 0.1 * blank.mean()
        return loss

    def spelling_loss(self, heard: Heard, said: Sequence[str]) -> Tensor:
        """How badly the encoder's states spell what is said."""
        letters = [[LETTERS.index(sign) + 1 for sign in text.lower() if sign in LETTERS] for text in said]
        return _ctc(self.speller(heard.states), heard.state_counts, letters, 0)

    def word_loss(self, heard: Heard, words: Sequence[Sequence[int]]) -> Tensor:
        """How far tokens of sound are from the embeddings of the words; the blank is the sound's own placeholder."""
        embeddings = self.thinker.model.language_model.embed_tokens.weight
        blank = self.thinker.config.audio_token_id
        return _ctc(heard.tokens @ embeddings.T, heard.token_counts, words, blank)

    def placing_loss(self, read: Read, pictures: Sequence[Picture]) -> Tensor:
        """How badly the first layer's states tell in which row and column of its picture a token stands.

        Only angles to the marker before the picture tell it, and of a reply a few words depend on it: without this
        loss a fifth of the places is still wrong when all else is known.
        """
        rows = [torch.arange(each.rows).repeat_interleave(each.columns) for each in pictures]
        columns = [torch.arange(each.columns).repeat(each.rows) for each in pictures]
        row_scores, column_scores = self.placer(read.shown).split(MOST_SIDE, dim=1)
        lost: Tensor = F.cross_entropy(row_scores, torch.cat(rows)) + F.cross_entropy(column_scores, torch.cat(columns))
        return lost

    def seeking_loss(self, read: Read, examples: Sequence[Example]) -> Tensor:
        """How little is looked, where a word of a reply is told, at what it is about in the picture: mean over words.

        Nothing where no reply is about anything that is seen.
        """
        lines = [(number, *found) for number, example in enumerate(examples) for found in example.sought]
        if not lines:
            return read.states.new_zeros(())
        before = len(self.prefix)
        numbers, rows = (torch.tensor(column) for column in zip(*((line[0], line[1]) for line in lines), strict=True))
        away = torch.ones(len(lines), read.looks[0].shape[2], dtype=torch.bool)
        for line, (_, _, wanted) in enumerate(lines):
            away[line, [before + row for row in wanted]] = False
        lost = [-look[numbers, rows].masked_fill(away, -torch.inf).logsumexp(1).mean() for look in read.looks]
        return torch.stack(lost).mean()

    def read(self, examples: Sequence[Example], heard: Heard | None, seen: Tensor | None = None) -> Read:
        """Conversations through the language model, with what ear and eye, or imagination, made of their media."""
        ids = _padded([torch.tensor(example.ids) for example in examples], 0)
        positions = _padded([torch.cat(example.positions, dim=1).T for example in examples], 0).permute(2, 0, 1)
        return self._read(ids, positions, heard, seen, looking=any(example.sought for example in examples))

    def reply_loss(self, read: Read, examples: Sequence[Example]) -> Tensor:
        """Cross-entropy of the replies' tokens."""
        labels = _padded([torch.tensor(example.labels) for example in examples], IGNORED)
        hidden = read.states
        asked = labels[:, 1:] != IGNORED
        scores = self.thinker.lm_head(hidden[:, :-1][asked])
        return F.cross_entropy(scores, labels[:, 1:][asked])

    @torch.no_grad()
    def vectors(self, examples: Sequence[Example]) -> tuple[Tensor, list[Tensor]]:
        """What the Talker is given for each token: [tokens before every conversation, width], and [tokens, width] of
        each example behind them: the Thinker's state and the token's embedding, which media do not have.

        What is heard must be imagined; pictures are looked at.
        """
        config = self.thinker.config
        ids = _padded([torch.tensor(example.ids) for example in examples], 0)
        pictures = [picture for example in examples for picture in example.pictures]
        read = self.read(examples, None, self.see(pictures) if pictures else None)
        opened = (ids == config.audio_start_token_id).cumsum(1) - (ids == config.audio_end_token_id).cumsum(1)
        media = (opened > 0) & (ids != config.audio_start_token_id)
        media |= (ids == config.image_token_id) | (ids == config.video_token_id)
        told = read.states + read.embeddings.masked_fill(media.unsqueeze(-1), 0.0)
        return read.opening, [row[: len(example.ids)] for row, example in zip(told, examples, strict=True)]

    def _read(self, ids: Tensor, positions: Tensor, heard: Heard | None, seen: Tensor | None, *, looking: bool) -> Read:
        """Padding stands behind, where nobody looks back from."""
        language = self.thinker.model.language_model
        embeddings = language.embed_tokens(ids)
        if heard is not None:
            sounding = (ids == self.thinker.config.audio_token_id).unsqueeze(-1)
            embeddings = embeddings.masked_scatter(sounding, heard.tokens)
        config = self.thinker.config
        showing = (ids == config.image_token_id) | (ids == config.video_token_id)
        if seen is not None:
            embeddings = embeddings.masked_scatter(showing.unsqueeze(-1), seen)
        cache = DynamicCache(config=language.config)
        opening = language.embed_tokens(self.prefix[None])
        opened = language(inputs_embeds=opening, past_key_values=cache, use_cache=True).last_hidden_state
        cache.batch_repeat_interleave(len(ids))  # the system prompt is read once for all
        first: list[Tensor] = []
        looks = Looks()
        handle = language.layers[0].register_forward_hook(lambda _module, _inputs, output: first.append(output))
        try:
            with looks.noted(language.layers[1:]) if looking else nullcontext():
                states = language(
                    inputs_embeds=embeddings, position_ids=positions, past_key_values=cache, use_cache=True
                ).last_hidden_state
        finally:
            handle.remove()
        return Read((opening + opened)[0], embeddings, states, first[0][showing], looks.heads)


def _ctc(scores: Tensor, counts: list[int], targets: Sequence[Sequence[int]], blank: int) -> Tensor:
    """Mean over the sounds of the loss for each of its targets."""
    padded = pad_sequence(list(scores.split(counts)))
    return F.ctc_loss(
        padded.log_softmax(-1),
        torch.tensor([number for target in targets for number in target]),
        torch.tensor(counts),
        torch.tensor([len(target) for target in targets]),
        blank=blank,
        zero_infinity=True,  # said too fast for so many letters
    )


def _padded(rows: list[Tensor], filling: int) -> Tensor:
    return pad_sequence(rows, batch_first=True, padding_value=filling)
