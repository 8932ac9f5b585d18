"""A session against transformers' own `generate` on the whole conversation at once: the same tokens, the same codes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from transformers import Qwen2_5OmniForConditionalGeneration

from model.clip import ClipKind
from model.flow import Solver
from model.omni import Omni
from model.protocol import Event, Said, Voiced
from model.sampling import GREEDY, Sampling
from model.session import Session, SessionSettings
from tests.helpers.recorder import Recorder
from tests.helpers.reference import Prompt, generate
from tests.helpers.senses import frames, hear_in, sound

TOKENS, CODES = 44, 60
SETTINGS = SessionSettings(
    voice="Chelsie",
    system="Be brief.",
    thinker=GREEDY,
    talker=Sampling(repetition_penalty=1.05),
    max_tokens=TOKENS,
    max_codes=CODES,
    solver=Solver.EULER,
)
PICTURE = SETTINGS.sight.picture
VIDEO = SETTINGS.sight.video
LIVE = SETTINGS.sight.live

Script = Callable[[Session, Prompt], None]


def text(session: Session, prompt: Prompt) -> None:
    session.read("What is on ")
    session.read("the table?")
    prompt.say("What is on the table?")


def spoken(session: Session, prompt: Prompt) -> None:
    hear_in(session, sound(5.3), 1600)
    prompt.sound(sound(5.3))


def picture(session: Session, prompt: Prompt) -> None:
    session.see(frames(1)[0])
    session.read("Describe it.")
    prompt.picture(frames(1)[0], PICTURE).say("Describe it.")


def picture_and_sound(session: Session, prompt: Prompt) -> None:
    session.read("Look: ")
    session.see(frames(1)[0])
    hear_in(session, sound(2.6), 512)
    prompt.say("Look: ").picture(frames(1)[0], PICTURE).sound(sound(2.6))


def silent_video(session: Session, prompt: Prompt) -> None:
    session.open_clip(ClipKind.SILENT_VIDEO)
    for number, frame in enumerate(frames(10)):
        session.see(frame, number / 2)
    session.read("What happened?")
    prompt.video(frames(10), 2, VIDEO).say("What happened?")


def sounding_video(session: Session, prompt: Prompt) -> None:
    """Live: what is heard with a camera on finds out that it is a video with sound."""
    samples, seen = sound(5.1), frames(10)
    for number, frame in enumerate(seen):
        session.hear(samples[max(0, number * 8000 - 1) : number * 8000 + 7999])
        session.see(frame, number / 2)
    session.hear(samples[79_999:])
    prompt.sounding_video(seen, 2, samples, LIVE)


@pytest.mark.parametrize("script", [text, spoken, picture, picture_and_sound, silent_video, sounding_video])
def test_reply_equals_the_reference(
    script: Script,
    omni: Omni,
    reference: Qwen2_5OmniForConditionalGeneration,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, prompt = Session(omni, SETTINGS), Prompt(omni).system("Be brief.")
    script(session, prompt)
    ours = recorder.reply(session)
    theirs = generate(reference, prompt.end_turn(), tokens=TOKENS, codes=CODES, monkeypatch=monkeypatch)
    assert len(ours.tokens) >= 40
    ours.assert_equals(theirs)


@pytest.mark.parametrize("scripts", [(text, spoken), (spoken, picture), (picture, text), (spoken, spoken)])
def test_second_turn_equals_the_reference_on_both(
    scripts: tuple[Script, Script],
    omni: Omni,
    reference: Qwen2_5OmniForConditionalGeneration,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, prompt = Session(omni, SETTINGS), Prompt(omni).system("Be brief.")
    first, second = scripts
    first(session, prompt)
    heard = recorder.reply(session)
    second(session, prompt.end_turn().answered(heard.tokens))
    ours = recorder.reply(session)
    theirs = generate(reference, prompt.end_turn(), tokens=TOKENS, codes=CODES, monkeypatch=monkeypatch)
    ours.assert_equals(theirs)


def test_what_was_said_in_another_conversation_is_known_as_if_said_in_this_one(
    omni: Omni,
    reference: Qwen2_5OmniForConditionalGeneration,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, prompt = Session(omni, SETTINGS), Prompt(omni).system("Be brief.")
    for question, answer in (("What is on the table?", "A cup."), ("And beside it?", " Nothing.")):
        session.recall(question, answer)
        prompt.say(question).end_turn().answered(omni.vocabulary.encode(answer))
    spoken(session, prompt)
    ours = recorder.reply(session)
    theirs = generate(reference, prompt.end_turn(), tokens=TOKENS, codes=CODES, monkeypatch=monkeypatch)
    ours.assert_equals(theirs)


def test_a_reply_without_speech_is_the_same_text_and_leaves_the_same_conversation(omni: Omni) -> None:
    session, other = Session(omni, SETTINGS), Session(omni, SETTINGS)
    for one in (session, other):
        one.read("What is on the table?")
    silent = list(session.reply(voiced=False))
    spoken = list(other.reply())
    assert not any(isinstance(event, Voiced) for event in silent)
    assert said(silent) == said(spoken)
    for one in (session, other):
        one.read("And below it?")
    assert [type(event) for event in session.reply()] == [type(event) for event in other.reply()]


def test_words_that_it_is_given_are_said_and_spoken(omni: Omni) -> None:
    session = Session(omni, SETTINGS)
    session.read("How do you sound?")
    events = list(session.reply(words="This is how I sound."))
    assert said(events) == "This is how I sound."
    assert any(isinstance(event, Voiced) for event in events)


@pytest.mark.parametrize(("heard", "kept"), [(0, ""), (13, "This is how I"), (99, "This is how I sound.")])
def test_a_reply_is_cut_to_the_text_that_another_voice_said(omni: Omni, heard: int, kept: str) -> None:
    session = Session(omni, SETTINGS)
    session.read("How do you sound?")
    list(session.reply(voiced=False, words="This is how I sound."))
    assert session.interrupt(None, heard) == kept


def said(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Said))
