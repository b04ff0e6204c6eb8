"""The machine: the rules of `sim.core` as machine code, made once and kept.

Loading it needs neither numba nor the rules themselves, so a command starts at once. With
NUMBA_DISABLE_JIT=1 the same rules run as plain Python instead, slowly, with the same bits; the same
happens, with a word, where nothing can be compiled.
"""

from .ladder import advance

__all__ = ["advance"]
