// Where the names of councils stand on the map, so that they hide no circle and no other name.
"use strict";

const SPOTS = /** @type {Point[]} */ ([[1, 0.35], [-1, 0.35], [0, 1], [0, -1], [0.7, 1], [-0.7, 1], [0.7, -1], [-0.7, -1]]); // sidewards and downwards
const FAR = [0, 14, 30, 50]; // how far from its circle a name may stand, with a line to it, in px
const ROUNDS = 4; // how often every name looks for its place anew, knowing the others

/** @typedef {{ key: string, spots: Map<string, Spot>, tried: Map<string, Spot[]> }} Placed */

class Names {
  /** @param {CouncilMap} map */
  constructor(map) {
    this.map = map;
    this.placed = /** @type {Placed} */ ({ key: "", spots: new Map(), tried: new Map() });
  }

  /** @param {Council[]} councils */
  draw(councils) {
    const { lens, chosen, svg } = this.map;
    const shown = lens.many
      ? councils.filter((c) => c.tier !== "county").slice(0, Math.round(18 * lens.zoom.factor ** 2))
      : councils;
    const size = parseFloat(getComputedStyle(svg).fontSize);
    const key = [lens.width, lens.height, size, lens.zoom.factor, ...lens.middle, ...shown.map((c) => c.code), chosen].join();
    if (this.placed.key !== key) this.placed = { key, ...this.settle(shown, size) };
    return shown.map((council) => drawName(this.dodge(council.code), size));
  }

  /**
   * A name stays where it is from quarter to quarter, but makes way for a cross or a mark.
   * @param {string} code
   */
  dodge(code) {
    const { spots, tried } = this.placed, spot = spots.get(code);
    const covered = (/** @type {Spot} */ one) => this.map.marks.reduce((sum, box) => sum + overlap(one.box, box), 0);
    if (!spot || !covered(spot)) return spot;
    return cheapest(known(tried, code), (one) => this.cost(one, code, spots) + 3 * covered(one));
  }

  /**
   * Find for each name the place about its circle where it hides least; each looks again, knowing the rest.
   * @param {Council[]} councils @param {number} size
   */
  settle(councils, size) {
    const circles = new Map([...this.map.at].map(([code, circle]) => [code, boxAbout(circle)]));
    const tried = new Map(councils.map((council) => [council.code, this.spotsOf(council, size, circles)]));
    const spots = /** @type {Map<string, Spot>} */ (new Map());
    for (let round = 0; round < (this.map.lens.many ? 1 : ROUNDS); round += 1) {
      for (const { code } of councils) spots.set(code, cheapest(known(tried, code), (spot) => this.cost(spot, code, spots)));
    }
    return { spots: this.sparse(spots, councils, size, circles), tried };
  }

  /**
   * What a name would hide in a place, the other names being where they are.
   * @param {Spot} spot @param {string} code @param {Map<string, Spot>} spots
   */
  cost(spot, code, spots) {
    let sum = spot.cost;
    for (const [other, { box, from, to }] of spots) {
      if (other === code) continue;
      sum += 2 * overlap(spot.box, box);
      if (from && crosses(from, to, spot.box)) sum += 150;
      if (spot.from && crosses(spot.from, spot.to, box)) sum += 150;
    }
    return sum;
  }

  /**
   * Leave out a name that still hides a circle or another name; it is told when its council is chosen.
   * @param {Map<string, Spot>} spots @param {Council[]} councils @param {number} size @param {Map<string, Box>} circles
   */
  sparse(spots, councils, size, circles) {
    const { lens, chosen } = this.map, kept = /** @type {Map<string, Spot>} */ (new Map());
    const order = [...councils].sort((a, b) => Number(chosen.includes(b.code)) - Number(chosen.includes(a.code)));
    for (const { code } of order) {
      const spot = known(spots, code);
      const taken = [...[...circles].filter(([other]) => other !== code).map(([, box]) => box), ...[...kept.values()].map((one) => one.box)];
      const hidden = taken.reduce((sum, box) => sum + overlap(spot.box, box), 0);
      if (hidden + lens.outside(spot.box) <= (lens.many ? 0 : 3 * size) || chosen.includes(code)) kept.set(code, spot);
    }
    return kept;
  }

