"""Sentences put together from parts: of known words, translated, and none that is held out."""

from __future__ import annotations

import re

from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Speech
from model.training.corpus.frames import combine, is_held_out, known, with_parts
from model.training.corpus.language import words
from model.training.corpus.sentences import Pattern, fill, patterns, spoken_words
from model.training.shelves import COMBINED
from model.training.vocabulary import tokenizer

DRAWN = [combine(chance("combined", index)) for index in range(3000)]


def values(kind: str) -> str:
    """A regular expression for all words of a kind."""
    known_words = words()
    colours, sizes = ("|".join(each.english for each in kinds) for kinds in (known_words.colours, known_words.sizes))
    shape = f"(?:(?:{sizes}) )?(?:(?:{colours}) )?(?:{{}})"
    match kind:
        case "thing":
            return shape.format("|".join(noun.english for noun in known_words.shapes))
        case "group":
            numbers = "|".join(phrase.english for phrase in known_words.phrases["number"])
            return f"(?:{numbers}) " + shape.format("|".join(noun.plural for noun in known_words.shapes))
        case "letter":
            return "[A-Z]"
        case _ if kind in known_words.nouns:
            return "|".join(noun.english for noun in known_words.nouns[kind])
        case _:
            return "|".join(phrase.english for phrase in known_words.phrases[kind])


def matcher(pattern: Pattern) -> re.Pattern[str]:
    """What finds every sentence of a pattern."""
    pieces = re.split(r"\{([a-z]+)\d*(\.an)?\}", pattern.english)
    said = ""
    for literal, kind, article in zip(pieces[::3], [*pieces[1::3], ""], [*pieces[2::3], None], strict=True):
        said += re.escape(literal) + (f"{'an? ' if article else ''}(?:{values(kind)})" if kind else "")
    return re.compile(said)


def test_every_word_is_one_token_of_a_vocabulary_that_they_do_not_change() -> None:
    encoder = tokenizer().backend_tokenizer
    for sentence in DRAWN:
        for text in (sentence.english, sentence.spanish):
            assert len(encoder.encode(text).ids) == len(encoder.pre_tokenizer.pre_tokenize_str(text)), text


def test_no_sentence_is_of_a_pattern_that_is_held_out() -> None:
    held_out = [pattern for pattern in patterns() if pattern.held_out]
    finders = [matcher(pattern) for pattern in held_out]
    for pattern, finder in zip(held_out, finders, strict=True):
        assert all(finder.fullmatch(fill(pattern, chance("held out", index)).english) for index in range(20))
    drawn = [
        with_parts(frame, chance("kinds", frame.english, index)) for frame in known().frames for index in range(100)
    ]
    assert any(is_held_out(pattern) for pattern in drawn)
    told = {fill(pattern, chance("filled")).english for pattern in drawn if not is_held_out(pattern)}
    told |= {sentence.english for sentence in DRAWN}
    assert not [text for text in told if any(finder.fullmatch(text) for finder in finders)]


def test_there_are_more_kinds_of_them_than_patterns() -> None:
    frames = known().frames
    kinds = {
        with_parts(frame, chance("kinds", frame.english, index)).english for frame in frames for index in range(60)
    }
    assert len(kinds) > 7 * len(patterns())


def test_parts_keep_their_words_apart_and_translate_them() -> None:
    frame = Pattern("tell", "There is <one> and <one2>.", "Hay <one> y <one2>.", held_out=False)
    for index in range(50):
        sentence = fill(with_parts(frame, chance("apart", index)), chance("words", index))
        first, second = sentence.english.removeprefix("There is ").rstrip(".").split(" and ")
        assert first != second
        assert len(sentence.spanish.split(" y ")) == 2
    frame = Pattern("order", "Take the {food} to <whither>.", "Lleva {food.el} <whither>.", held_out=False)
    spanish = " ".join(fill(with_parts(frame, chance("al", i)), chance("food", i)).spanish for i in range(50))
    assert " al jardín" in spanish
    assert " a la cocina" in spanish
    assert " a el " not in spanish


def test_they_are_said_to_be_written_down_or_translated() -> None:
    talks = [COMBINED.dialogue(0, index) for index in range(60)]
    assert {talk.skill for talk in talks} == {"transcribe", "translate"}
    for talk in talks:
        said, _ = talk.turns[0].parts
        assert isinstance(said, Speech)
        is_same = spoken_words(said.text) == spoken_words(talk.turns[0].reply)
        assert is_same == (talk.skill == "transcribe")
