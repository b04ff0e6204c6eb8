// Where the names of councils stand on the map, so that they hide no circle and no other name.
"use strict";

const SPOTS = /** @type {Point[]} */ ([[1, 0.35], [-1, 0.35], [0, 1], [0, -1], [0.7, 1], [-0.7, 1], [0.7, -1], [-0.7, -1]]); // sidewards and downwards
const FAR = [0, 0.9, 1.9, 3.1, 4.5, 6]; // how far from its circle a name may stand, with a line to it, in letters
const ROUNDS = 6; // how often every name looks for its place anew, knowing the others
const ORDERS = /** @type {((some: Council[]) => Council[])[]} */ ([
  (some) => some, (some) => [...some].reverse(),
  (some) => [...some].sort((a, b) => a.x - b.x), (some) => [...some].sort((a, b) => b.x - a.x),
  (some) => [...some].sort((a, b) => a.y - b.y), (some) => [...some].sort((a, b) => b.y - a.y),
]); // in which names look for their places; the best is taken

class Names {
  /** @param {CouncilMap} map */
  constructor(map) {
    this.map = map;
    this.spots = /** @type {Map<string, Spot>} */ (new Map()); // of every council there was so far
  }

  /** @param {Council[]} councils */
  draw(councils) {
    const { chosen } = this.map, size = this.map.letters;
    return councils.map(({ code, ...council }) => {
      const spot = this.spots.get(code) ?? (chosen.includes(code) ? this.best({ code, ...council }, councils) : undefined);
      return drawName(code, spot, size);
    });
  }

  /**
   * Find for each new name the place where it hides least; each looks again, knowing the rest. Others stay.
   * @param {Council[]} fresh @param {string[]} beside
   */
  settle(fresh, beside) {
    const { lens } = this.map;
    const shown = lens.many ? fresh.filter((c) => c.tier !== "county").slice(0, Math.round(18 * lens.zoom.factor ** 2)) : fresh;
    const circles = this.boxes([...beside, ...fresh.map((council) => council.code)]);
    const tried = new Map(shown.map((council) => [council.code, this.spotsOf(council, circles)]));
    const held = /** @type {[string, Spot][]} */ (beside.flatMap((code) => { const spot = this.spots.get(code); return spot ? [[code, spot]] : []; }));
    const orders = lens.many ? [shown] : ORDERS.map((order) => order(shown));
    const found = orders.map((order) => this.settleIn(order, tried, new Map(held)));
    this.keep(shown, cheapest(found, ({ cost }) => cost).spots, circles);
  }

  /**
   * Let names find their places in an order; return where they stand, and at what cost in all.
   * @param {Council[]} order @param {Map<string, Spot[]>} tried @param {Map<string, Spot>} spots
   */
  settleIn(order, tried, spots) {
    for (let round = 0; round < (this.map.lens.many ? 1 : ROUNDS); round += 1) {
      for (const { code } of order) spots.set(code, cheapest(known(tried, code), (spot) => this.cost(spot, code, spots)));
    }
    return { spots, cost: order.reduce((sum, { code }) => sum + this.cost(known(spots, code), code, spots), 0) };
  }

  /**
   * Where a name would stand that has no place of its own.
   * @param {Council} council @param {Council[]} councils
   */
  best(council, councils) {
    return cheapest(this.spotsOf(council, this.boxes(councils.map(({ code }) => code))), (spot) => this.cost(spot, council.code, this.spots));
  }

  /**
   * The boxes about the circles of some councils.
   * @param {string[]} codes
   */
  boxes(codes) {
    return new Map(codes.map((code) => [code, boxAbout(known(this.map.at, code))]));
  }

  /**
   * What a name would hide in a place, the other names being where they are.
   * @param {Spot} spot @param {string} code @param {Map<string, Spot>} spots
   */
  cost(spot, code, spots) {
    let sum = spot.cost;
    for (const [other, { box, from, to }] of spots) {
      if (other === code) continue;
      sum += 4 * overlap(spot.box, box);
      if (from && crosses(from, to, spot.box)) sum += 150;
      if (spot.from && crosses(spot.from, spot.to, box)) sum += 150;
      if (from && spot.from && cross(from, to, spot.from, spot.to)) sum += 100;
    }
    return sum;
  }

  /**
   * Keep the new names, but for one that still hides a circle or another name; it is told when its council is chosen.
   * @param {Council[]} shown @param {Map<string, Spot>} spots @param {Map<string, Box>} circles
   */
  keep(shown, spots, circles) {
    const { lens, letters } = this.map, news = new Set(shown.map(({ code }) => code));
    const taken = [...spots].filter(([code]) => !news.has(code)).map(([, { box }]) => box);
    for (const code of news) {
      const spot = known(spots, code);
      const others = [...taken, ...[...circles].filter(([other]) => other !== code).map(([, box]) => box)];
      const hidden = others.reduce((sum, box) => sum + overlap(spot.box, box), 0);
      if (hidden + lens.outside(spot.box) > (lens.many ? 0 : 3 * letters)) continue;
      this.spots.set(code, spot);
      taken.push(spot.box);
    }
  }

  /**
   * Every place where a name could stand, in one line or two, with what it would hide there.
   * @param {Council} council @param {Map<string, Box>} circles
   */
  spotsOf(council, circles) {
    const { at, lens, letters } = this.map;
    const disc = known(at, council.code), circle = council.was.length > 1 ? { ...disc, r: disc.r + RING } : disc;
    const wholes = lens.many ? [[shorten(council.name)]] : linesOf(shorten(council.name));
    const fars = lens.many ? FAR.slice(0, 3) : FAR;
    const found = fars.flatMap((far) => wholes.flatMap((lines) => SPOTS.map((direction) => spotAt(circle, direction, far * letters, lines, letters))));
    for (const spot of found) spot.cost += costOfCircles(spot, council.code, circles, letters) + lens.outside(spot.box);
    return found;
  }
}

/** @param {string} code @param {Spot | undefined} spot @param {number} size */
function drawName(code, spot, size) {
  if (!spot) return null;
  const text = draw("text", { "text-anchor": spot.anchor }, spot.lines.map((line, k) =>
    draw("tspan", { x: spot.x, y: spot.y + k * size }, line)));
  return draw("g", { "data-name": code }, spot.from ? draw("path", { class: "lead", d: `M${spot.from.join(" ")}L${spot.to.join(" ")}` }) : null, text);
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
  const cost = (far ? 12 + far : 0) + 6 * (lines.length - 1) + (beside ? 0 : 8);
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