  /**
   * Every place where a name could stand, in one line or two, with what it would hide there.
   * @param {Council} council @param {number} size @param {Map<string, Box>} circles
   */
  spotsOf(council, size, circles) {
    const { at, lens } = this.map;
    const disc = known(at, council.code), circle = council.was.length > 1 ? { ...disc, r: disc.r + 4 } : disc;
    const wholes = lens.many ? [[shorten(council.name)]] : linesOf(shorten(council.name));
    const fars = lens.many ? FAR.slice(0, 3) : FAR;
    const found = fars.flatMap((far) => wholes.flatMap((lines) => SPOTS.map((direction) => spotAt(circle, direction, far, lines, size))));
    for (const spot of found) spot.cost += costOfCircles(spot, council.code, circles, size) + lens.outside(spot.box);
    return found;
  }
}

/** @param {Spot | undefined} spot @param {number} size */
function drawName(spot, size) {
  if (!spot) return null;
  const text = draw("text", { "text-anchor": spot.anchor }, spot.lines.map((line, k) =>
    draw("tspan", { x: spot.x, y: spot.y + k * size }, line)));
  return draw("g", {}, spot.from ? draw("path", { class: "lead", d: `M${spot.from.join(" ")}L${spot.to.join(" ")}` }) : null, text);
}

/**
 * The place on one side of a circle, so far from it, with a line to it if it is not close by.
 * @param {Circle} circle @param {Point} direction @param {number} far @param {string[]} lines @param {number} size @returns {Spot}
 */
function spotAt({ x, y, r }, [side, down], far, lines, size) {
  const anchor = side > 0 ? "start" : side < 0 ? "end" : "middle";
  const wide = Math.max(...lines.map((line) => widthOf(line, size))), high = (lines.length - 1) * size;
  const beside = Math.abs(down) < 0.5;
  const at = x + side * (r + 4 + (beside ? far : 0.7 * far)) - (beside ? 0 : side * r * 0.3);
  const line = beside ? y + size * 0.35 - high / 2 : down > 0 ? y + r + size + far : y - r - size * 0.35 - high - far;
  const left = side > 0 ? at : side < 0 ? at - wide : at - wide / 2;
  const box = /** @type {Box} */ ([left, line - size * 0.85, left + wide, line + high + size * 0.25]);
  const to = /** @type {Point} */ ([side > 0 ? box[0] - 1 : side < 0 ? box[2] + 1 : at, beside ? (box[1] + box[3]) / 2 : down > 0 ? box[1] + 2 : box[3]]);
  const cost = (far ? 12 + 1.3 * far : 0) + 6 * (lines.length - 1) + (beside ? 0 : 8);
  return { x: at, y: line, anchor, lines, box, cost, from: far ? rim({ x, y, r }, to) : null, to };
}

/**
 * Where the line from a circle to its name begins.
 * @param {Circle} circle @param {Point} to @returns {Point}
 */
function rim({ x, y, r }, [toX, toY]) {
  const far = Math.hypot(toX - x, toY - y) || 1;
  return [x + r * (toX - x) / far, y + r * (toY - y) / far];
}

/**
 * What a name would hide of circles, and whether it would seem to belong to another circle.
 * @param {Spot} spot @param {string} code @param {Map<string, Box>} circles @param {number} size
 */
function costOfCircles({ box, from, to }, code, circles, size) {
  let sum = 0;
  const own = from ? 0 : apart(box, known(circles, code));
  for (const [other, circle] of circles) {
    if (other === code) continue;
    sum += 4 * overlap(box, circle);
    const nearer = apart(box, circle) - own; // so little farther from this circle than from its own
    if (nearer < size) sum += (from ? 10 : 50) * (1 - Math.max(nearer, 0) / size);
    if (from && crosses(from, to, circle)) sum += 300;
  }
  return sum;
}

/**
 * Return the place that costs least; of two alike, the first.
 * @param {Spot[]} spots @param {(spot: Spot) => number} cost
 */
function cheapest(spots, cost) {
  let best = spots[0], lowest = Infinity;
  for (const spot of spots) {
    const now = cost(spot);
    if (now < lowest) [best, lowest] = [spot, now];
  }
  return best;
}
