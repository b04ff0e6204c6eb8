// Where circles and names stand: settled once for a run, so that nothing jumps while it plays.
"use strict";

const STEPS_ASIDE = [0, 8, 16, 24, 36, 50, 70]; // how far a merged council may stand from its centre, in px
const WAYS_ASIDE = 12;

class Places {
  /** @param {CouncilMap} map */
  constructor(map) {
    this.map = map;
    this.names = new Names(map);
    this.circles = /** @type {Map<string, Circle>} */ (new Map()); // of every council there was so far
    this.key = "";
    this.first = /** @type {Frame | null} */ (null);
    this.settled = 0; // frames
  }

  /**
   * Find a place for every council of these frames: each keeps the one it had when it was first seen.
   * @param {Frame[]} frames
   */
  settle(frames) {
    const { lens } = this.map, size = this.map.letters;
    const key = [lens.width, lens.height, size, lens.zoom.factor, ...lens.middle, ...lens.taken.flat()].join();
    if (this.key !== key || this.first !== frames[0]) {
      Object.assign(this, { key, first: frames[0], settled: 0 });
      this.circles.clear();
      this.names.spots.clear();
    }
    for (; this.settled < frames.length; this.settled += 1) this.add(frames[this.settled].councils);
  }

  /**
   * Add those that are new among the councils of a quarter; the others stay.
   * @param {Council[]} councils
   */
  add(councils) {
    const { lens } = this.map;
    const fresh = councils.filter((council) => !this.circles.has(council.code)).sort((a, b) => b.population - a.population);
    if (!fresh.length) return;
    const beside = councils.filter((council) => this.circles.has(council.code)).map((council) => council.code);
    const places = fresh.map((council) => lens.place(council));
    if (!lens.many && !beside.length) pushApart(places);
    fresh.forEach((council, k) => {
      this.circles.set(council.code, lens.many || !beside.length ? places[k] : this.free(places[k], beside));
    });
    this.names.settle(fresh, beside);
  }

  /**
   * The nearest place at which a circle covers no other circle and no name.
   * @param {Circle} circle @param {string[]} beside @returns {Circle}
   */
  free(circle, beside) {
    const spots = beside.flatMap((code) => this.names.spots.get(code) ?? []);
    const taken = [...beside.map((code) => boxAbout(known(this.circles, code))), ...spots.map((spot) => spot.box)];
    const tries = STEPS_ASIDE.flatMap((far) => Array.from({ length: far ? WAYS_ASIDE : 1 }, (_, k) => {
      const way = 2 * Math.PI * k / WAYS_ASIDE;
      return { ...circle, x: circle.x + far * Math.cos(way), y: circle.y + far * Math.sin(way), far };
    }));
    const { x, y, r } = cheapest(tries, (one) => {
      const about = boxAbout({ ...one, r: one.r + RING });
      return one.far + 10 * taken.reduce((sum, box) => sum + overlap(about, box), 0) + this.map.lens.outside(about);
    });
    return { x, y, r };
  }
}

/**
 * Move circles that cover each other a little apart, so that each can be seen and clicked.
 * @param {Circle[]} places
 */
function pushApart(places) {
  for (let round = 0; round < 30; round += 1) {
    for (const [k, a] of places.entries()) {
      for (const b of places.slice(k + 1)) {
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const far = Math.hypot(dx, dy) || 1;
        const short = (a.r + b.r + 3 - far) / 2;
        if (short <= 0) continue;
        a.x -= dx / far * short; a.y -= dy / far * short;
        b.x += dx / far * short; b.y += dy / far * short;
      }
    }
  }
}

/**
 * Return what costs least; of two alike, the first.
 * @template T @param {T[]} tries @param {(one: T) => number} cost
 */
function cheapest(tries, cost) {
  let best = tries[0], lowest = Infinity;
  for (const one of tries) {
    const now = cost(one);
    if (now < lowest) [best, lowest] = [one, now];
  }
  return best;
}
