"""Starting the page on this computer, and writing a run as one file to take home."""

from __future__ import annotations

import secrets
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..whole import write_whole

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from .book import Worlds
    from .room.hall import Hall
    from .server import Wish

HOST, PORT = "127.0.0.1", 8642
CONNECTIONS_MOST = 500
"""How many connections are open at once; more are told to come later."""
EVERYWHERE = ("0.0.0.0", "::")
LOCAL = ("127.0.0.1", "localhost", "::1")

PAGES = (".html", ".htm")
"""How the name of a file ends that a browser opens."""


def serve(
    scenario: str,
    *,
    seed: int | None = None,
    host: str = HOST,
    port: int | None = None,
    browser: bool = True,
    lesson: Path | None = None,
    policies: Sequence[Path] = (),
    own: Sequence[Path] = (),
    outlines: Mapping[str, Any] | None = None,
    replicate: int | None = None,
    worlds: Worlds | None = None,
    room: bool = False,
) -> None:
    """Serve the page until somebody stops it.

    Args:
        seed, replicate: the run that is shown first; where neither is given, that of `famous`.
        room: whether phones of the room may take part.
        worlds: in which worlds scenarios are shown, if not at the numbers that they have.
        policies: files of the project that a room may put beside some scenario.
        own: files of the user's, to be put beside this one.

    Raises:
        InputError: the scenario, a policy, the lesson, the host or the port cannot be used.
    """
    from ..declared.scenario import load
    from ..running import luck_of
    from .beside import check_alike
    from .famous import run_to_begin
    from .room.doors import new_doors
    from .room.hall import Hall
    from .server import Wish, application

    seed, replicate, watch = run_to_begin(scenario, seed, replicate)
    luck_of(seed, replicate)
    for file in own:
        check_alike(load(scenario), load(file), file)
    hall = Hall(new_doors()) if room else None
    wish = Wish(
        scenario, seed, [*policies, *own], lesson, outlines, host, _token(host, hall), replicate,
        worlds, hall, "" if worlds else watch,
    )  # fmt: skip
    _run(application(wish), wish, _listen(host, port), browser)


def _token(host: str, hall: Hall | None) -> str | None:
    """Return what the address of the trainer's page must hold; None where only this computer is."""
    if hall is not None:
        return hall.doors.trainer
    return None if host in LOCAL else secrets.token_urlsafe(9)


def _run(app: Starlette, wish: Wish, listening: socket.socket, browser: bool) -> None:
    """Say where the page is, and answer until somebody stops it."""
    import uvicorn

    port = listening.getsockname()[1]
    address = _tell_address(wish.host, port, wish.token)
    most = CONNECTIONS_MOST
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, limit_concurrency=most)
    )
    if wish.hall is not None:
        wish.hall.over = lambda: server.should_exit
        wish.hall.address = _address_for_phones(wish.host, port)
        _tell_room(wish.hall)
    if browser:
        threading.Thread(target=_open, args=(server, address), daemon=True).start()
    server.run(sockets=[listening])


def _tell_address(host: str, port: int, token: str | None) -> str:
    """Write where the page is, with a warning where others can open it; return the address."""
    address = _address(host, port, token)
    if token is not None:
        print(
            "Warning: everybody on this network who has the address below can open the page and "
            "keep this computer busy. Give it only to the room, and stop the program afterwards.",
            file=sys.stderr,
        )
    print(f"The page is at {address} (stop it with Ctrl-C).", flush=True)
    number = _number_on_network() if host in EVERYWHERE else None
    if number is not None:
        print(f"Where that name is not known: {_address(number, port, token)}", flush=True)
    return address


def _address_for_phones(host: str, port: int) -> str:
    """Return the address that phones can reach: by number, since few know a computer's name."""
    number = _number_on_network() if host in EVERYWHERE else None
    return _address(number or host, port, None)


def _tell_room(hall: Hall) -> None:
    """Write how phones come in."""
    print(
        f"Phones of the room open {hall.address} and type {hall.doors.code}, or scan the square "
        "code that the page shows. They may look, bet and decide for a council, nothing else.",
        flush=True,
    )


def _listen(host: str, port: int | None) -> socket.socket:
    """Return a listening socket; without a port of the user's own, any free one will do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    tries = (PORT, 0) if port is None else (port,)
    for wanted in tries:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(sys.platform != "win32"))
        try:
            made.bind((host, wanted))
            made.listen(128)
            return made
        except (OSError, OverflowError) as error:
            made.close()
            problem = error
    raise InputError(
        f"the page cannot listen at {host}, port {tries[0]} ({problem}): give another --port or "
        "--host, or stop the program that uses it"
    )


def _address(host: str, port: int, token: str | None) -> str:
    """Return the address to open; a host that means all of this computer's is told by its name."""
    shown = socket.gethostname() if host in EVERYWHERE else host
    shown = f"[{shown}]" if ":" in shown else shown
    return f"http://{shown}:{port}/" + (f"?token={token}" if token else "")


def _number_on_network() -> str | None:
    """Return this computer's number on the network, for devices that do not know its name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it asks which way would be taken
            return str(probe.getsockname()[0])
        except OSError:
            return None


def _open(server: Any, address: str) -> None:
    while not server.started:
        time.sleep(0.02)
    webbrowser.open(address)


def replay(
    scenario: str,
    *,
    seed: int,
    replicate: int,
    out: Path,
    policy: str | None = None,
    outlines: Mapping[str, Any] | None = None,
    worlds: Worlds | None = None,
) -> int:
    """Write a run, beside that under a policy if one is given; return the bytes of the file.

    Raises:
        InputError: a scenario, the seed or the file cannot be used; or the run is too large.
    """
    if out.suffix.lower() not in PAGES:
        raise InputError(f"'{out}' is no page to a browser: name it {out.with_suffix('.html')}")
    from ..declared.scenario import load
    from .beside import check_alike
    from .branches import Side
    from .replay import as_html
    from .session import Memo, Session

    if out.exists():
        raise InputError(f"'{out}' exists already: name another file, or remove it first")
    files = {"a": load(scenario)} | ({"b": load(policy)} if policy else {})
    if policy:
        check_alike(files["a"], files["b"], policy)
    refs = {"a": scenario, "b": policy or ""}
    if worlds is not None:
        files = {side: worlds.lay(refs[side], side == "b", worlds.first) for side in files}
    memo = Memo(
        seed=seed,
        replicate=replicate,
        a=Side(scenario="a"),
        b=Side(scenario="b") if policy else None,
    )
    session = Session(memo, lambda name: (refs[name], files[name]))
    made = as_html(session, dict(outlines or {}))
    with write_whole(out) as file:
        file.write(made)
    return len(made)
