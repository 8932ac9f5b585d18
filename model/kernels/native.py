"""Sightline's own products on CPUs: the C library beside this file, called with the addresses of tensors.

Knows how it is called and how its weights lie in memory; what it computes is said in native/kernels.h.
"""

from __future__ import annotations

import ctypes
import importlib.util
import sys
import threading
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from model.packing import DEFAULT_GROUP, QuantizedWeight, Scheme
from model.threads import product_threads

INTERFACE = 4
"""Number of the interface below; a library that was built from other sources tells another."""
MOST_COLUMNS = 1 << 16
"""Of an int8 weight: more could overflow its 32-bit sums."""
LARGE_PAGE = 1 << 21


class Product(IntEnum):
    """What a product is made of, as in native/kernels.h."""

    INT4 = 0
    INT8 = 1
    COARSE_INT8 = 2


class WeightRecord(ctypes.Structure):
    """`Weight` of native/kernels.h."""

    _fields_ = (
        ("values", ctypes.c_void_p),
        ("scales", ctypes.c_void_p),
        ("outputs", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("columns", ctypes.c_int64),
        ("group", ctypes.c_int64),
    )


@dataclass(frozen=True, slots=True)
class Way:
    """One way of computing that this processor has; `vectors` unless it is plain C."""

    number: int
    name: str
    vectors: bool


class Library:
    """The loaded C library and the fastest of its ways on this processor."""

    def __init__(self, file: Path) -> None:
        """OSError where the file is no library, AttributeError where it is not ours."""
        self._local = threading.local()
        self.code = library = ctypes.CDLL(str(file))
        self._workspace = library.sightline_workspace
        self._workspace.restype = ctypes.c_int64
        self._workspace.argtypes = (ctypes.c_void_p, ctypes.c_int64, ctypes.c_int)
        self._product = library.sightline_product
        self._product.restype = None
        pointer, number = ctypes.c_void_p, ctypes.c_int
        self._product.argtypes = (
            pointer,
            number,
            pointer,
            ctypes.c_int64,
            pointer,
            pointer,
            pointer,
            number,
            number,
        )
        self._advise = library.sightline_advise_large_pages
        self._advise.restype = None
        self._advise.argtypes = (pointer, ctypes.c_int64)
        library.sightline_path_name.restype = ctypes.c_char_p
        self.interface: int = library.sightline_interface()
        count: int = library.sightline_paths()
        self.ways = tuple(
            Way(path, library.sightline_path_name(path).decode(), vectors=path < count - 1)
            for path in range(count)
            if library.sightline_path_runs_here(path)
        )

    def in_large_pages(self, tensor: Tensor) -> Tensor:
        """A copy that the system may keep in large pages, which are read 5 to 9 % faster; small ones as they are."""
        if sys.platform != "linux" or tensor.nbytes < LARGE_PAGE:
            return tensor.contiguous()
        fresh = torch.empty_like(tensor, memory_format=torch.contiguous_format)
        self._advise(fresh.data_ptr(), fresh.nbytes)
        return fresh.copy_(tensor)

    def product(self, record: WeightRecord, product: Product, x: Tensor, bias: Tensor | None, way: Way) -> Tensor:
        """x [rows, width] float32, contiguous → [rows, outputs] float32, by as many threads as torch uses."""
        weight, rows = ctypes.byref(record), x.shape[0]
        y = torch.empty(rows, record.outputs)
        workspace = self.workspace(self._workspace(weight, rows, product))
        offset = None if bias is None else bias.data_ptr()
        self._product(
            weight,
            product,
            x.data_ptr(),
            rows,
            offset,
            y.data_ptr(),
            workspace.data_ptr(),
            way.number,
            product_threads(),
        )
        return y

    def workspace(self, nbytes: int) -> Tensor:
        """The calling thread's own workspace, which is as large as it ever had to be; a larger one takes its place."""
        held: Tensor | None = getattr(self._local, "workspace", None)
        if held is None or held.nbytes < nbytes:
            held = self._local.workspace = torch.empty(nbytes, dtype=torch.uint8)
        return held


@cache
def library() -> Library | None:
    """The library as it was built with the project; None where it was not, or from other sources."""
    found = importlib.util.find_spec("model.kernels._native")
    if found is None or found.origin is None:
        return None
    try:
        loaded = Library(Path(found.origin))
    except (OSError, AttributeError):
        return None
    return loaded if loaded.interface == INTERFACE else None


class NativeKernel:
    """int4 or int8 in blocks of 16 outputs. Whatever the processor, the threads and the rows, the same bits.

    int4: activations in eight bits, one scale a group, or fifteen where a group holds an outlier; int8: in fifteen
    bits, one scale a row. Sums are exact.
    """

    rows_at_once = 8

    def __init__(self, weight: QuantizedWeight, way: Way | None = None) -> None:
        """`way` is one of the library's; None for its fastest. RuntimeError where there is no library."""
        found = library()
        if found is None:
            raise RuntimeError("the native kernels are not built")
        blocks = weight.in_blocks()
        self._library, self._way = found, way or found.ways[0]
        self.name = f"Sightline's {weight.scheme} ({self._way.name})"
        self.shape, self.scheme = weight.shape, weight.scheme
        self.values, self.scales = found.in_large_pages(blocks.values), blocks.scales.contiguous()
        self.nbytes = self.values.nbytes + self.scales.nbytes
        group = weight.group if weight.scheme is Scheme.INT4 else DEFAULT_GROUP
        self._record = WeightRecord(self.values.data_ptr(), self.scales.data_ptr(), *weight.shape, blocks.padded, group)

    @property
    def _kind(self) -> Product:
        return Product.INT4 if self.scheme is Scheme.INT4 else Product.INT8

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Where the library is built and has vector code for this processor."""
        return NativeScalarKernel.takes(weight) and any(way.vectors for way in _ways())

    @property
    def described(self) -> tuple[WeightRecord, Product, int]:
        """What C is told: the weight, its kind of product and the number of the way that multiplies it."""
        return self._record, self._kind, self._way.number

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]; NaN in every row that holds a number that is not finite."""
        if x.dtype is not torch.float32:
            return self.product(x.to(torch.float32), bias).to(x.dtype)
        if bias is not None:
            bias = _exact(bias)
        return self._library.product(self._record, self._kind, _exact(x), bias, self._way)


class NativeCoarseKernel(NativeKernel):
    """int8 whose activations have eight bits, one scale a group of 64, as those of int4 do: many rows take two thirds
    of the time, for a relative error of 0.8 % instead of 0.01 %."""

    def __init__(self, weight: QuantizedWeight, way: Way | None = None) -> None:
        """As of any native kernel; ValueError for int4, which is coarse anyway."""
        if weight.scheme is not Scheme.INT8:
            raise ValueError(f"{weight.scheme} has no coarser product")
        super().__init__(weight, way)

    @property
    def _kind(self) -> Product:
        return Product.COARSE_INT8


class NativeScalarKernel(NativeKernel):
    """The same in plain C, for processors without the vectors that anything faster needs."""

    rows_at_once = 1

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Where the library is built."""
        return bool(_ways()) and weight.shape[1] <= MOST_COLUMNS


def _exact(x: Tensor) -> Tensor:
    """In float32 without gaps; itself where it is so, which costs least to find out in this order."""
    if x.dtype is not torch.float32:
        x = x.to(torch.float32)
    return x if x.is_contiguous() else x.contiguous()


def _ways() -> tuple[Way, ...]:
    found = library()
    return () if found is None else found.ways
