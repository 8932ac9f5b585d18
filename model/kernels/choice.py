"""Which product serves a weight on its device.

A new kernel is a class with `takes` and `product`, put into its list in `_KERNELS`; times behind the order are in
docs/benchmarks.md.
"""

from __future__ import annotations

import torch

from model.kernels.cuda import CudaInt4, CudaInt8
from model.kernels.kernel import Kernel, PackedKernel, PortableKernel
from model.kernels.native import NativeCoarseKernel, NativeKernel, NativeScalarKernel
from model.kernels.stock import CpuInt4, CpuInt8
from model.packing import QuantizedWeight, Scheme, quantize

_KERNELS: dict[tuple[str, Scheme], tuple[type[PackedKernel], ...]] = {
    ("cpu", Scheme.INT8): (NativeKernel, CpuInt8, NativeScalarKernel),
    ("cpu", Scheme.INT4): (NativeKernel, CpuInt4, NativeScalarKernel),
    ("cuda", Scheme.INT8): (CudaInt8,),
    ("cuda", Scheme.INT4): (CudaInt4,),
}
"""Fastest first; where none takes the weight, and on every other device, the portable kernel does."""


def quantized_kernel(weight: QuantizedWeight, *, coarse: bool = False) -> Kernel:
    """The weight laid out for the kernel measured fastest on its device; `coarse` permits eight-bit activations."""
    kernel = _kernel_for(weight)
    if coarse and kernel is NativeKernel and weight.scheme is Scheme.INT8:
        return NativeCoarseKernel(weight)
    return kernel(weight)


def _kernel_for(weight: QuantizedWeight) -> type[PackedKernel]:
    candidates = _KERNELS.get((weight.values.device.type, weight.scheme), ())
    return next((kernel for kernel in candidates if kernel.takes(weight)), PortableKernel)


def kernel_class(scheme: Scheme, device: torch.device | None = None) -> type[PackedKernel]:
    """What serves most weights of a scheme on a device (None: the CPU)."""
    return _kernel_for(quantize(torch.zeros(16, 64), scheme).to(device or torch.device("cpu")))


def kernel_name(scheme: Scheme, device: torch.device) -> str:
    """In words, which product serves weights of a scheme; floats have but one."""
    if scheme is Scheme.FLOAT:
        return str(scheme)
    return quantized_kernel(quantize(torch.zeros(16, 64), scheme).to(device)).name
