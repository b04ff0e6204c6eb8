"""Tables never cut what one types or reads as a number; progress is told where nobody looks on."""

import pytest

from experiments import terminal

NAMES = ("search.base_management", "weighing.sovereignty")
WIDE = {"Factor": "word", "Rank": "right", "First-order": "right",
        "Total and 95% interval": "right", "About": "left"}  # fmt: skip
ROWS = [[name, "not told apart", "0.12 (-0.03 to 0.27)", "0.2 (0 to 0.4)", "words to fold"]
        for name in NAMES]  # fmt: skip


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_a_table_is_never_cut(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    terminal.show_table("Title", WIDE, ROWS, note="A note.")
    told = capsys.readouterr().out
    for text in (*NAMES, *WIDE, "0.12 (-0.03 to 0.27)", "not told apart", "A note."):
        assert text in told
    assert told.splitlines()[0].strip() == "Title"
    assert ("Rank: not told apart" in told) == (columns != "200")


def test_a_table_that_fits_stays_a_table(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    terminal.show_table("", {"Name": "word", "What": "left"}, [["a.name", "some words " * 20]])
    told = capsys.readouterr().out
    assert "What: " not in told and max(map(len, told.splitlines())) <= 80


def test_a_log_gets_a_line_now_and_then_and_not_at_once(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    with terminal.progress(1000) as watch:
        for done in range(0, 200, 10):
            watch("Running", done)
            now[0] += 10
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Running: 30 of 1,000, at most 16 minutes left"
    assert 5 <= len(lines) <= 7
    with terminal.progress(1000) as watch:
        watch("Running", 1000)
    assert capsys.readouterr().err == ""


def test_another_kind_of_work_has_a_total_of_its_own(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    with terminal.progress(100) as watch:
        watch("Comparing", 50)
        now[0] += 60
        watch("Trying assumptions", 496, 590)
    assert capsys.readouterr().err.startswith("Trying assumptions: 496 of 590")


def test_under_half_is_not_called_nearly_there(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    with terminal.progress(677) as watch:
        watch("Running", 0)
        now[0] += 31
        watch("Running", 280)
    assert capsys.readouterr().err == "Running: 280 of 677, less than a minute left\n"
