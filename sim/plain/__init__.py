"""The whole model in plain Python on Mesa: slow, and easy to read beside the theory."""

from .model import PlainModel

__all__ = ["PlainModel"]
