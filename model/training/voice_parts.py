"""What sounds codes: vocoder and transformer, and what tells the narrators apart. Knows no corpus and no codes."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniToken2WavBigVGANModel,
    Qwen2_5OmniToken2WavDiTModel,
)

from model.architecture import Architecture
from model.training import tiny
from model.training.corpus.narrators import NARRATORS

_MEAN_LOG_MEL = -5.5  # of the narrators' speech: where the transformer begins
_QUIET_BEGINNING = 0.05  # of the vocoder: what is too loud is learned from slowly


class VoiceParts(nn.Module):
    """Vocoder and transformer, and what tells the narrators apart."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        parts = Architecture.of(tiny.tiny_config())
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.vocoder = Qwen2_5OmniToken2WavBigVGANModel(parts.bigvgan)
            self.transformer = Qwen2_5OmniToken2WavDiTModel._from_config(parts.dit, attn_implementation="sdpa")
            _fill_by_fan_in(self)
        self.conditions: Tensor
        generator = torch.Generator().manual_seed(seed)
        self.register_buffer("conditions", torch.randn(len(NARRATORS), parts.dit.enc_emb_dim, generator=generator))
        with torch.no_grad():
            self.vocoder.conv_post.weight.mul_(_QUIET_BEGINNING)
        nn.init.constant_(self.transformer.proj_out.bias, _MEAN_LOG_MEL)

    def sound(self, mels: Tensor) -> Tensor:
        """Log-mel [batch, frames, 80] -> waves [batch, frames × 240], before the vocoder cuts what is too loud."""
        waves: list[Tensor] = []
        handle = self.vocoder.conv_post.register_forward_hook(lambda _module, _inputs, output: waves.append(output))
        try:
            self.vocoder(mels.transpose(1, 2))
        finally:
            handle.remove()
        return waves[0][:, 0]

    def flow_loss(self, mels: Tensor, codes: Tensor, narrators: Tensor, references: Tensor, lost: Tensor) -> Tensor:
        """Flow matching from noise to log-mel [batch, frames, 80]; `lost` [batch] are those that are told nothing."""
        told = (~lost).to(mels.dtype)
        noise, time = torch.randn_like(mels), torch.rand(len(mels))
        along = time[:, None, None]
        flow = self.transformer(
            hidden_states=(1 - along) * noise + along * mels,
            condition_vector=references * told[:, None, None],
            speaker_embedding=(self.conditions[narrators] * told[:, None])[:, None].expand(-1, mels.shape[1], -1),
            quantized_code=codes * (~lost)[:, None],
            time_step=time,
            apply_cfg=False,
        )
        return F.mse_loss(flow, mels - noise)


@torch.no_grad()
def _fill_by_fan_in(parts: nn.Module) -> None:
    for module in parts.modules():
        if isinstance(module, nn.Linear | nn.Conv1d):
            module.weight.normal_(0.0, (module.weight[0].numel()) ** -0.5)
        elif isinstance(module, nn.ConvTranspose1d):
            module.weight.normal_(0.0, (module.weight.shape[0] * module.kernel_size[0] / module.stride[0]) ** -0.5)
        elif isinstance(module, nn.Embedding):
            module.weight.normal_(0.0, 0.4)
        if isinstance(module, nn.Linear | nn.Conv1d | nn.ConvTranspose1d) and module.bias is not None:
            module.bias.zero_()
