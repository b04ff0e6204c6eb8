"""Tables as spreadsheets and people make them: read as they are meant, or told what to write."""

import re

import pytest
from four_towns import PLAIN, given, prepared, table

from sim.declared.scenario import load
from sim.errors import InputError
from sim.ready.kept import prepared as kept
from sim.ready.world import prepare


def same(one, other):
    return all(
        str(getattr(one.table, name)) == str(getattr(other.table, name))
        for name in one.table._fields
    )


READ = {
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "a byte-order mark": "\ufeff" + PLAIN,
    "Windows line ends": PLAIN.replace("\n", "\r\n"),
    "capitals and spaces": PLAIN.replace("code,name", "Code, Name ").replace(
        "easting_km", "Easting km"
    ),
    "blank lines and columns": "\n".join(f"{line},," for line in PLAIN.splitlines()) + "\n,,,,\n\n",
    "a last comma": "\n".join(f"{line}," for line in PLAIN.splitlines()) + "\n",
    "a tier in capitals": PLAIN.replace("district", "District"),
    "a blank line between": PLAIN.replace("T3,", "\n\nT3,"),
}


@pytest.mark.parametrize("what", READ)
def test_what_has_one_meaning_is_read(tmp_path, what):
    assert same(prepared(tmp_path, READ[what]), prepared(tmp_path, PLAIN))


def header(old, new):
    return PLAIN.replace(old, new, 1)


