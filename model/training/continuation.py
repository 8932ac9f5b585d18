"""The Talker as it is taught: the Thinker's vectors and the codes so far, and which code comes next. Knows no corpus.

What stands before the codes is laid out as the published model does it: a vector for every token of the prompt, the
voice's own token with the code of padding, then a vector of the reply with every code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from transformers import DynamicCache
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import Qwen2_5OmniTalkerForConditionalGeneration

from model.architecture import Architecture
from model.training import beginnings, tiny
from model.training.looks import Looks

_SPREAD = 0.3
"""Of the codes' embeddings. The words that they are added to are 0.4 large: beside codes as loud as 1 a head could not
tell which of hundreds of words it looked at, though it looked at the right one.
"""
_MOST_STRANGE = 0.5
"""Of the codes of a line that are shown, those of chance at most: the Talker has to live with its own mistakes, and
from codes alone, without reading, it could tell how most words go on.
"""
_MISLED_SHARE = 0.4
"""Of the lines, those shown with some codes of another one: what was begun wrong must not be gone on with."""
_LONGEST_MISLED = 25
_LEAST_STATE, _MOST_STATE = 0.3, 1.3
"""How much of the Thinker's states beside the words is shown: it may be taught further when the Talker is over."""
_BLUR = 0.05
_LOOKS_BACK = ((1, 2, 3, 4, 5), (6, 8, 10))
"""Codes that heads of the first layers begin with looking back: what was said tells what is being said."""
_FOLLOWING_LAYERS = (2, 3)
"""Whose heads are taught to look at the word that is being said, the first of all that share keys: of one head's 32
values hundreds of words are hard to tell.
"""
_CODE_WIDTH = 64
"""Directions that codes' embeddings begin in; the heads that follow begin by passing on words along others."""
_LIKE_SOUND = 0.7
"""Of a code's embedding, what begins as what it sounds like."""
_FOLLOWING_SHARE = 0.3
"""Of that loss in the whole."""
_NAMING_SHARE = 0.2
"""Of the loss for telling it, behind the first of them."""
_FOLLOWING_BLUR = 1.5
"""Codes by which a word's time is known at best."""


@dataclass(frozen=True, slots=True)
class Line:
    """One reply to be spoken, as the Talker takes it."""

    prompt: Tensor
    """Vectors of the conversation's tokens up to the reply, without the system prompt [tokens, width]"""
    positions: Tensor
    """Of the same tokens [3, tokens]"""
    reply: Tensor
    """Vectors of the reply's tokens [tokens, width]"""
    ids: Tensor
    """Of the same tokens [tokens]"""
    times: Tensor
    """How long each of them takes to be said, in any unit [tokens]"""
    narrator: int


