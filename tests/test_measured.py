"""Runs of which only what is measured is asked for: the bits of any other, in room used again."""

import threading

import numpy as np
import pytest
from test_once import WORLDS, world
from test_rules_observe import NETWORK

from sim import measured as arena
from sim.declared.scenario import load
from sim.measured import LINE, arena_for, measured
from sim.ready.kept import prepared
from sim.ready.varied import vary
from sim.running import luck_of, run_arrays

GARBAGE = (0xA5, 0x7F, 0xFF)
"""What every byte is: tiny and far below nought, as large as can be, and no number at all."""


def plainly(ready, luck):
    return run_arrays(ready, luck=luck, events=False).record.tobytes()


@pytest.mark.parametrize("name", WORLDS)
def test_it_has_the_bits_of_a_run_where_much_happens(name):
    ready = world(name)
    for replicate in range(2):
        luck = luck_of(5, replicate)
        assert measured(ready, luck=luck).tobytes() == plainly(ready, luck)


def test_worlds_of_other_shapes_and_numbers_one_after_the_other_leave_nothing_behind():
    seven, norfolk = prepared("norfolk-seven"), prepared("norfolk")
    grown = vary(norfolk, {"tax.base_growth_most": 0.004, "weighing.culture": 6.5})
    assert grown.blank.bases is not norfolk.blank.bases
    short = prepared(load("norfolk", quarters=5))
    order = [seven, norfolk, grown, norfolk, short, grown, seven, norfolk]
    for k, ready in enumerate(order):
        assert measured(ready, luck=luck_of(3, k)).tobytes() == plainly(ready, luck_of(3, k))


def test_what_is_blank_stays_blank_and_a_record_is_not_used_again():
    ready = prepared("norfolk-seven")
    before = {name: getattr(ready.blank, name).tobytes() for name in arena.FIELDS}
    first = measured(ready, luck=luck_of(1, 0))
    kept = first.tobytes()
    measured(ready, luck=luck_of(1, 1))
    assert first.tobytes() == kept
    assert before == {name: getattr(ready.blank, name).tobytes() for name in arena.FIELDS}


@pytest.mark.parametrize("name", WORLDS)
def test_where_the_last_quarter_is_asked_for_it_and_what_takes_no_time_have_the_same_bits(name):
    ready, luck = world(name), luck_of(5, 0)
    whole = measured(ready, luck=luck)
    record = measured(ready, luck=luck, last=True)
    assert record[-1:].tobytes() == whole[-1:].tobytes()
    for measure in record.dtype.names:
        before = record[measure][:-1]
        if measure not in ("winners", *NETWORK):
            assert before.tobytes() == whole[measure][:-1].tobytes(), measure
        else:
            assert np.isnan(before).all(), measure
    assert measured(ready, luck=luck).tobytes() == whole.tobytes()


@pytest.mark.parametrize("name", WORLDS)
def test_what_is_not_copied_may_hold_anything(name):
    ready, luck = world(name), luck_of(5, 0)
    expected = measured(ready, luck=luck).tobytes()
    assert expected == plainly(ready, luck)
    room = arena._KEPT.arena
    for byte in GARBAGE:
        for field in arena.NOT_READ:
            getattr(room.world, field).reshape(-1).view(np.uint8)[:] = byte
        assert measured(ready, luck=luck).tobytes() == expected, hex(byte)
        assert arena._KEPT.arena is room  # it was lived there


def test_where_there_are_more_deals_than_room_it_is_lived_again_with_more(monkeypatch):
    monkeypatch.setattr("sim.ready.world.DEALS_LEAST", 1)
    monkeypatch.setattr("sim.ready.world.DEALS_PER_COUNCIL", 0)
    ready = world("much of everything, beyond the known years")
    assert len(ready.blank.deals) == 1
    assert measured(ready, luck=luck_of(1, 0)).tobytes() == plainly(ready, luck_of(1, 0))


def test_each_array_begins_on_a_line_of_memory_and_none_overlaps():
    made = arena_for(prepared("norfolk").blank)
    sizes = np.array([getattr(made.world, name).nbytes for name in arena.FIELDS])
    places, sizes = made.world.where[sizes > 0, 0], sizes[sizes > 0]
    assert (places % LINE == 0).all()
    assert (np.diff(places) >= sizes[:-1]).all()


def test_threads_do_not_share_room():
    ready, found = prepared("norfolk-seven"), {}

    def live(first):
        found[first] = [measured(ready, luck=luck_of(1, first + k)).tobytes() for k in range(30)]

    threads = [threading.Thread(target=live, args=(first,)) for first in (0, 100, 200)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for first, bits in found.items():
        assert bits == [plainly(ready, luck_of(1, first + k)) for k in range(30)]


def test_a_large_country_keeps_no_room(monkeypatch):
    monkeypatch.setattr(arena, "LARGEST", 1000)
    monkeypatch.setattr(arena._KEPT, "arena", None)
    ready = prepared("norfolk-seven")
    assert measured(ready, luck=luck_of(1, 0)).tobytes() == plainly(ready, luck_of(1, 0))
    assert arena._KEPT.arena is None
