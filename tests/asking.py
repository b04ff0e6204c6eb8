"""A command asked in this process, where everything is loaded already."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.__main__ import app


def at_once(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run a command in a folder; return its exit status and what it wrote."""
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        result = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr
