"""How the C library of `model/kernels/native` is compiled, by setuptools whenever the project is installed."""

from __future__ import annotations

from setuptools import Extension
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError

UNIX_FLAGS = ("-O3", "-std=gnu11", "-ffp-contract=off", "-fno-math-errno", "-fvisibility=hidden", "-pthread")
"""Products and sums stay apart unless the source joins them: every path must give the same bits."""
WINDOWS_FLAGS = ("/O2", "/std:c11", "/experimental:c11atomics", "/fp:precise")


class BuildKernels(build_ext):
    """A plain library, called by address: it exports its own names and needs nothing of Python's.

    Without a compiler the project is installed all the same, and says at run time which kernels it uses instead.
    """

    def run(self) -> None:
        """As setuptools does it, but a machine without any compiler is no error."""
        try:
            super().run()
        except BaseError as error:
            self.warn(f"the kernels are not built ({error})")

    def build_extension(self, ext: Extension) -> None:
        """With the flags of the compiler at hand."""
        windows = self.compiler.compiler_type == "msvc"
        ext.extra_compile_args = list(WINDOWS_FLAGS if windows else UNIX_FLAGS)
        ext.extra_link_args = [] if windows else ["-lm", "-pthread"]
        super().build_extension(ext)

    def get_export_symbols(self, ext: Extension) -> list[str]:
        """None of Python's own: the source says what it exports."""
        del ext
        return []
