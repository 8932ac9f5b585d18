"""Picture files become upright RGB pixels of bounded size. Knows nothing of what looks at them."""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from model.errors import MediaError

Pixels = NDArray[np.uint8]

DECODED_LIMIT = 170_000_000  # pixels a file may announce: half a gigabyte once decoded, just below Pillow's own limit
KEPT_LIMIT = 64_000_000  # pixels handed on; the model looks at 13 million at most

_FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "PPM", "ICO", "JPEG2000")
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, struct.error, zlib.error)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class Size:
    """Upright, in pixels."""

    width: int
    height: int


def picture_size(path: Path) -> Size | None:
    """The upright size from the file's header, None where the file is no picture."""
    with _recognised(path) as image:
        if image is None:
            return None
        width, height = image.size
        return Size(height, width) if _orientation(image) in _LYING else Size(width, height)


def read_picture(path: Path, *, limit: int = DECODED_LIMIT) -> Pixels:
    """RGB pixels [height, width, 3]: upright by its EXIF orientation, alpha over white, the first of several frames.

    What has more than `limit` pixels is refused unread, what has more than `KEPT_LIMIT` is shrunk. MediaError for what
    is no picture, HEIC included, and for a picture of which only a part is there.
    """
    with _recognised(path) as image:
        if image is None:
            raise MediaError(f"{path} is not a picture that can be read; save it as JPEG or PNG and try again.")
        if image.width * image.height > limit:
            raise MediaError(f"{path} has {image.width} × {image.height} pixels, too many; make it smaller first.")
        try:
            return _decoded(image)
        except _BROKEN as error:
            raise MediaError(f"{path} is damaged or only a part of it is there; copy it again.") from error


def _decoded(image: Image.Image) -> Pixels:
    shrinking = math.ceil(math.sqrt(image.width * image.height / KEPT_LIMIT))
    if shrinking > 1:  # a JPEG decodes straight to a half, a quarter or an eighth
        image.draft("RGB", (image.width // shrinking, image.height // shrinking))
    image.load()
    turn = _TURNS.get(_orientation(image))
    rgb = _rgb(image)
    shrinking = math.ceil(math.sqrt(rgb.width * rgb.height / KEPT_LIMIT))
    if shrinking > 1:
        rgb = rgb.reduce(shrinking)
    return np.array(rgb if turn is None else rgb.transpose(turn))


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        upper = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", upper.size, "white"), upper).convert("RGB")
    return image.convert("RGB")


def _eight_bits(values: NDArray[np.generic]) -> Pixels:
    """Grey values of any depth as 0 … 255; the depth is told from the type, or else from the largest value."""
    wide = np.nan_to_num(values.astype(np.float64))
    if values.dtype == np.uint16:
        full = 65535.0
    else:
        full = next((bound for bound in (1.0, 255.0, 65535.0) if wide.max() <= bound), float(wide.max()))
    return np.rint(np.clip(wide / full, 0.0, 1.0) * 255.0).astype(np.uint8)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _BROKEN:  # a picture with damaged notes is still a picture
        return 1


def check_readable(path: Path) -> None:
    """MediaError, in one sentence, for what is not a file with something in it that we may read."""
    try:
        if path.exists() and not path.is_file():
            raise MediaError(f"{path} is not a file; choose a sound, picture or video file.")
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise MediaError(f"{path} does not exist; check the name.") from error
    except PermissionError as error:
        raise MediaError(f"{path} may not be read by you; change its permissions or copy it.") from error
    except (OSError, ValueError) as error:
        raise MediaError(f"{path} cannot be read ({error}); choose another file.") from error
    if empty:
        raise MediaError(f"{path} is empty; choose another file.")


@contextmanager
def _recognised(path: Path) -> Iterator[Image.Image | None]:
    """The picture with only its header read, or None where the content is that of no picture we know."""
    check_readable(path)
    with warnings.catch_warnings(), ExitStack() as stack:
        warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd notes: both are dealt with here
        Image.init()  # else only a handful of formats is known
        try:
            known = [name for name in _FORMATS if name in Image.OPEN]
            image: Image.Image | None = stack.enter_context(Image.open(path, formats=known))
        except UnidentifiedImageError as error:
            if _is_heif(path):
                raise MediaError(f"{path} is a HEIC picture, which cannot be read; save it as JPEG.") from error
            image = None
        except Image.DecompressionBombError as error:
            raise MediaError(f"{path} has far too many pixels; make it smaller first.") from error
        except _BROKEN as error:
            raise MediaError(f"{path} cannot be read ({error}); copy it again.") from error
        yield image


def _is_heif(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS
