"""One page that tells a result: a file that opens anywhere, without network and without scripts."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...sim.errors import InputError
from ...sim.whole import write_whole
from ..stored.folder import FIGURES
from ..stored.reading import read_record
from .contents import Contents, Picture
from .first_use import FirstUse
from .imprint import NOTHING_SAID, Stamp, imprint, report_command
from .orders_told import day
from .places import check_place, check_target, default_target, folder_of, home_of, shared
from .short import readable

TEMPLATES = Path(__file__).parent / "templates"
SHADES = 16
"""Of red, green and blue in an embedded figure, so that the page is small enough to send."""
FULL = 255


class Report(NamedTuple):
    """A report that was written."""

    file: Path
    figures: list[Path]
    contents: Contents


def report(
    place: Path, file: Path | None = None, *, force: bool = False, said: Stamp = NOTHING_SAID
) -> Report:
    """Write the report of a kept result, and its figures next to it.

    `said` is what its maker says of it, and whether the short form is wanted.

    Raises:
        InputError: there is no result, or another file stands where the report would.
    """
    check_place(place)
    if file is not None:
        check_target(file, place)
    contents, home = contents_of(place), home_of(place)
    target = default_target(place, home, short=said.short) if file is None else file
    beside = _beside(home, target)
    writing = {target: page(contents, home, said).encode()}
    for picture in shown(contents.pictures, home, said):
        for ending in (".png", ".svg"):
            source = home / picture.folder / (picture.name + ending)
            writing[beside / source.name] = _drawn(source)
    _write_all(writing, force=force)
    return Report(target, sorted(set(writing) - {target}), contents)


def contents_of(place: Path) -> Contents:
    """Return what there is to tell of a kept result, of whatever kind.

    Raises:
        InputError: there is none.
    """
    contents = _contents_of(place)
    return contents._replace(folder=folder_of(place, contents.commands))


def _contents_of(place: Path) -> Contents:
    if shared(place):
        from .shared_contents import contents_of_file

        return contents_of_file(place)
    kind = read_record(place).kind
    if kind in ("study", "sensitivity"):
        from .study_contents import contents_of_study

        return contents_of_study(place if kind == "study" else home_of(place))
    if kind == "comparison":
        from .comparison_contents import contents_of_comparison

        return contents_of_comparison(place)
    if kind == "scorecard":
        from .scorecard_contents import contents_of_scorecard

        return contents_of_scorecard(place)
    from .run_contents import contents_of_run

    return contents_of_run(place)


def _drawn(path: Path) -> bytes:
    """Return a figure's file; a report without it would look whole and not be."""
    try:
        return path.read_bytes()
    except OSError:
        raise _missing(path) from None


def _missing(path: Path) -> InputError:
    return InputError(
        f"'{path}' is missing or torn, and no report is written without it: run the command that "
        "made the result again"
    )


def _beside(folder: Path, target: Path) -> Path:
    """Return where the figures go: next to the page, in a folder that says whose they are."""
    if target.parent.resolve() == folder.resolve():
        return folder / FIGURES
    return target.parent / f"{target.stem}-{FIGURES}"


def _write_all(writing: Mapping[Path, bytes], *, force: bool) -> None:
    """Write files, or none when one of them would replace another one unasked."""
    new = {path: data for path, data in writing.items() if not _holds(path, data)}
    for path in new:
        if path.exists() and not force:
            raise InputError(
                f"'{path}' exists and differs: name another file with -o, or replace it with "
                "--force"
            )
    for path, data in new.items():
        path.parent.mkdir(exist_ok=True)
        with write_whole(path, replace=force) as file:
            file.write(data)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def page(contents: Contents, home: Path, said: Stamp = NOTHING_SAID) -> str:
    """Return a report as one HTML file that needs nothing else; `home` holds its figures."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from .misses_told import TITLE as MISSES, misses_told
    from .short import shortened
    from .words_told import texts_of, words_told

    places = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    from markupsafe import Markup

    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    contents = explained(contents)
    short = shortened(contents) if said.short else None
    pictures = shown(contents.pictures, home, said)
    return places.get_template("page.html" if short is None else "short.html").render(
        contents=contents,
        short=short,
        left_out=len(contents.pictures) - len(pictures),
        words=words_told(texts_of(contents) if short is None else short.texts(contents)),
        misses=misses_told(contents.outcomes, contents.origin.code),
        misses_title=MISSES,
        said=said,
        told_date="" if said.dated is None else day(said.dated),
        imprint=imprint(contents, said),
        report_command=report_command(contents, said),
        policy=policy_for(style),
        style=Markup(style),  # our own file, whose hash the policy names
        pictures=[embedded(picture, home) for picture in pictures],
    )


def shown(pictures: Sequence[Picture], home: Path, said: Stamp) -> list[Picture]:
    """Return the figures of a report: of a short one those that can be read at its size."""
    if not said.short:
        return list(pictures)
    from PIL import Image

    sizes = []
    for picture in pictures:
        try:
            with Image.open(home / picture.folder / f"{picture.name}.png") as image:
                sizes.append(image.size)
        except OSError:
            raise _missing(home / picture.folder / f"{picture.name}.png") from None
    return [pictures[k] for k in readable(sizes)]


def explained(contents: Contents) -> Contents:
    """Return the contents with every number said in words where it is first named."""
    first = FirstUse()
    first.note(contents.question)  # of many numbers it gives the names only
    answer = first.say(contents.answer)
    parts = [part._replace(sentences=first.say(part.sentences)) for part in contents.parts]
    told = dict(zip(contents.answer, answer, strict=True))
    turns = [told.get(text, text) for text in contents.turns]  # which the answer says too
    return contents._replace(answer=answer, parts=parts, turns=first.say(turns))


def policy_for(style: str) -> str:
    """Return a Content-Security-Policy that allows this style and embedded images, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


def embedded(picture: Picture, home: Path) -> dict[str, Any]:
    """Return a figure with its image as part of the page.

    Raises:
        InputError: the image is missing or torn.
    """
    from PIL import Image

    path = home / picture.folder / f"{picture.name}.png"
    held = io.BytesIO()
    try:
        with Image.open(path) as image:
            width, height = image.size
            few = image.convert("RGB")
    except OSError:  # as Pillow also says of a file that is torn
        raise _missing(path) from None
    steps = [round(shade / FULL * (SHADES - 1)) * FULL // (SHADES - 1) for shade in range(256)]
    few.point(steps * 3).save(held, format="WEBP", lossless=True, quality=80, method=4)
    data = base64.b64encode(held.getvalue()).decode()
    return picture._asdict() | {
        "data": f"data:image/webp;base64,{data}", "width": width, "height": height,
    }  # fmt: skip


def show_report(written: Report, *, as_json: bool) -> None:
    """Write where a report is, and its answer, for people or as one JSON value."""
    from ..terminal import say, say_json
    from ..words import shorten

    contents = written.contents
    if as_json:
        say_json({
            "file": str(written.file), "figures": [str(path) for path in written.figures],
            "kind": contents.kind, "title": contents.title, "failures": contents.failures,
            "cautions": list(contents.cautions), "question": contents.question,
            "answer": contents.answer, "basis": contents.basis,
            "further": {part.title: part.sentences for part in contents.parts},
        })  # fmt: skip
        return
    for sentence in (*contents.cautions, *contents.failures, *contents.answer):
        say(sentence)
    for part in contents.parts:
        say(part.title)
        for sentence in part.sentences:
            say(f"  {sentence}")
    say(f"Report: {shorten(written.file.resolve())}")
