"""A few rows through whole layers of a decoder, each in one call: our products and all that lies between them.

Knows how native/layer.h is called; what it computes is said there.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from model.kernels.kernel import Kernel
from model.kernels.native import Library, NativeKernel, Way, WeightRecord, library
from model.threads import product_threads

KINDS_OF_WORK = ("products", "attention", "norms", "activation")


class FactorRecord(ctypes.Structure):
    """`Factor` of native/layer.h."""

    _fields_ = (
        ("weight", WeightRecord),
        ("bias", ctypes.c_void_p),
        ("product", ctypes.c_int32),
        ("path", ctypes.c_int32),
    )


class LayerRecord(ctypes.Structure):
    """`Layer` of native/layer.h."""

    _fields_ = (
        ("qkv", FactorRecord),
        ("out", FactorRecord),
        ("gate_up", FactorRecord),
        ("down", FactorRecord),
        ("attention_norm", ctypes.c_void_p),
        ("mlp_norm", ctypes.c_void_p),
        ("heads", ctypes.c_int64),
        ("key_heads", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("epsilon", ctypes.c_float),
    )


class StepRecord(ctypes.Structure):
    """`Step` of native/layer.h."""

    _fields_ = (
        ("x", ctypes.c_void_p),
        ("cosine", ctypes.c_void_p),
        ("sine", ctypes.c_void_p),
        ("keys", ctypes.c_void_p),
        ("values", ctypes.c_void_p),
        ("workspace", ctypes.c_void_p),
        ("spent", ctypes.c_void_p),
        ("rows", ctypes.c_int64),
        ("length", ctypes.c_int64),
        ("room", ctypes.c_int64),
        ("vectors", ctypes.c_int32),
        ("threads", ctypes.c_int32),
    )


@dataclass(frozen=True, slots=True)
class Factor:
    """What a product multiplies with and adds."""

    kernel: Kernel
    bias: Tensor | None


@dataclass(frozen=True, slots=True)
class LayerParts:
    """One layer's products and the weights [hidden] of its norms."""

    qkv: Factor
    out: Factor
    gate_up: Factor
    down: Factor
    attention_norm: Tensor
    mlp_norm: Tensor

    @property
    def factors(self) -> tuple[Factor, Factor, Factor, Factor]:
        """In the order of the record."""
        return self.qkv, self.out, self.gate_up, self.down


@dataclass(frozen=True, slots=True)
class Heads:
    """How a layer's queries, keys and values are divided."""

    heads: int
    key_heads: int
    width: int


class CachePlaces:
    """Where the keys and values of all layers lie, [key_heads, room, width] each in half precision."""

    def __init__(self, keys: Sequence[Tensor], values: Sequence[Tensor]) -> None:
        self._tables = [
            (ctypes.c_void_p * len(all_of))(*(each.data_ptr() for each in all_of)) for all_of in (keys, values)
        ]
        self.keys, self.values = (ctypes.addressof(table) for table in self._tables)
        self.room = keys[0].shape[1]

    @classmethod
    def of(cls, keys: Sequence[Tensor], values: Sequence[Tensor]) -> CachePlaces | None:
        """None where the library does not read such tensors."""
        fits = keys[0].device.type == "cpu" and keys[0].dtype is torch.float16
        return cls(keys, values) if fits else None


class LayerCalls:
    """What layer.c offers, and the fastest vectors of this processor for it."""

    def __init__(self, found: Library) -> None:
        code, pointer, number = found.code, ctypes.c_void_p, ctypes.c_int
        self.workspace = code.sightline_layer_workspace
        self.workspace.restype, self.workspace.argtypes = ctypes.c_int64, (pointer, pointer)
        self.layer = code.sightline_layer
        self.layer.restype, self.layer.argtypes = None, (pointer, pointer, number)
        self.attend = code.sightline_attend
        self.attend.restype, self.attend.argtypes = None, (pointer, pointer, number, pointer, pointer)
        self.norm = code.sightline_norm
        self.norm.restype = None
        self.norm.argtypes = (pointer, pointer, ctypes.c_float, ctypes.c_int64, ctypes.c_int64, pointer, number)
        code.sightline_vectors_name.restype = ctypes.c_char_p
        count: int = code.sightline_vectors()
        self.ways = tuple(
            Way(kind, code.sightline_vectors_name(kind).decode(), vectors=kind < count - 1)
            for kind in range(count)
            if code.sightline_vectors_run_here(kind)
        )