REFUSED = {
    "a title above": ("Our councils\n\n" + PLAIN, "line 1: 'Our councils' .*on line 3: delete"),
    "no header": (PLAIN.split("\n", 1)[1], "line 1 names no columns: write above it code,name,"),
    "a unit in the header": (
        header("budget_gbp_m", "Budget (£m)"),
        r"line 1: the column 'budget_gbp_m' is missing; rename 'Budget \(£m\)' to budget_gbp_m",
    ),
    "two misspelt": (
        header("easting_km", "eastings_km").replace("band_d", "bandd"),
        "columns 'easting_km', 'band_d' are missing; rename 'eastings_km' to easting_km, 'bandd'",
    ),
    "another word": (header("population", "inhabitants"), "'population' .*not known are 'inhab"),
    "one left out": (
        "\n".join(line.split(",", 1)[1] for line in PLAIN.splitlines()) + "\n",
        "'code' is missing; add it$",
    ),
    "Excel's own": (b"PK\x03\x04\x14", r"Excel workbook \(.xlsx\) .*'CSV UTF-8"),
    "Excel's old own": (b"\xd0\xcf\x11\xe0\xa1", r"\(.xls\) .*'CSV UTF-8"),
    "Unicode text": (PLAIN.encode("utf-16"), "Unicode text .*'CSV UTF-8"),
    "cp1252": (
        PLAIN.replace("Ashby", "Café").encode("cp1252"),
        "line 2: 'Café' is not in UTF-8 .*'CSV U",
    ),
    "a comma for thousands": (
        PLAIN.replace("120000", '"120,000"'),
        "line 3: '120,000' in column 'population'.*write 120000",
    ),
    "an unquoted comma for thousands": (
        table(
            easting_km=lambda row: float(row["easting_km"]),
            northing_km=lambda row: float(row["northing_km"]),
        ).replace("95000", "95,000"),
        "line 2: the row has 18 fields.*write 95000, not 95,000",
    ),
    "decimal commas": (PLAIN.replace(",", ";").replace(".", ","), "line 2: '0,40' .*write 0.40"),
    "pounds": (PLAIN.replace("13.0", "£13.0m"), "line 2: '£13.0m' in column 'budget.*write 13.0"),
    "millions of people": (PLAIN.replace("95000", "0.095m"), "column 'population'.*write 95000"),
    "percent": (PLAIN.replace("0.05", "5%"), "line 3: '5%' in column 'rural_share'.*write 0.05"),
    "nothing": (PLAIN.replace("13.0", ""), "line 2: nothing in column 'budget_gbp_m' is not a num"),
    "a tier misspelt": (PLAIN.replace("district", "distrct"), "line 2: tier .*write district"),
    "an error after blank lines": (
        PLAIN.replace("T3,", "\n\nT3,").replace("11.8", "x"),
        "line 6: 'x' in column 'budget_gbp_m'",
    ),
    "a name twice after blank lines": (
        PLAIN.replace("T3,Cole", "\n\nT3,Ashby"),
        "line 6: name 'Ashby' stands on line 2 too",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_names_file_line_and_what_to_write(tmp_path, what):
    content, words = REFUSED[what]
    with pytest.raises(InputError) as error:
        prepared(tmp_path, content)
    assert "own.csv" in str(error.value) and "\n" not in str(error.value)
    assert re.search(words, str(error.value))


FOLLOWED = [what for what in REFUSED if "write" in REFUSED[what][1] and "line" in REFUSED[what][1]]


@pytest.mark.parametrize("what", [w for w in FOLLOWED if isinstance(REFUSED[w][0], str)])
def test_who_writes_what_the_error_says_has_the_table(tmp_path, what):
    content = REFUSED[what][0]
    for _ in range(100):  # one cell after another
        try:
            assert same(prepared(tmp_path, content), prepared(tmp_path, PLAIN))
            return
        except InputError as error:
            content = followed(content, str(error))
    pytest.fail("the advice leads nowhere")


def followed(content, said):
    """Return a table in which one line is written as an error says."""
    line = int(re.search(r"line (\d+)", said)[1])
    lines = content.split("\n")
    if "names no columns" in said:
        heading = re.search(r"above it (\S+), in the order", said)[1].split(",")
        assert set(heading) <= set(PLAIN.split("\n", 1)[0].split(","))
        return f"{PLAIN.split(chr(10), 1)[0]}\n{content}"
    new = re.search(r"write ([^\s,]+)", said)[1]
    parted = re.search(r"not (\d+,\d+)$", said)
    old = parted[1] if parted else re.search(r"'([^']*)' (?:in column|is not known)", said)[1]
    for form in (f'"{old}"', old):
        if form in lines[line - 1]:
            lines[line - 1] = lines[line - 1].replace(form, new, 1)
            return "\n".join(lines)
    raise AssertionError(said)


def test_borders_are_read_in_the_same_forms(tmp_path):
    given(tmp_path, PLAIN)
    (tmp_path / "borders.csv").write_text("Code A;Code B\nT1;T3\n\n;\nT2;T3\nT4;T2\n")
    path = tmp_path / "touch.toml"
    path.write_text('[places]\ntable = "own.csv"\nadjacency = "borders.csv"\n')
    assert len(prepare(load(path)).table.links) == 3
    (tmp_path / "borders.csv").write_text("code_a,code_b\n\nT1,T9\n")
    with pytest.raises(InputError, match=r"borders.csv line 3: unknown code 'T9'"):
        prepare(load(path))
    (tmp_path / "borders.csv").write_text("code_a,codeb\nT1,T3\n")
    with pytest.raises(InputError, match="'code_b' is missing; rename 'codeb' to code_b"):
        prepare(load(path))


def test_a_folder_in_place_of_a_table_is_said(tmp_path):
    (tmp_path / "own.csv").mkdir()
    path = tmp_path / "own.toml"
    path.write_text('[places]\ntable = "own.csv"\n')
    with pytest.raises(InputError, match=r"own\.csv' is a folder"):
        kept(path)


def test_a_path_that_leads_nowhere_is_told_with_what_is_near(tmp_path):
    given(tmp_path, PLAIN)
    path = tmp_path / "own.toml"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "four.csv").write_text(PLAIN)
    told = {
        "'data\\four.csv'": r"write '(.*/data/four\.csv)', with forward slashes$",
        '"onw.csv"': r"in that folder: (own\.csv)",
        '"own.xlsx"': "in Excel save it as 'CSV UTF-8",
        '"OWN.CSV"': r"small letters, OWN\.csv$",
    }
    for name, words in told.items():
        path.write_text(f"[places]\ntable = {name}\n")
        with pytest.raises(InputError) as error:
            prepare(load(path))
        found = re.search(words, str(error.value))
        assert found, str(error.value)
        if found.groups():
            path.write_text(f'[places]\ntable = "{found[1]}"\n')
            assert len(prepare(load(path)).table.code) == 4
    path.write_text('base = "norfolk"\n[settlement]\npath = "cuts.xlsx"\n')
    with pytest.raises(InputError, match=r"history, flat, or a file in \.csv: in Excel save it as"):
        prepare(load(path))
