"""What proves that a run is the one that a file tells of: a hash of its bits and its making."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from .declared.scenario import Scenario, Strict, load
from .errors import InputError
from .identity import code_fingerprint, data_hashes
from .ready.kept import prepared
from .running import Raw, luck_of, run_arrays

MARK = "# proof: "
"""Begins the line of a scenario file that holds the proof; to TOML it is a comment."""


class Proof(Strict):
    """The run that a scenario file tells of."""

    seed: int
    replicate: int
    bits: str  # of everything that was measured and of every event
    scenario: str
    code: str
    data: str


class Proven(NamedTuple):
    """Whether a run lived again has the bits of its proof, and what is not what it was."""

    same: bool
    proof: Proof
    changed: list[str]


class Relived(NamedTuple):
    """The run of a scenario file, lived again."""

    scenario: Scenario
    raw: Raw
    proven: Proven


def bits_of(raw: Raw) -> str:
    """Return a hash of all that was measured in a run and of all that happened, to the bit."""
    digest = hashlib.sha256(raw.record.tobytes())
    for name in raw.events.dtype.names or ():
        digest.update(raw.events[name].tobytes())
    return digest.hexdigest()


def proof_of(scenario: Scenario, raw: Raw, *, seed: int, replicate: int) -> Proof:
    """Return the proof of a run lived to its end."""
    return Proof(
        seed=seed, replicate=replicate, bits=bits_of(raw), scenario=scenario.fingerprint(),
        code=code_fingerprint(), data=_data(),
    )  # fmt: skip


def line_of(proof: Proof) -> str:
    """Return the line of a scenario file that holds a proof."""
    return MARK + proof.model_dump_json()


def verify_file(path: Path) -> Proven:
    """Live the run of a scenario file again and compare it with the file's proof.

    Raises:
        InputError: the file cannot be used, or holds no proof.
    """
    return relive(path).proven


def relive(path: Path) -> Relived:
    """Live the run of a scenario file again; return it with whether it is the run of the proof.

    Raises:
        InputError: the file cannot be used, or holds no proof.
    """
    scenario, proof = load(path), _read(path)
    luck = luck_of(proof.seed, proof.replicate)
    raw = run_arrays(prepared(scenario), luck=luck)
    now = proof_of(scenario, raw, seed=proof.seed, replicate=proof.replicate)
    changed = [
        name for name in ("scenario", "code", "data") if getattr(now, name) != getattr(proof, name)
    ]
    return Relived(scenario, raw, Proven(now.bits == proof.bits, proof, changed))


def _data() -> str:
    return hashlib.sha256(json.dumps(data_hashes(), sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> Proof:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]
    if not found:
        raise InputError(
            f"'{path}' holds no proof of a run: give the folder of a result, or a scenario file "
            "that the page wrote"
        )
    try:
        return Proof.model_validate_json(found[-1])
    except ValidationError:
        raise InputError(
            f"'{path}': the line '{MARK}...' is damaged; save the file again"
        ) from None
