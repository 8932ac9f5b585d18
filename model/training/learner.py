"""The Thinker with what only training needs beside it, and where it looks. Knows no loss, no corpus and no files."""

from __future__ import annotations

import string
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from transformers import DynamicCache, Qwen2_5OmniThinkerForConditionalGeneration

from model.positions import TICKS_A_SECOND
from model.training import beginnings
from model.training.example import KINDS_OF_CHANGE, Example, Picture, tokens_of
from model.training.looks import Look, Looks

LETTERS = string.ascii_lowercase + "' "
"""What the letter loss spells in; number 0 is its blank."""
_SEEKING_LAYERS = 2
"""The last ones, whose first head is taught to look at what a word is about."""
WITNESS_LAYER, _WITNESS_HEAD = 1, 3
"""Whose look goes from a film's sound to what is seen meanwhile, early enough for the last layers to be told there."""
_MEANWHILE = 12
"""Ids of time from a picture to the middle of its second."""
_BEFORE_HEAD = 4
"""Of the same layer, whose look goes from what is seen to where the same was a second ago. It shares its keys."""
_TALLY_HEAD = 5
"""Of the same layer, whose look goes from a shape to such ones before it. It shares its keys, too."""
_PLACE_TOLD, _SHARE_TOLD = 2.0, 12.0
"""How far what is told of one row or column moves a state, and of all of a look."""
MOST_ALIKE = 4
"""Ranks that are told apart: more of a shape is not asked about."""
MOST_SIDE = 8
"""Tokens of a picture, each way."""
_NOTHING = -1
"""Where no token stands."""
_RIDGE = 0.003
"""Of what is fitted: the share of a state's variance below which a direction tells nothing."""
_BLUR = 0.2
"""Of what is imagined; embeddings are spread twice as much. What ears and eyes give is at least as far from them."""


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
    layers: list[Tensor]
    """What each layer passes on [batch, length, width]"""
    looks: list[Look]
    """Where one head of each of the last two layers looks, among system prompt and conversation; none where nothing is
    sought or echoed"""
    tally: list[Look]
    """The same of the head that looks from shapes to such ones before them; none where no shape is seen, or nobody
    wants to know"""
    meanwhile: list[Look]
    """The same of the head that looks from sounds to what is seen meanwhile; none where there are no films"""
    formerly: list[Look]
    """The same of the head that looks from what is seen to the same a second ago"""


