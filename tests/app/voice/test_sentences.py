"""A text is cut into the same sentences however it came, and nothing of it is lost."""

from __future__ import annotations

import pytest

from app.voice.sentences import LONGEST, Sentence, Sentences, reached


def cut(text: str, size: int = 1) -> list[Sentence]:
    stream = Sentences()
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    return [sentence for piece in pieces for sentence in stream.push(piece)] + list(stream.flush())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Yes. No! Why? So…", ["Yes. ", "No! ", "Why? ", "So…"]),
        ("It is 3.50 euros at 5 p.m. today.", ["It is 3.50 euros at 5 p.m. today."]),
        ("Dr. Smith met J. R. Tolkien, e.g. in May.", ["Dr. Smith met J. R. Tolkien, e.g. in May."]),
        ("So am I. Really.", ["So am I. ", "Really."]),
        ('"Come in." He came.', ['"Come in." ', "He came."]),
        ("1. A cup\n2. A plant", ["1. A cup\n", "2. A plant"]),
        ("Well… maybe. Wait... What", ["Well… maybe. ", "Wait... ", "What"]),
        ("你好。再见！", ["你好。", "再见！"]),
        ("See a.html. Then go", ["See a.html. ", "Then go"]),
        ("", []),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_sentences_end_where_people_end_them(text: str, sentences: list[str], size: int) -> None:
    found = cut(text, size)
    assert [sentence.text for sentence in found] == sentences
    assert [sentence.begin for sentence in found] == [len("".join(sentences[:n])) for n in range(len(sentences))]


def test_a_sentence_is_certain_before_the_next_one_is_complete() -> None:
    stream = Sentences()
    assert not list(stream.push("The cup is green."))
    assert not list(stream.push(" "))
    assert [sentence.text for sentence in stream.push("T")] == ["The cup is green. "]


def test_what_never_ends_is_cut_at_a_pause() -> None:
    text = "and on, " + "word " * 30 + "then, " + "word " * 60
    found = cut(text)
    assert "".join(sentence.text for sentence in found) == text
    assert found[0].text.endswith("then, ")
    assert all(len(sentence.text) <= LONGEST for sentence in found)


def test_signs_of_a_page_are_not_spoken() -> None:
    (sentence,) = cut("- A **green** `cup`, see [here](https://example.org)")
    assert sentence.spoken == "A green cup , see here"


@pytest.mark.parametrize(("share", "place"), [(0.0, 0), (0.2, 0), (0.3, 4), (0.5, 4), (0.99, 8), (1.0, 13)])
def test_what_was_said_ends_with_a_whole_word(share: float, place: int) -> None:
    assert reached("one two three", share) == place
