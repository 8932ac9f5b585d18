"""The grammar: enough words, agreeing in both languages, and what is held out is never trained on."""

from __future__ import annotations

from typing import get_args

import pytest

from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Dialogue, Speech, Text, Turn, bare, unheard
from model.training.corpus.language import Language, words
from model.training.corpus.scenes import scene
from model.training.corpus.sentences import (
    Split,
    compose,
    few,
    fill,
    parts,
    patterns,
    scatter,
    splice,
    spoken_words,
    vocabulary,
)
from model.training.shelves import JUMBLED, TRANSLATED
from model.training.talking import LESSONS, reply_of
from model.training.vocabulary import tokenizer


def sentences(split: Split, count: int = 600) -> list[str]:
    return [compose(chance(0, index), split).english for index in range(count)]


def test_two_hundred_words_and_more_can_be_heard() -> None:
    assert len(vocabulary()) >= 200


def test_the_same_keys_give_the_same_sentence() -> None:
    assert compose(chance(7, "speech", 3)) == compose(chance(7, "speech", 3))
    assert len(set(sentences("train"))) > 300


def test_every_pattern_can_be_filled_in_both_languages() -> None:
    for pattern in patterns():
        sentence = fill(pattern, chance(0, pattern.english))
        assert not set("{}") & set(sentence.english + sentence.spanish)
        assert sentence.english[0].isupper()
        assert sentence.spanish.lstrip("¿")[0].isupper()


def test_held_out_patterns_hold_no_word_of_their_own() -> None:
    trained = {
        word
        for pattern in patterns()
        if not pattern.held_out
        for index in range(120)
        for word in spoken_words(fill(pattern, chance(index)).english)
    }
    assert vocabulary() <= trained


def test_held_out_sentences_are_not_among_the_trained() -> None:
    assert not set(sentences("train", 1500)) & set(sentences("held-out"))


def test_two_slots_never_hold_the_same_thing() -> None:
    (pattern,) = (pattern for pattern in patterns() if pattern.english == "I see {thing.an} and {thing2.an}.")
    for index in range(100):
        first, second = fill(pattern, chance(index)).english.removeprefix("I see ").removesuffix(".").split(" and ")
        assert first != second


@pytest.mark.parametrize(
    ("shape", "colour", "el", "del_", "plural"),
    [
        ("circle", "red", "el círculo rojo pequeño", "del círculo rojo pequeño", "círculos rojos pequeños"),
        ("star", "white", "la estrella blanca pequeña", "de la estrella blanca pequeña", "estrellas blancas pequeñas"),
        ("cross", "blue", "la cruz azul pequeña", "de la cruz azul pequeña", "cruces azules pequeñas"),
    ],
)
def test_spanish_agrees(shape: str, colour: str, el: str, del_: str, plural: str) -> None:
    (noun,) = (noun for noun in words().shapes if noun.english == shape)
    (paint,) = (each for each in words().colours if each.english == colour)
    (small,) = (size for size in words().sizes if size.english == "small")
    thing = noun.coloured(paint).sized(small)
    assert (thing.el, thing.del_, thing.es_plural) == (el, del_, plural)
    assert thing.english == f"small {colour} {shape}"


def test_an_article_goes_by_the_next_letter() -> None:
    (ring,) = (noun for noun in words().shapes if noun.english == "ring")
    (orange,) = (colour for colour in words().colours if colour.english == "orange")
    assert (ring.an, ring.coloured(orange).an) == ("a ring", "an orange ring")


def test_spliced_sentences_are_of_known_words_and_of_no_pattern() -> None:
    """Otherwise a model could go on completing patterns instead of copying what it hears."""
    spliced = [splice(chance("splice", index)) for index in range(200)]
    assert all(set(spoken_words(text)) <= vocabulary() for text in spliced)
    assert all(text[0].isupper() and text[-1] in ".?" and len(spoken_words(text)) >= 2 for text in spliced)
    usual = {compose(chance("usual", index)).english for index in range(3000)}
    assert sum(text in usual for text in spliced) < 10
    assert spliced == [splice(chance("splice", index)) for index in range(200)]


def test_scattered_words_are_known_ones_each_as_likely() -> None:
    said = [scatter(chance("scatter", index)) for index in range(600)]
    assert all(set(spoken_words(text)) <= vocabulary() for text in said)
    assert all(text[0].isupper() and text[-1] in ".?" and len(spoken_words(text)) >= 2 for text in said)
    heard = {word for text in said for word in spoken_words(text)}
    assert len(heard) > 0.8 * len(vocabulary())
    assert said == [scatter(chance("scatter", index)) for index in range(600)]


def test_words_alone_are_of_one_language_and_one_token_each() -> None:
    known = tokenizer()
    for language in ("english", "spanish"):
        said = [few(chance("few", index), language) for index in range(900)]
        assert {len(text.split()) for text in said} == {1, 2, 3, 4, 5}
        words_said = {word for text in said for word in text.rstrip(".").split()[1:]}
        assert len(words_said) > 200
        assert (
            sum(len(known.encode(f" {word}", add_special_tokens=False)) == 1 for word in words_said)
            >= len(words_said) - 2
        )  # o'clock is two
    told = {language: [bare(chance("bare", index), language) for index in range(60)] for language in get_args(Language)}
    assert {dialogue.skill for dialogue in told["english"]} == {"transcribe"}
    assert {dialogue.skill for dialogue in told["spanish"]} == {"translate"}
    english = {word for dialogue in told["english"] for word in spoken_words(dialogue.turns[0].reply)}
    assert english <= vocabulary()


def test_what_is_unheard_is_replied_to_all_the_same() -> None:
    heard = Turn((Speech("Open the door."), Text("Write it down.")), "Open the door.")
    alone = Turn((Speech("Hello."),), "Hello.")
    shown = Turn((scene(chance("shown")), Speech("What is at the top?")), "Nothing is at the top.")
    told = unheard(Dialogue("transcribe", (heard, alone, shown)))
    assert told.turns == (Turn((Text("Write it down."),), "Open the door."), alone, shown)


def test_the_talker_learns_one_language_first() -> None:
    talking, _, voices = LESSONS
    for lesson, languages in ((talking, {"english"}), (voices, {"english", "spanish"})):
        said = {reply_of(stream.dialogue(0, index))[1] for stream in lesson.streams for index in range(40)}
        assert said == languages


def test_jumbled_talk_is_copied_or_translated() -> None:
    talks = [JUMBLED.dialogue(0, index) for index in range(60)]
    assert all(talk.turns[0].parts[0] == Speech(talk.turns[0].reply) for talk in talks if talk.skill == "transcribe")
    assert {talk.skill for talk in talks} == {"transcribe", "translate"}


def test_parts_of_sentences_are_translated_with_the_words_of_sentences() -> None:
    """Each word is one token of a vocabulary that they do not change; and no part is a pattern that is held out."""
    known = tokenizer().backend_tokenizer
    for index in range(400):
        for text in TRANSLATED.dialogue(0, index).texts():
            assert len(known.encode(text).ids) == len(known.pre_tokenizer.pre_tokenize_str(text))
    held_out = {pattern.english.rstrip(".?").lower() for pattern in patterns() if pattern.held_out}
    assert not held_out & {part.english.lower() for part in parts()}