class Learner(nn.Module):
    """The Thinker, and heads that tell what is to be known within: letters, places, changes, ranks."""

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
        self.changer = nn.Linear(thinker.lm_head.in_features, KINDS_OF_CHANGE)
        self.ranker = nn.Linear(thinker.lm_head.in_features, MOST_ALIKE)
        for head in (self.placer, self.changer, self.ranker):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        self.prefix: Tensor
        self.register_buffer("prefix", torch.tensor(prefix), persistent=False)

    def seek(self, names: Sequence[Sequence[int]], seed: int) -> None:
        """Let heads that are to look for something begin with a look at what has the same name: one of these tokens,
        or another one of the same thing.
        """
        generator = torch.Generator().manual_seed(seed)
        for layer in self.thinker.model.language_model.layers[-_SEEKING_LAYERS:]:
            beginnings.look_alike(layer, self._telling(names, generator))

    def witness(self, names: Sequence[Sequence[int]], seed: int) -> None:
        """Let a head begin with a look at what is seen at a sound's time, and one with a look from what is seen to what
        had the same name, one of these tokens, a second ago.
        """
        layer = self.thinker.model.language_model.layers[WITNESS_LAYER]
        directions = self._telling(names, torch.Generator().manual_seed(seed))
        beginnings.look_at_times(layer.self_attn, {_WITNESS_HEAD: _MEANWHILE, _BEFORE_HEAD: TICKS_A_SECOND})
        beginnings.look_alike(layer, directions, _BEFORE_HEAD, quieter=1.0)

    @torch.no_grad()
    def tell_what_is_seen(self, examples: Sequence[Example], seed: int) -> None:
        """Let the head that looks at a second ago begin with telling in which row and column that is, and the one whose
        look is shared with the marker how much of it the marker has; as far as this can be read in these conversations
        about pictures, of which nothing needs to be drawn or said aloud.

        Looks come within minutes where a loss asks for them, what is passed on by them not within a quarter of an hour.
        """
        pictures = [picture for example in examples for picture in example.pictures]
        read = self.read(examples, None, self.imagine(pictures), looking=False)
        states = F.rms_norm(read.layers[WITNESS_LAYER - 1], read.embeddings.shape[-1:])
        ids = padded([torch.tensor(example.ids) for example in examples], _NOTHING)
        places = [divmod(place, each.columns) for each in pictures for place in range(each.rows * each.columns)]
        seen = [_fitted(states[self._showing(ids)], column) for column in torch.tensor(places, dtype=torch.float).T]
        marker = (ids == self.thinker.config.vision_start_token_id).float()
        seen.append(_fitted(states[ids != _NOTHING], marker[ids != _NOTHING]))
        beginnings.carry(
            self.thinker.model.language_model.layers[WITNESS_LAYER],
            torch.stack([direction for direction, _ in seen]),
            torch.stack([offset for _, offset in seen]),
            {_BEFORE_HEAD: {0: _PLACE_TOLD, 1: _PLACE_TOLD}, _TALLY_HEAD: {2: _SHARE_TOLD}},
            torch.Generator().manual_seed(seed),
        )

    def _telling(self, names: Sequence[Sequence[int]], generator: torch.Generator) -> Tensor:
        """Directions along which embeddings of different things are far apart, those of the same are not."""
        language = self.thinker.model.language_model
        tokens = [(token, thing) for thing, several in enumerate(names) for token in several]
        ids, things = (torch.tensor(column) for column in zip(*tokens, strict=True))
        count = language.layers[0].self_attn.head_dim // 2
        return beginnings.telling(language.embed_tokens.weight.detach()[ids], count, generator, things)

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
                seen[place] = _weighed(embeddings[names]).sum(0)
            rows.append(seen)
        return _blurred(torch.cat(rows))

    def read(
        self,
        examples: Sequence[Example],
        heard: Heard | None,
        seen: Tensor | None = None,
        *,
        blurred: bool = False,
        looking: bool = True,
    ) -> Read:
        """Conversations through the language model, with what ear and eye, or imagination, made of their media.

        Where nothing is heard, tokens of sound are what a perfect ear would make of it; `blurred`, not quite. Where
        heads look is noted if it is wanted at all, not `looking` else.
        """
        ids = padded([torch.tensor(example.ids) for example in examples], 0)
        positions = padded([torch.cat(example.positions, dim=1).T for example in examples], 0).permute(2, 0, 1)
        config = self.thinker.config
        embeddings = self.thinker.model.language_model.embed_tokens(ids)
        if heard is not None:
            sounding = (ids == config.audio_token_id).unsqueeze(-1)
            embeddings = embeddings.masked_scatter(sounding, heard.tokens)
        elif blurred:
            imagined = _blurred(_weighed(embeddings))
            embeddings = torch.where(self._sounding(ids).unsqueeze(-1), imagined, embeddings)
        showing = self._showing(ids)
        if seen is not None:
            embeddings = embeddings.masked_scatter(showing.unsqueeze(-1), seen)
        sought = looking and any(example.sought or example.echoed for example in examples)
        witnessed = looking and any(example.witnessed or example.formerly for example in examples)
        ranked = looking and any(example.ranked for example in examples)
        return self._read(embeddings, positions, showing, sought=sought, witnessed=witnessed, ranked=ranked)

    @torch.no_grad()
    def vectors(self, examples: Sequence[Example]) -> tuple[Tensor, list[Tensor]]:
        """What the Talker is given for each token: [tokens before every conversation, width], and [tokens, width] of
        each example behind them: the Thinker's state and the token's embedding, which media do not have.

        What is heard must be imagined; pictures are looked at.
        """
        ids = padded([torch.tensor(example.ids) for example in examples], 0)
        pictures = [picture for example in examples for picture in example.pictures]
        read = self.read(examples, None, self.see(pictures) if pictures else None, looking=False)
        media = self._sounding(ids) | self._showing(ids)
        told = read.states + read.embeddings.masked_fill(media.unsqueeze(-1), 0.0)
        return read.opening, [row[: len(example.ids)] for row, example in zip(told, examples, strict=True)]

    def _showing(self, ids: Tensor) -> Tensor:
        """Whether each token stands for a part of a picture."""
        showing: Tensor = (ids == self.thinker.config.image_token_id) | (ids == self.thinker.config.video_token_id)
        return showing

    def _sounding(self, ids: Tensor) -> Tensor:
        """Whether each token stands for sound."""
        config = self.thinker.config
        opened = (ids == config.audio_start_token_id).cumsum(1) - (ids == config.audio_end_token_id).cumsum(1)
        return (opened > 0) & (ids != config.audio_start_token_id)

    def _read(
        self,
        embeddings: Tensor,
        positions: Tensor,
        showing: Tensor,
        *,
        sought: bool,
        witnessed: bool,
        ranked: bool,
    ) -> Read:
        """Padding stands behind, where nobody looks back from; `showing` are pictures' tokens [batch, length]."""
        language = self.thinker.model.language_model
        cache = DynamicCache(config=language.config)
        opening = language.embed_tokens(self.prefix[None])
        opened = language(inputs_embeds=opening, past_key_values=cache, use_cache=True).last_hidden_state
        cache.batch_repeat_interleave(len(embeddings))  # the system prompt is read once for all
        passed: list[Tensor] = []
        looks, tally = Looks(), Looks((_TALLY_HEAD,))
        meanwhile, formerly = Looks((_WITNESS_HEAD,)), Looks((_BEFORE_HEAD,))
        with ExitStack() as noting:
            for layer in language.layers:
                handle = layer.register_forward_hook(lambda _module, _inputs, output: passed.append(output))
                noting.callback(handle.remove)
            if sought:
                noting.enter_context(looks.noted(language.layers[-_SEEKING_LAYERS:]))
            if ranked:
                noting.enter_context(tally.noted([language.layers[WITNESS_LAYER]]))
            if witnessed:
                noting.enter_context(meanwhile.noted([language.layers[WITNESS_LAYER]]))
                noting.enter_context(formerly.noted([language.layers[WITNESS_LAYER]]))
            states = language(
                inputs_embeds=embeddings, position_ids=positions, past_key_values=cache, use_cache=True
            ).last_hidden_state
        shown = passed[0][showing]
        head_looks = looks.heads, tally.heads, meanwhile.heads, formerly.heads
        return Read((opening + opened)[0], embeddings, states, shown, passed, *head_looks)


def _fitted(states: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """Direction [width] and offset that tell `wanted` [several], about its mean, of states [several, width]."""
    middle, about = states.mean(0), wanted.mean()
    spread = (states - middle).T @ (states - middle) + _RIDGE * len(states) * torch.eye(states.shape[1])
    direction = torch.linalg.solve(spread, (states - middle).T @ (wanted - about))
    return direction, -(middle @ direction)


def _weighed(embeddings: Tensor) -> Tensor:
    """Each by a weight of chance."""
    return (0.6 + 0.7 * torch.rand(*embeddings.shape[:-1], 1)) * embeddings


def _blurred(vectors: Tensor) -> Tensor:
    return vectors + _BLUR * torch.randn_like(vectors)


def padded(rows: list[Tensor], filling: int) -> Tensor:
    return pad_sequence(rows, batch_first=True, padding_value=filling)
