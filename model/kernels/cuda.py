"""torch's products with packed weights on NVIDIA GPUs. Written to its documentation, not yet measured."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from model.kernels.kernel import PortableKernel, biased
from model.kernels.stock import scales_and_zeros
from model.packing import QuantizedWeight, Scheme


class CudaInt4:
    """Torch's int4 layout for NVIDIA tensor cores (compute capability 8 and later). Not yet measured."""

    name = "torch's int4 for CUDA"
    scheme = Scheme.INT4
    rows_at_once = 1

    def __init__(self, weight: QuantizedWeight) -> None:
        weight = weight.in_rows()
        self.shape = weight.shape
        self.padding = weight.padded - weight.shape[1]
        self.group = weight.group
        inner = next(tiles for tiles in (8, 4, 2) if weight.padded % (16 * tiles) == 0)
        swapped = (weight.values << 4) | (weight.values >> 4)  # here the even column is the high half
        self.packed = torch._convert_weight_to_int4pack(swapped, inner)
        self.scales_and_zeros = scales_and_zeros(weight)
        self.nbytes = self.packed.nbytes + self.scales_and_zeros.nbytes

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Tensor cores with bfloat16, whole blocks of eight rows."""
        return weight.shape[0] % 8 == 0 and torch.cuda.get_device_capability(weight.values.device) >= (8, 0)

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        activations = F.pad(x.to(torch.bfloat16), (0, self.padding))
        y = torch._weight_int4pack_mm(activations, self.packed, self.group, self.scales_and_zeros)
        return biased(y.to(x.dtype), bias)


class CudaInt8(PortableKernel):
    """int8 rows as stored for a few rows of activations; floats tile by tile for many. Not yet measured."""

    name = "torch's int8 for CUDA"
    most_rows_packed = 8

    def __init__(self, weight: QuantizedWeight) -> None:
        super().__init__(weight)
        self.scales = self.weight.scales.view(-1).to(torch.bfloat16)
        self.nbytes += self.scales.nbytes

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Builds of torch that bring the product for this device."""
        del weight
        return torch._C._dispatch_has_kernel_for_dispatch_key("aten::_weight_int8pack_mm", "CUDA")

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        if x.shape[0] > self.most_rows_packed:
            return super().product(x, bias)
        y = torch._weight_int8pack_mm(x.to(torch.bfloat16), self.weight.values, self.scales)
        return biased(y.to(x.dtype), bias)