class NativeLayers:
    """The layers and the final norm as the library is told of them; it reads the weights where they lie."""

    def __init__(self, layers: Sequence[LayerParts], norm: Tensor, heads: Heads, epsilon: float) -> None:
        """RuntimeError where there is no library; `native_layers` knows whether it takes the layers."""
        found = library()
        if found is None:
            raise RuntimeError("the native kernels are not built")
        self.calls = LayerCalls(found)
        self.way = self.calls.ways[0]
        self._library = found
        self.spent: ctypes.Array[ctypes.c_int64] | None = None
        """Where nanoseconds of each of KINDS_OF_WORK are added up, if anybody wants to know."""
        self._norm, self._epsilon, self._layers = norm, epsilon, tuple(layers)
        self._biases: list[Tensor | None] = []
        self._records = [self._record(layer, heads) for layer in layers]
        self._addresses = [ctypes.addressof(record) for record in self._records]
        self._kinds = list({_needs(record): ctypes.addressof(record) for record in self._records}.values())

    def _record(self, layer: LayerParts, heads: Heads) -> LayerRecord:
        norms = layer.attention_norm.data_ptr(), layer.mlp_norm.data_ptr()
        factors = (self._factor(factor) for factor in layer.factors)
        return LayerRecord(*factors, *norms, heads.heads, heads.key_heads, heads.width, self._epsilon)

    def _factor(self, factor: Factor) -> FactorRecord:
        if not isinstance(factor.kernel, NativeKernel):
            raise TypeError(f"{factor.kernel.name} is no kernel of ours")
        bias = None if factor.bias is None else factor.bias.to(torch.float32).contiguous()
        self._biases.append(bias)
        record, product, way = factor.kernel.described
        return FactorRecord(record, None if bias is None else bias.data_ptr(), product, way)

    def run(
        self, x: Tensor, angles: tuple[Tensor, Tensor], places: CachePlaces, length: int, check: Callable[[], None]
    ) -> Tensor:
        """x [n, hidden] behind `length` cached tokens -> [n, hidden] behind the final norm; keys and values are cached.

        Angles are cosine and sine, [n, 1, width] each; `check` is called before each layer.
        """
        rows = x.clone(memory_format=torch.contiguous_format)
        step = self._step(rows, angles, places, length)
        workspace = self._library.workspace(max(self._workspaces(step)))  # `check` may make the library hold another
        step.workspace = workspace.data_ptr()
        call, address = self.calls.layer, ctypes.addressof(step)
        for number, layer in enumerate(self._addresses):
            check()
            call(layer, address, number)
        return self._normed(rows)

    def _normed(self, x: Tensor) -> Tensor:
        y, (count, width) = torch.empty_like(x), x.shape
        self.calls.norm(x.data_ptr(), self._norm.data_ptr(), self._epsilon, count, width, y.data_ptr(), self.way.number)
        return y

    def _step(self, x: Tensor, angles: tuple[Tensor, Tensor], places: CachePlaces, length: int) -> StepRecord:
        return StepRecord(
            x=x.data_ptr(),
            cosine=angles[0].data_ptr(),
            sine=angles[1].data_ptr(),
            keys=places.keys,
            values=places.values,
            spent=None if self.spent is None else ctypes.addressof(self.spent),
            rows=len(x),
            length=length,
            room=places.room,
            vectors=self.way.number,
            threads=product_threads(),
        )

    def _workspaces(self, step: StepRecord) -> Iterator[int]:
        return (self.calls.workspace(layer, ctypes.addressof(step)) for layer in self._kinds)


def _needs(layer: LayerRecord) -> tuple[int, ...]:
    """Layers of one decoder that agree in this need the same workspace."""
    factors: tuple[FactorRecord, ...] = (layer.qkv, layer.out, layer.gate_up, layer.down)
    return tuple(number for factor in factors for number in (factor.product, factor.weight.group))


def native_layers(layers: Sequence[LayerParts], norm: Tensor, heads: Heads, epsilon: float) -> NativeLayers | None:
    """None where the library is missing, has no vectors for this processor, or does not take such layers."""
    norms = [norm, *(each for layer in layers for each in (layer.attention_norm, layer.mlp_norm))]
    ours = all(isinstance(factor.kernel, NativeKernel) for layer in layers for factor in layer.factors)
    plain = all(each.device.type == "cpu" and each.dtype is torch.float32 and each.is_contiguous() for each in norms)
    if library() is None or not ours or not plain or heads.width % 2:
        return None
    found = NativeLayers(layers, norm, heads, epsilon)
    return found if found.way.vectors else None
