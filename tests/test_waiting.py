"""Whoever waits while the rules are compiled is told how far it is, in a terminal as in a log."""

import io
import sys
import time

from experiments.terminal import progress
from sim.machine import waiting

DRAWN = 0.5  # seconds after which a bar has been drawn anew
SHARES = (0.0, 0.25, 0.8, None)


class Terminal(io.StringIO):
    """What a bar takes for a terminal."""

    def isatty(self):
        return True


def written(stream, monkeypatch):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(waiting.Wait, "teller", waiting.OnStderr())
    for share in SHARES:
        waiting.tell(share)
        assert waiting.compiling() == share
    return stream.getvalue()


def test_a_terminal_gets_a_bar_that_grows_and_leaves_nothing_behind(monkeypatch):
    *bars, wiped, end = written(Terminal(), monkeypatch).split("\r")[1:]
    assert [bar.rpartition(" ")[2] for bar in bars] == ["0%", "25%", "80%"]
    assert [bar.count("#") for bar in bars] == [0, 7, 24]
    assert (wiped.strip(), len(wiped), end) == ("", len(bars[-1]), "")


def test_a_log_gets_one_line(monkeypatch):
    text = written(io.StringIO(), monkeypatch)
    assert text == "Compiling the rules, which is done once, in about half a minute.\n"


def test_a_program_without_a_window_hears_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    waiting.OnStderr()(0.5)


def test_what_never_began_needs_no_end(monkeypatch):
    told = []
    with waiting.shown_by(told.append):
        waiting.tell(None)
    assert told == []


def test_a_command_that_draws_bars_draws_this_one_among_them(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "100")
    with progress(10):
        waiting.tell(0.25)
        time.sleep(DRAWN)
        waiting.tell(None)
    assert waiting.WORDS in stream.getvalue()
    assert "25/100" in stream.getvalue()