class TalkerPart(nn.Module):
    """The Talker, and the Thinker's vectors for the tokens with a meaning of their own.

    Codes that there is no sound for share one row of the head, the null code's, until the Talker is saved.
    """

    def __init__(self, seed: int, sounds: Tensor | None = None) -> None:
        """`sounds` [codes, values] is what codes sound like: those that sound alike begin with embeddings alike."""
        super().__init__()
        config = tiny.tiny_config()
        sizes = Architecture.of(config)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.talker = Qwen2_5OmniTalkerForConditionalGeneration(sizes.talker)
        generator = torch.Generator().manual_seed(seed)
        for module in self.talker.modules():
            beginnings.begin(module, generator, 1.0)
        for layer, steps in zip(self.talker.model.layers, _LOOKS_BACK, strict=False):
            beginnings.look_back(layer.self_attn, steps)
        self.codes = sizes.dit.num_embeds - 1
        """How many sound, from 1 on."""
        width = sizes.talker.hidden_size
        self.namer = nn.Linear(width, width, bias=False)
        """From a state within to the embedding of the word that is being said; of no use once it is trained."""
        self._followers = range(0, sizes.talker.num_attention_heads, self._sharing)
        self._begin(generator, sounds)
        self.end = sizes.talker.tts_codec_end_token_id
        self._start, self._pad = sizes.talker.tts_codec_start_token_id, sizes.talker.tts_codec_pad_token_id
        unused = set(range(sizes.talker.vocab_size)) - set(range(1, self.codes + 1)) - {self.end}
        self._unused = torch.tensor(sorted(unused))

    @property
    def _sharing(self) -> int:
        """Heads that share keys."""
        attention: int = self.talker.model.layers[0].self_attn.num_key_value_groups
        return attention

    @torch.no_grad()
    def _begin(self, generator: torch.Generator, sounds: Tensor | None) -> None:
        """Codes in some directions, words to be passed on in the others, and their names to be read off at once."""
        layers, table = self.talker.model.layers, self.talker.model.embed_tokens.weight
        width = table.shape[1]
        nn.init.eye_(self.talker.thinker_to_talker_proj.weight)
        frame = _frame(width, width, generator)
        known = torch.randn(len(table), _CODE_WIDTH, generator=generator)
        if sounds is not None:
            alike = (sounds - sounds.mean(0)) / sounds.std() @ _frame(sounds.shape[1], _CODE_WIDTH, generator)
            alike *= (_CODE_WIDTH / sounds.shape[1]) ** 0.5
            known[1 : len(sounds) + 1] *= (1 - _LIKE_SOUND**2) ** 0.5
            known[1 : len(sounds) + 1] += _LIKE_SOUND * alike
        table.copy_(_SPREAD * (width / _CODE_WIDTH) ** 0.5 * known @ frame[:_CODE_WIDTH])
        beside = frame[_CODE_WIDTH:]
        size = layers[0].self_attn.head_dim
        for number in _FOLLOWING_LAYERS:
            seen, told = (_frame(len(beside), len(self._followers) * size, generator).T @ beside for _ in range(2))
            beginnings.pass_on(layers[number], seen, told)
            for head in self._followers:
                any_ones = _frame(width, size // 2, generator).T
                beginnings.look_alike(layers[number], any_ones / len(any_ones) ** 0.5, head)
            if number == _FOLLOWING_LAYERS[0]:
                self.namer.weight.copy_(seen.T @ told)

    def weights(self) -> dict[str, Tensor]:
        """To be saved: every code with a row of its own."""
        state = dict(self.talker.state_dict())
        head = state["codec_head.weight"].clone()
        head[self._unused] = head[0].clone()
        state["codec_head.weight"] = head
        return state

    def losses(
        self, opening: Tensor, lines: Sequence[Line], spoken: Sequence[Tensor], marks: Marks
    ) -> dict[str, Tensor]:
        """`codes`: cross-entropy of the codes and of the end; some of what is shown of them is of chance.

        `following`: how little some heads of two layers looks at the word that is being said, and `naming`, how
        little the state behind them tells which one it is. Without them the Talker knows for a word or two where in a
        reply it is, and then goes on as some sentence that it has learned.
        """
        shown = [_disturbed(codes, self.codes) for codes in _misled(spoken)]
        looks = Looks(self._followers)
        with looks.noted([self.talker.model.layers[number] for number in _FOLLOWING_LAYERS]):
            scores = self.scores(opening, [_varied(line, marks) for line in lines], shown, marks)
        wanted = torch.cat([F.pad(codes, (0, 1), value=self.codes + 1) for codes in spoken])
        places = [
            _Place(len(opening), len(line.prompt) + 1, len(codes) + 1, being_said(line.times, len(codes) + 1))
            for line, codes in zip(lines, spoken, strict=True)
        ]
        followed = [_following(each.whole(), places) for each in looks.heads]
        named = _naming(self.namer(looks.states[-1]) @ marks.table.T, places, lines)
        return {
            "codes": F.cross_entropy(scores, wanted),
            "following": _FOLLOWING_SHARE * torch.stack(followed).mean(),
            "naming": _NAMING_SHARE * named,
        }

    def likelihoods(self, opening: Tensor, lines: Sequence[Line], spoken: Sequence[Tensor], marks: Marks) -> Tensor:
        """How likely each speech is as a whole, its end included: logarithms [lines]."""
        scores = self.scores(opening, lines, spoken, marks).log_softmax(-1)
        wanted = [F.pad(codes, (0, 1), value=self.codes + 1) for codes in spoken]
        chosen = scores.gather(1, torch.cat(wanted)[:, None])[:, 0]
        return torch.stack([part.sum() for part in chosen.split([len(codes) for codes in wanted])])

    def scores(self, opening: Tensor, lines: Sequence[Line], shown: Sequence[Tensor], marks: Marks) -> Tensor:
        """Logits [codes and an end of every line, codes + 2]: the first is all unused codes', the last the end's."""
        before = [line.prompt for line in lines]
        rows = [
            torch.cat([prompt, self._opened(line, marks), self._fed(line, codes, marks)])
            for prompt, line, codes in zip(before, lines, shown, strict=True)
        ]
        positions = [_positions(line, len(row)) for line, row in zip(lines, rows, strict=True)]
        cache = DynamicCache(config=self.talker.model.config)
        self._run(opening[None], None, cache)
        cache.batch_repeat_interleave(len(lines))
        hidden = self._run(
            pad_sequence(rows, batch_first=True),
            pad_sequence([places.T for places in positions], batch_first=True).permute(2, 0, 1),
            cache,
        )
        asked = [row[len(line.prompt) + 1 : len(fed)] for row, line, fed in zip(hidden, lines, rows, strict=True)]
        return self._scores(torch.cat(asked))

    @torch.no_grad()
    def speak(self, opening: Tensor, line: Line, marks: Marks, count: int, longest: int) -> list[Tensor]:
        """`count` speeches of the line, drawn as published, so that they differ; whoever does not end is cut."""
        cache = DynamicCache(config=self.talker.model.config)
        self._run(opening[None], None, cache)
        rows = torch.cat([line.prompt, self._opened(line, marks)])
        place = _positions(line, len(rows) + 1)
        self._run(rows[None], place[:, None, : len(rows)], cache)
        cache.batch_repeat_interleave(count)
        text = torch.cat([line.reply, marks.text_end, marks.text_pad])
        code = torch.full((count,), self._start)
        drawn: list[Tensor] = []
        ended = torch.zeros(count, dtype=torch.bool)
        while len(drawn) < longest and not bool(ended.all()):
            given = self.talker.model.embed_tokens(code) + text[min(len(drawn), len(text) - 1)]
            at = (place[:, -1] + len(drawn)).view(3, 1, 1).expand(3, count, 1)
            scores = self._scores(self._run(given[:, None], at, cache)[:, 0])
            code = _drawn(scores[:, 1:]) + 1
            ended |= code > self.codes
            drawn.append(code)
        return [_until_end(row, self.codes) for row in torch.stack(drawn, dim=1)]

    def _opened(self, line: Line, marks: Marks) -> Tensor:
        opened: Tensor = marks.voices[line.narrator][None] + self.talker.model.embed_tokens(torch.tensor([self._pad]))
        return opened

    def _fed(self, line: Line, codes: Tensor, marks: Marks) -> Tensor:
        """Each code with the text that goes with the next one."""
        before = F.pad(codes, (1, 0), value=self._start)
        text = torch.cat([line.reply, marks.text_end])[: len(before)]
        text = torch.cat([text, marks.text_pad.expand(len(before) - len(text), -1)])
        fed: Tensor = self.talker.model.embed_tokens(before) + text
        return fed

    def _run(self, vectors: Tensor, positions: Tensor | None, cache: DynamicCache) -> Tensor:
        hidden: Tensor = self.talker.model(
            inputs_embeds=self.talker.thinker_to_talker_proj(vectors),
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
        ).last_hidden_state
        return hidden

    def _scores(self, hidden: Tensor) -> Tensor:
        head = self.talker.codec_head.weight
        rows = torch.cat([head[: self.codes + 1], head[self.end][None]])
        many = F.pad(torch.tensor([float(np.log(len(self._unused)))]), (0, self.codes + 1))
        scores: Tensor = hidden @ rows.T + many
        return scores


@dataclass(frozen=True, slots=True)
class Marks:
    """The Thinker's embeddings of tokens that only the Talker knows."""

    voices: Tensor
    """[narrators, width]"""
    text_end: Tensor
    """[1, width]"""
    text_pad: Tensor
    """[1, width]"""
    table: Tensor
    """Of all tokens [tokens, width]"""


def _positions(line: Line, count: int) -> Tensor:
    """[3, count]: of the prompt, and one more for everything behind it."""
    first = int(line.positions.max()) + 1
    return torch.cat(
        [line.positions, torch.arange(first, first + count - line.positions.shape[1]).expand(3, -1)], dim=1
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a batch a line's codes stand."""

    before: int
    """Rows of the system prompt."""
    start: int
    """Row of the first code, which is the first token's too: a token stands beside a code."""
    count: int
    said: Tensor
    """How surely each token is the one being said [codes, tokens]"""

    @property
    def rows(self) -> slice:
        """Of the codes."""
        return slice(self.start, self.start + self.count)


def _following(looks: Tensor, places: Sequence[_Place]) -> Tensor:
    """Mean over the codes of how little is looked at the tokens that are being said."""
    lost = []
    for look, place in zip(looks, places, strict=True):
        tokens = min(place.said.shape[1], place.count)
        wanted = place.said[:, :tokens].tril()  # what stands further behind is not to be seen yet
        first = place.before + place.start
        seen = look[place.rows, first : first + tokens]
        lost.append(-(wanted * seen.masked_fill(wanted == 0.0, 0.0)).sum(1))
    return torch.cat(lost).mean()


def _naming(scores: Tensor, places: Sequence[_Place], lines: Sequence[Line]) -> Tensor:
    """Mean over the codes of how little the tokens that are being said are told from all others."""
    lost = []
    for row, place, line in zip(scores, places, lines, strict=True):
        known = row[place.rows].log_softmax(-1)[:, line.ids]
        lost.append(-(place.said * known).sum(1))
    return torch.cat(lost).mean()


def being_said(times: Tensor, count: int) -> Tensor:
    """How surely each token is the one that is said at each of `count` codes [codes, tokens]; rows sum to one.

    `times` are how long each token takes, in any unit; pauses are counted to the words around them.
    """
    share = times if bool(times.sum() > 0) else torch.ones_like(times)
    ends = share.cumsum(0) / share.sum() * count
    starts = F.pad(ends[:-1], (1, 0))
    at = torch.arange(count)[:, None] + 0.5
    away = (starts - at).clamp(min=0) + (at - ends).clamp(min=0)
    likely = torch.exp(-((away / _FOLLOWING_BLUR) ** 2)) * (share > 0)
    return likely / likely.sum(1, keepdim=True)


def _frame(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    """[rows, columns]: lengths are kept, of rows or of columns, whichever are fewer."""
    tall: Tensor = torch.linalg.qr(torch.randn(max(rows, columns), min(rows, columns), generator=generator))[0]
    return tall if rows >= columns else tall.T


def _varied(line: Line, marks: Marks) -> Line:
    """The same words with more or less of what the Thinker makes of them."""
    words = marks.table[line.ids]
    share = _LEAST_STATE + (_MOST_STATE - _LEAST_STATE) * torch.rand(())
    return replace(line, reply=words + share * (line.reply - words) + _BLUR * torch.randn_like(words))


def _misled(spoken: Sequence[Tensor]) -> list[Tensor]:
    """Some lines with a few codes of another one in place of their own."""
    shown = []
    for codes in spoken:
        other = spoken[int(torch.randint(len(spoken), ()))]
        length = min(int(torch.randint(1, _LONGEST_MISLED + 1, ())), len(codes) // 2, len(other))
        if torch.rand(()) < _MISLED_SHARE:
            start, taken = (int(torch.randint(len(each) - length + 1, ())) for each in (codes, other))
            shown.append(torch.cat([codes[:start], other[taken : taken + length], codes[start + length :]]))
        else:
            shown.append(codes)
    return shown


def _disturbed(codes: Tensor, most: int) -> Tensor:
    strange = torch.rand(codes.shape) < _MOST_STRANGE * torch.rand(())
    return torch.where(strange, torch.randint(1, most + 1, codes.shape), codes)


def _drawn(scores: Tensor, temperature: float = 0.9, nucleus: float = 0.8) -> Tensor:
    """One of the likeliest that together have this share, for each row."""
    likely, order = (scores / temperature).softmax(-1).sort(descending=True)
    kept = likely.masked_fill(likely.cumsum(-1) - likely > nucleus, 0.0)
    drawn: Tensor = order.gather(1, torch.multinomial(kept, 1))[:, 0]
    return drawn


def _until_end(codes: Tensor, most: int) -> Tensor:
    ends = (codes > most).nonzero()
    return codes[: int(ends[0])] if len(ends) else codes
