"""What stands around a turn's content: the checkpoint's own chat template and tokenizer. Knows no embeddings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateError  # what transformers renders templates with
from tokenizers import Tokenizer
from tokenizers.decoders import DecodeStream
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from model.errors import CheckpointError

SYSTEM_PROMPT_FILE = Path(__file__).parent.parent / "resources" / "prompts" / "system.txt"


def default_system_prompt() -> str:
    """The model card's own: the published checkpoints speak reliably under no other."""
    return SYSTEM_PROMPT_FILE.read_text(encoding="utf-8").strip()


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """The chat template, cut where content goes."""

    opening: str
    """Before the system prompt."""
    first_turn: str
    """Between the system prompt and the first turn's content."""
    reply: str
    """Between a turn's content and its reply."""
    next_turn: str
    """Between a reply and the next turn's content."""

    @classmethod
    def of(cls, tokenizer: PreTrainedTokenizerBase) -> ChatFormat:
        """Render the template around markers and cut there. Raises CheckpointError if it drops or moves content."""
        marks = ["⟦system⟧", "⟦question⟧", "⟦answer⟧", "⟦follow-up⟧"]
        roles = ["system", "user", "assistant", "user"]
        chat = [{"role": role, "content": mark} for role, mark in zip(roles, marks, strict=True)]
        try:
            text = str(tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True))
        except ValueError as error:
            raise CheckpointError("The model folder has no chat template: fetch chat_template too.") from error
        except (TemplateError, TypeError, AttributeError) as error:
            raise CheckpointError("The model folder's chat template is damaged: fetch chat_template again.") from error
        any_mark = "|".join(marks)
        pieces = re.split(any_mark, text)
        if re.findall(any_mark, text) != marks or pieces[2] != pieces[4]:
            raise CheckpointError("The model's chat template does not keep what is said in order: it is not supported.")
        return cls(*pieces[:4])


class Vocabulary:
    """Text to token ids and back."""

    def __init__(self, folder: Path) -> None:
        """Raises CheckpointError if the folder's tokenizer is missing or damaged."""
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._inner: Tokenizer = tokenizer.backend_tokenizer
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
            raise CheckpointError(f"{folder} has no readable tokenizer: fetch tokenizer.json again.") from error
        self.format = ChatFormat.of(tokenizer)
        added = self._inner.get_added_tokens_decoder()
        self._special = {token.content: number for number, token in added.items() if token.special}
        self._cut = re.compile("(" + "|".join(map(re.escape, self._special)) + ")")
        # What a user types is text, even where it spells a marker of the template.
        self._inner.encode_special_tokens = True

    def cut(self, template: str) -> Iterator[int | str]:
        """Template text as markers (their ids) and the plain text between them."""
        for part in self._cut.split(template):
            if part:
                yield self._special.get(part, part)

    def encode(self, text: str) -> list[int]:
        """Plain text to ids; a marker's spelling in it stays text."""
        return list(self._inner.encode(text, add_special_tokens=False).ids)

    def ends(self) -> frozenset[int]:
        """Tokens that end a reply by the template's own markers."""
        return frozenset(self._special[name] for name in ("<|im_end|>", "<|endoftext|>") if name in self._special)

    def pieces(self) -> PieceStream:
        """A stream from ids to text."""
        return PieceStream(self._inner)


class PieceStream:
    """Ids to text, with characters held back until all of their bytes are there."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._stream = DecodeStream(skip_special_tokens=True)

    def push(self, token: int) -> str:
        """The text that `token` completes; empty while a character is unfinished."""
        return self._stream.step(self._tokenizer, token) or ""
