"""Teaching the voice: segments that belong together, losses that fall where they should, stages that go on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.errors import Cancelled, SightlineError
from model.training.codes import FRAMES_A_CODE, HOP, CodeBook, Words, speech_mel, whole_codes
from model.training.corpus.narrators import NARRATORS
from model.training.course import VOICE_FOLDER, Course, Order
from model.training.narration import Spoken
from model.training.phases import PhasedActivation, replace_activations
from model.training.progress import Ledger
from model.training.speaking import Speaking, _codes, _piece, _spectral_distance
from model.training.understanding import Understanding
from model.training.voice_parts import VoiceParts


@pytest.fixture(scope="module")
def sentence() -> Spoken:
    wave = whole_codes(NARRATORS[1].say("The red circle is left of the blue square."))
    return Spoken(1, wave, speech_mel(torch.from_numpy(wave)).numpy())


@pytest.fixture(scope="module")
def words() -> Words:
    """Three, by both narrators, higher and lower."""
    people = [[replace(each, pitch=each.pitch + more) for more in (-15, 15)] for each in NARRATORS]
    return [
        [[speech_mel(torch.from_numpy(whole_codes(who.say(word)))).numpy() for who in pitched] for pitched in people]
        for word in ("circle", "letter", "seven")
    ]


@pytest.fixture(scope="module")
def parts() -> VoiceParts:
    return VoiceParts(seed=0)


def stopped() -> None:
    raise Cancelled


def test_mel_and_wave_of_a_segment_belong_together(sentence: Spoken) -> None:
    for number in range(0, 400, 37):
        piece = _piece(sentence, 48, number)
        again = speech_mel(piece.wave)
        torch.testing.assert_close(
            piece.mel[4:-4], again[4:-4], atol=2e-2, rtol=0
        )  # beyond, the window reaches outside


def test_a_short_sentence_is_followed_by_silence(sentence: Spoken) -> None:
    short = Spoken(0, sentence.wave[: 10 * HOP], sentence.mel[:10])
    piece = _piece(short, 48, 5)
    assert (piece.mel.shape, piece.wave.shape) == ((48, 80), (48 * HOP,))
    assert not piece.wave[10 * HOP :].any()
    assert float(piece.mel[10:].max()) == pytest.approx(np.log(1e-5), rel=1e-5)


def test_a_piece_has_the_codes_that_it_has_in_the_whole_sentence(sentence: Spoken, words: Words) -> None:
    """A code looks beyond its own frames, so a piece must not be encoded by itself."""
    book = CodeBook.learn(words, [(1, sentence.mel), (0, sentence.mel)], codes=16)
    whole = book.encode(sentence.mel, 1).tolist()
    assert _codes(sentence, book, 24, 48).tolist() == whole[12:36]
    last = len(whole) - 6
    behind = _codes(sentence, book, FRAMES_A_CODE * last, 48)
    assert len(behind) == 24
    assert behind[:5].tolist() == whole[last : last + 5]  # the very last looks at what follows


def test_the_vocoder_gives_a_hop_of_samples_a_frame_and_begins_quiet(parts: VoiceParts, sentence: Spoken) -> None:
    mel = torch.from_numpy(sentence.mel[:32])[None]
    with torch.no_grad():
        wave = parts.sound(mel)
        published = parts.vocoder(mel.transpose(1, 2))
    assert wave.shape == (1, 32 * HOP)
    torch.testing.assert_close(wave[0].clamp(-1, 1), published)
    assert wave.abs().max() < 5.0


def test_quick_activations_are_the_librarys(sentence: Spoken) -> None:
    """In value and gradient, to the edges, with weights that were moved; by their names too."""
    mel = torch.from_numpy(sentence.mel[:9])[None]
    given: list[tuple[torch.Tensor, dict[str, torch.Tensor]]] = []
    for quick in (False, True):
        vocoder = VoiceParts(seed=0)
        torch.manual_seed(0)
        for name, weight in vocoder.vocoder.named_parameters():
            if "act" in name:
                torch.nn.init.normal_(weight, 0.0, 0.3)
        if quick:
            replace_activations(vocoder.vocoder)
            assert sum(isinstance(each, PhasedActivation) for each in vocoder.modules()) == 25
        wave = vocoder.sound(mel)
        (wave * torch.linspace(-1, 1, wave.shape[1])).sum().backward()
        slopes = {name: weight.grad for name, weight in vocoder.named_parameters() if weight.grad is not None}
        given.append((wave.detach(), slopes))
    (wave, slopes), (quick_wave, quick_slopes) = given
    torch.testing.assert_close(quick_wave, wave, atol=1e-4 * float(wave.abs().max()), rtol=0)
    assert quick_slopes.keys() == slopes.keys()
    for name, slope in slopes.items():
        torch.testing.assert_close(quick_slopes[name], slope, atol=2e-3 * float(slope.abs().max()), rtol=0)


def test_spectra_are_nearer_the_nearer_the_waves_are(sentence: Spoken) -> None:
    wave = torch.from_numpy(sentence.wave[:24_000])[None]
    noise = torch.randn(wave.shape, generator=torch.Generator().manual_seed(0))
    distances = [float(_spectral_distance(wave + level * noise, wave)) for level in (0.0, 0.001, 0.1)]
    assert distances == sorted(distances)
    assert distances[0] == pytest.approx(0.0, abs=1e-5)
    assert float(_spectral_distance(-wave, wave)) == pytest.approx(0.0, abs=1e-5)


def test_who_is_told_nothing_is_told_nothing(parts: VoiceParts) -> None:
    """Neither codes nor the narrator nor the reference change what the transformer makes of a lost example."""
    generator = torch.Generator().manual_seed(0)
    mels, references = (torch.randn(1, 48, 80, generator=generator) for _ in range(2))
    first, second = torch.full((1, 24), 5), torch.full((1, 24), 9)

    def loss(codes: torch.Tensor, narrator: int, reference: torch.Tensor, *, lost: bool) -> float:
        torch.manual_seed(1)
        told = torch.tensor([narrator])
        return parts.flow_loss(mels, codes, told, reference, torch.tensor([lost])).item()

    assert loss(first, 0, references, lost=True) == loss(second, 1, references + 1, lost=True)
    assert loss(first, 0, references, lost=False) != loss(second, 0, references, lost=False)
    assert loss(first, 0, references, lost=False) != loss(first, 1, references, lost=False)


def test_the_transformer_begins_at_the_mean_of_speech(parts: VoiceParts, sentence: Spoken) -> None:
    """From noise straight to it: a better beginning than none."""
    mels = torch.from_numpy(sentence.mel[:96])[None]
    torch.manual_seed(0)
    nothing = (mels - torch.randn_like(mels)).square().mean().item()
    codes, lost = torch.ones(1, 48, dtype=torch.long), torch.tensor([False])
    assert parts.flow_loss(mels, codes, torch.tensor([0]), mels, lost).item() < 0.5 * nothing


def test_voice_and_understanding_are_trained_apart(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        Course(Order(tmp_path, "vocoder", 1.0), check=stopped).run()
    assert Ledger(tmp_path / VOICE_FOLDER).begun
    assert not Ledger(tmp_path).begun
    with pytest.raises(SightlineError, match="not ready for flow: train vocoder first"):
        Course(Order(tmp_path, "flow", 1.0))
    assert not set(Speaking.order) & set(Understanding.order)


def test_a_step_of_the_vocoder_moves_the_vocoder_alone(tmp_path: Path) -> None:
    before = VoiceParts(seed=0).state_dict()
    Course(Order(tmp_path, "vocoder", 0.001)).run()
    progress, after, _ = Ledger(tmp_path / VOICE_FOLDER).load()
    assert progress.finished == ["vocoder"]
    assert progress.shown == {"vocoder": 8}
    moved = {name.partition(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert moved == {"vocoder"}
