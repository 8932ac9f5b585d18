"""Picture files of every kind become the same upright RGB pixels, or one sentence."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import ExifTags, Image, features

from model.errors import MediaError
from model.media import Kind, describe
from model.pictures import KEPT_LIMIT, read_picture

ROOT = Path(__file__).resolve().parents[2]
RED, BLUE = (255, 0, 0), (0, 0, 255)


def two_coloured() -> Image.Image:
    """30 × 20, a red corner upper left in blue."""
    image = Image.new("RGB", (30, 20), BLUE)
    image.paste(RED, (0, 0, 10, 5))
    return image


def saved(path: Path, image: Image.Image) -> Path:
    image.save(path)
    return path


# What has to be done to the upright picture so that undoing the orientation makes it upright again (EXIF 2.3, 4.6.4).
STORED = {
    1: lambda pixels: pixels,
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.transpose(1, 0, 2),
    6: lambda pixels: pixels.transpose(1, 0, 2)[::-1],
    7: lambda pixels: pixels.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda pixels: pixels.transpose(1, 0, 2)[:, ::-1],
}


@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_is_upright(tmp_path: Path, orientation: int) -> None:
    upright = np.asarray(two_coloured())
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = tmp_path / "photo.png"
    Image.fromarray(np.ascontiguousarray(STORED[orientation](upright))).save(path, exif=exif)
    np.testing.assert_array_equal(read_picture(path), upright)
    info = describe(path)
    assert (info.kind, info.width, info.height, info.has_sound) == (Kind.PICTURE, 30, 20, False)


def test_a_jpeg_is_upright_too(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    path = tmp_path / "photo.jpg"
    two_coloured().transpose(Image.Transpose.ROTATE_90).save(path, exif=exif, quality=95, subsampling=0)
    pixels = read_picture(path).astype(int)
    assert pixels.shape == (20, 30, 3)
    assert np.abs(pixels - np.asarray(two_coloured())).mean() < 3


@pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "gif", "ppm", "webp", "avif", "jp2"])
def test_every_format_is_read(tmp_path: Path, suffix: str) -> None:
    assert features.check("avif")
    assert features.check("webp")
    path = saved(tmp_path / f"picture.{suffix}", two_coloured())
    pixels = read_picture(path).astype(int)
    assert np.abs(pixels - np.asarray(two_coloured())).mean() < 5


def test_a_fresh_process_knows_every_format(tmp_path: Path) -> None:
    path = saved(tmp_path / "picture.tiff", two_coloured())
    program = "import sys, pathlib, model.pictures as p; print(p.read_picture(pathlib.Path(sys.argv[1])).shape)"
    command = [sys.executable, "-c", program, str(path)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "(20, 30, 3)\n"


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(tmp_path: Path, mode: str) -> None:
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 255))
    image.putpixel((0, 0), (0, 0, 0, 0))
    path = saved(tmp_path / "a.png", image.convert(mode))
    np.testing.assert_array_equal(read_picture(path), [[[255] * 3, [0] * 3]])


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_a_transparent_entry_of_a_palette_is_white(tmp_path: Path, suffix: str) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([200, 200, 200, 0, 0, 0])
    image.putpixel((1, 0), 1)
    path = tmp_path / f"a.{suffix}"
    image.save(path, transparency=0)
    np.testing.assert_array_equal(read_picture(path), [[[255] * 3, [0] * 3]])


def test_half_transparent_is_mixed_with_white(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.new("RGBA", (1, 1), (0, 0, 0, 51)))
    np.testing.assert_array_equal(read_picture(path), [[[204] * 3]])


def test_sixteen_bits_keep_their_brightness(tmp_path: Path) -> None:
    grey = np.array([[0, 257, 32768, 65535]], np.uint16)
    path = saved(tmp_path / "a.png", Image.fromarray(grey))
    np.testing.assert_array_equal(read_picture(path)[..., 0], [[0, 1, 128, 255]])


def test_floats_keep_their_brightness(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.tiff", Image.fromarray(np.array([[0.0, 0.2, 1.0]], np.float32)))
    np.testing.assert_array_equal(read_picture(path)[..., 1], [[0, 51, 255]])


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    image = Image.new("RGB", (4, 4), (255, 255, 255)).convert(mode)
    path = saved(tmp_path / ("a.tiff" if mode in {"CMYK", "YCbCr"} else "a.png"), image)
    assert read_picture(path).min() >= 253


def test_of_an_animation_the_first_frame_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    first, second = Image.new("RGB", (3, 3), RED), Image.new("RGB", (3, 3), BLUE)
    first.save(path, save_all=True, append_images=[second], duration=100)
    np.testing.assert_array_equal(read_picture(path)[0, 0], RED)
    assert describe(path).kind is Kind.PICTURE


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_twelve_thousand_pixels_are_shrunk(tmp_path: Path, suffix: str) -> None:
    image = Image.new("L", (12_000, 12_000), 255)
    image.paste(0, (0, 0, 12_000, 6_000))
    path = tmp_path / f"poster.{suffix}"
    image.save(path, compress_level=1)
    pixels = read_picture(path)
    assert pixels.shape[0] * pixels.shape[1] <= KEPT_LIMIT
    assert pixels.shape[0] == pixels.shape[1] > 3_000
    assert (pixels[100, 100].max(), pixels[-100, 100].min()) == (0, 255)
    assert describe(path).width == 12_000


def test_a_long_strip_keeps_its_shape(tmp_path: Path) -> None:
    path = saved(tmp_path / "strip.png", Image.new("RGB", (12_000, 3), RED))
    assert read_picture(path).shape == (3, 12_000, 3)


def test_a_picture_above_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.new("1", (400, 300)))
    assert read_picture(path, limit=120_000).shape == (300, 400, 3)
    with pytest.raises(MediaError, match="400 × 300 pixels, too many"):
        read_picture(path, limit=119_999)


def test_a_bomb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(announcing(60_000))
    with pytest.raises(MediaError, match="far too many pixels"):
        read_picture(path)
    with pytest.raises(MediaError, match="far too many pixels"):
        describe(path)


def announcing(side: int) -> bytes:
    """A PNG whose header speaks of `side` × `side` pixels."""
    buffer = io.BytesIO()
    Image.new("1", (1, 1)).save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[16:24] = side.to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


def half(folder: Path) -> Path:
    path = folder / "half.jpg"
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def half_png(folder: Path) -> Path:
    path = folder / "half.png"
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def text(folder: Path) -> Path:
    path = folder / "letter.jpg"
    path.write_text("Dear all,\n" * 100)
    return path


def random_bytes(folder: Path) -> Path:
    path = folder / "noise.png"
    path.write_bytes(np.random.default_rng(0).bytes(50_000))
    return path


def heic(folder: Path) -> Path:
    path = folder / "IMG_0001.HEIC"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.png"
    path.touch()
    return path


def missing(folder: Path) -> Path:
    return folder / "missing.png"


def folder_itself(folder: Path) -> Path:
    return folder


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (half, "only a part of it"),
        (half_png, "only a part of it"),
        (text, "not a picture"),
        (random_bytes, "not a picture"),
        (heic, "is a HEIC picture"),
        (empty, "is empty"),
        (missing, "does not exist"),
        (folder_itself, "is not a file"),
    ],
)
def test_bad_pictures_are_one_sentence(tmp_path: Path, make: object, sentence: str) -> None:
    assert callable(make)
    path = make(tmp_path)
    with pytest.raises(MediaError, match=sentence) as caught:
        read_picture(path)
    said = str(caught.value)
    assert str(path) in said
    assert said.endswith(".")
    assert not [file for file in psutil.Process().open_files() if Path(file.path).is_relative_to(tmp_path)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_a_forbidden_picture_is_one_sentence(tmp_path: Path) -> None:
    path = saved(tmp_path / "mine.png", two_coloured())
    path.chmod(0)
    root = os.geteuid() == 0
    if root:  # whom no permission stops
        os.seteuid(65_534)
    try:
        with pytest.raises(MediaError, match="may not be read by you"):
            read_picture(path)
    finally:
        if root:
            os.seteuid(0)
