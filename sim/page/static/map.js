// The map: councils as circles by population, links by kind with colour, width and dash.
"use strict";

const KINDS = {
  service: { title: "Shared service", bend: 0.13 },
  management: { title: "Shared management", bend: 0 },
  merger: { title: "Merger being set up", bend: 0 },
  talks: { title: "Talks under way", bend: -0.13 },
};
const FEW = 40; // up to so many councils, each is named
const SPOTS = [[1, 0.35], [-1, 0.35], [0, 1], [0, -1], [0.7, 1], [-0.7, 1], [0.7, -1], [-0.7, -1]];
const FAR = [0, 14, 30, 50]; // how far from its circle a name may stand, with a line to it, in px
const ROUNDS = 4; // how often every name looks for its place anew, knowing the others
const LINE_MOST = 21; // letters in one line of a name
const LEAST_GAP = 0.15; // share of income: an expected gap that is marked

class CouncilMap {
  constructor(svg, pick) {
    this.svg = svg;
    this.pick = pick;
    this.outlines = {};
    this.zoom = { factor: 1, x: null, y: null };
    this.placed = { key: "", spots: new Map() };
    svg.addEventListener("keydown", (event) => this.walk(event));
    this.dragging();
  }

  /** Draw a frame; `chosen` holds the codes of what is explained. */
  show(frame, chosen) {
    this.frame = frame;
    this.chosen = chosen;
    const box = this.svg.getBoundingClientRect();
    if (!frame || !box.width) return;
    this.width = box.width;
    this.height = box.height;
    this.svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
    this.fit(frame);
    this.at = new Map(frame.councils.map((council) => [council.code, this.place(council)]));
    if (!this.many) pushApart([...this.at.values()]);
    const focused = this.svg.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const inOrder = [...frame.councils].sort((a, b) => b.population - a.population);
    const crosses = this.drawCrosses(frame);
    this.svg.replaceChildren(
      this.drawOutlines(),
      draw("g", { class: "links" }, this.drawLinks(frame)),
      draw("g", { class: "crosses" }, crosses),
      draw("g", { class: "councils" }, inOrder.map((council) => this.drawCouncil(council))),
      draw("g", { "aria-hidden": "true", class: "labels" }, this.drawLabels(inOrder)),
    );
    this.rove(focused);
  }

  fit({ councils }) {
    if (!this.extent) {
      const points = councils.flatMap((c) => [[c.x, c.y], ...(this.ringsOf(c)).flat()]);
      const x = points.map((point) => point[0]), y = points.map((point) => point[1]);
      this.extent = [least(x), most(x), least(y), most(y)];
      this.outlined = councils.some((c) => this.ringsOf(c).length);
      this.many = councils.length > FEW;
      this.largest = Math.max(...councils.filter((c) => c.tier !== "county").map((c) => c.population));
    }
    const [left, right, low, high] = this.extent;
    const [aside, above] = this.many || this.outlined ? [20, 20] : [Math.min(120, this.width / 4.5), 34];
    const base = Math.min(
      (this.width - 2 * aside) / Math.max(right - left, 10),
      (this.height - 2 * above) / Math.max(high - low, 10),
    );
    this.scale = base * this.zoom.factor;
    this.middle = [this.zoom.x ?? (left + right) / 2, this.zoom.y ?? (low + high) / 2];
    const widest = Math.min(this.width, this.height) / (this.many ? 45 : 24);
    this.radiusMost = Math.min(widest * (this.many ? Math.sqrt(this.zoom.factor) : 1), 30);
  }

  point(x, y) {
    return [
      this.width / 2 + (x - this.middle[0]) * this.scale,
      this.height / 2 - (y - this.middle[1]) * this.scale,
    ];
  }

  place(council) {
    const [x, y] = this.point(council.x, council.y);
    const share = Math.min(council.population / this.largest, 2.5);
    return { x, y, r: Math.max(this.radiusMost * Math.sqrt(share), this.many ? 2.5 : 7) };
  }

  /** The outlines of a council, or of those that it was made of. */
  ringsOf(council) {
    return [...new Set([council.code, ...council.was])].flatMap((code) => this.outlines[code] ?? []);
  }

  drawOutlines() {
    const rings = this.frame.councils.flatMap((council) => this.ringsOf(council));
    const path = rings.map((ring) => `M${ring.map(([x, y]) => this.point(x, y).map((v) => v.toFixed(1)).join(" ")).join("L")}Z`);
    return draw("path", { class: "outline", d: path.join("") });
  }

  drawLinks(frame) {
    const bundles = new Map();
    for (const deal of frame.deals) {
      for (const code of deal.who.slice(1)) {
        const key = `${[deal.who[0], code].sort().join("|")}|${deal.kind}`;
        if (!bundles.has(key)) bundles.set(key, { ends: [deal.who[0], code], kind: deal.kind, deals: [] });
        bundles.get(key).deals.push(deal);
      }
    }
    const order = ["service", "merger", "management", "talks"];
    return [...bundles.values()]
      .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
      .map((bundle) => this.drawLink(bundle));
  }

  drawLink({ ends, kind, deals }) {
    const [from, to] = [...ends].sort().map((code) => this.at.get(code));
    if (!from || !to) return null;
    const bend = KINDS[kind].bend;
    const mid = [(from.x + to.x) / 2 + bend * (to.y - from.y), (from.y + to.y) / 2 - bend * (to.x - from.x)];
    const path = `M${from.x} ${from.y}Q${mid[0]} ${mid[1]} ${to.x} ${to.y}`;
    const many = Math.min(deals.length, 4);
    const chosen = this.chosen.length === 2 && ends.every((code) => this.chosen.includes(code));
    const deep = deals.some((deal) => !isService(deal.scope));
    const classes = `link ${kind} many${many}${deep ? " deep" : ""}${chosen ? " chosen" : ""}`;
    const words = deals.map((deal) => `${KINDS[kind].title}: ${deal.title}, ${deal.stage}`).join("\n");
    return draw("g", {
      class: classes, role: "button", tabindex: -1, "aria-label": `${ends.map((code) => this.nameOf(code)).join(" and ")}: ${words}`,
      "data-ends": ends.join("|"), "data-key": `link ${kind} ${ends.join("|")}`, onclick: () => this.pick(...ends),
    },
      draw("title", {}, words),
      draw("path", { class: "line", d: path }),
      draw("path", { class: "reach", d: path }));
  }

  /** Mark what failed or ended in the quarter that has just passed. */
  drawCrosses(frame) {
    this.crossed = [];
    this.badges = [];
    const arm = this.many && this.zoom.factor < 3 ? 2.5 : 5;
    return frame.events
      .filter((event) => ["talks_fail", "ends"].includes(event.kind) && event.who.length === 2)
      .map((event) => {
        const [a, b] = event.who.map((code) => this.at.get(code));
        if (!a || !b) return null;
        const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
        this.crossed.push([x - 2.2 * arm, y - 2.2 * arm, x + 2.2 * arm, y + 2.2 * arm]);
        return draw("g", {
          class: "cross", role: "button", tabindex: -1, "aria-label": event.said,
          "data-key": `cross ${event.deal} ${event.who.join("|")}`, onclick: () => this.pick(...event.who),
        },
          draw("title", {}, event.said),
          draw("circle", { cx: x, cy: y, r: 2.2 * arm }),
          draw("path", { d: `M${x - arm} ${y - arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}` }));
      });
  }

  drawCouncil(council) {
    const { x, y, r } = this.at.get(council.code);
    const merged = council.was.length > 1;
    const trouble = council.distress ? "cannot balance its budget (section 114)"
      : council.expected > LEAST_GAP * council.income ? "expects a gap above 15% of its budget" : "";
    const words = [council.name, merged ? "merged council" : "", trouble].filter(Boolean).join(", ");
    const classes = `council ${council.tier}${this.chosen.includes(council.code) ? " chosen" : ""}`;
    return draw("g", {
      class: classes, role: "button", tabindex: -1, "aria-label": words, "data-code": council.code,
      "data-key": council.code, onclick: () => this.pick(council.code),
    },
    draw("title", {}, words),
    merged ? draw("circle", { class: "ring", cx: x, cy: y, r: r + 4 }) : null,
    draw("circle", { class: "disc", cx: x, cy: y, r }),
    trouble ? this.drawTrouble(council.distress, x + r * 0.72 + 2, y - r * 0.72 - 2) : null);
  }

  drawTrouble(deep, x, y) {
    const size = this.many ? 5 : 11;
    this.badges.push([x - size, y - size, x + size, y + size]);
    const shape = deep
      ? draw("path", { d: `M${x} ${y - size}l${size} ${size * 1.8}h${-2 * size}z` })
      : draw("circle", { cx: x, cy: y + 1, r: size - 1 });
    const letter = draw("text", { x, y: y + (deep ? size * 0.65 : 6 * size / 9), "font-size": size * 1.5 }, deep ? "!" : "£");
    return draw("g", { class: deep ? "trouble deep" : "trouble" }, shape, this.many ? null : letter);
  }

  nameOf(code) {
    return this.frame.councils.find((council) => council.code === code)?.name ?? code;
  }

  drawLabels(councils) {
    const shown = this.many
      ? councils.filter((c) => c.tier !== "county").slice(0, Math.round(18 * this.zoom.factor ** 2))
      : councils;
    const size = parseFloat(getComputedStyle(this.svg).fontSize);
    const key = [this.width, this.height, size, this.zoom.factor, ...this.middle, ...shown.map((c) => c.code), this.chosen].join();
    if (this.placed.key !== key) this.placed = { key, ...this.placeLabels(shown, size) };
    return shown.map((council) => this.drawLabel(this.dodge(council.code), size));
  }

  /** A name stays where it is from quarter to quarter, but makes way for a cross or a mark. */
  dodge(code) {
    const { spots, tried } = this.placed, spot = spots.get(code);
    const marks = [...this.crossed, ...this.badges];
    const covered = (one) => marks.reduce((sum, box) => sum + overlap(one.box, box), 0);
    if (!spot || !covered(spot)) return spot;
    return cheapest(tried.get(code), (one) => this.cost(one, code, spots) + 3 * covered(one));
  }

  drawLabel(spot, size) {
    if (!spot) return null;
    const text = draw("text", { "text-anchor": spot.anchor }, spot.lines.map((line, k) =>
      draw("tspan", { x: spot.x, y: spot.y + k * size }, line)));
    return draw("g", {}, spot.from ? draw("path", { class: "lead", d: `M${spot.from.join(" ")}L${spot.to.join(" ")}` }) : null, text);
  }

  /** Find for each name the place about its circle where it hides least; each looks again, knowing the rest. */
  placeLabels(councils, size) {
    const circles = new Map([...this.at].map(([code, { x, y, r }]) => [code, [x - r - 1, y - r - 1, x + r + 1, y + r + 1]]));
    const tried = new Map(councils.map((council) => [council.code, this.spotsOf(council, size, circles)]));
    const spots = new Map();
    for (let round = 0; round < (this.many ? 1 : ROUNDS); round += 1) {
      for (const { code } of councils) spots.set(code, cheapest(tried.get(code), (spot) => this.cost(spot, code, spots)));
    }
    return { spots: this.sparse(spots, councils, size, circles), tried };
  }

  /** What a name would hide in a place, the other names being where they are. */
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

  /** Leave out a name that still hides a circle or another name; it is told when its council is chosen. */
  sparse(spots, councils, size, circles) {
    const kept = new Map();
    const order = [...councils].sort((a, b) => this.chosen.includes(b.code) - this.chosen.includes(a.code));
    for (const { code } of order) {
      const spot = spots.get(code);
      const taken = [...[...circles].filter(([other]) => other !== code).map(([, box]) => box), ...[...kept.values()].map((one) => one.box)];
      const hidden = taken.reduce((sum, box) => sum + overlap(spot.box, box), 0);
      if (hidden + this.outside(spot.box) <= (this.many ? 0 : 3 * size) || this.chosen.includes(code)) kept.set(code, spot);
    }
    return kept;
  }

  /** Every place where a name could stand, in one line or two, with what it would hide there. */
  spotsOf(council, size, circles) {
    const { x, y, r: disc } = this.at.get(council.code), r = council.was.length > 1 ? disc + 4 : disc;
    const wholes = this.many ? [[shorten(council.name)]] : linesOf(shorten(council.name));
    const fars = this.many ? FAR.slice(0, 3) : FAR;
    const found = fars.flatMap((far) => wholes.flatMap((lines) => SPOTS.map(([side, down]) => this.spot(x, y, r, side, down, far, lines, size))));
    for (const spot of found) spot.cost += this.hidden(spot, council.code, circles, size) + this.outside(spot.box);
    return found;
  }

  spot(x, y, r, side, down, far, lines, size) {
    const anchor = side > 0 ? "start" : side < 0 ? "end" : "middle";
    const wide = Math.max(...lines.map((line) => widthOf(line, size))), high = (lines.length - 1) * size;
    const beside = Math.abs(down) < 0.5;
    const at = x + side * (r + 4 + (beside ? far : 0.7 * far)) - (beside ? 0 : side * r * 0.3);
    const line = beside ? y + size * 0.35 - high / 2 : down > 0 ? y + r + size + far : y - r - size * 0.35 - high - far;
    const left = side > 0 ? at : side < 0 ? at - wide : at - wide / 2;
    const box = [left, line - size * 0.85, left + wide, line + high + size * 0.25];
    const to = [side > 0 ? box[0] - 1 : side < 0 ? box[2] + 1 : at, beside ? (box[1] + box[3]) / 2 : down > 0 ? box[1] + 2 : box[3]];
    const cost = (far ? 12 + 1.3 * far : 0) + 6 * (lines.length - 1) + (beside ? 0 : 8);
    return { x: at, y: line, anchor, lines, box, cost, from: far ? this.rim(x, y, r, to) : null, to };
  }

  rim(x, y, r, [toX, toY]) {
    const far = Math.hypot(toX - x, toY - y) || 1;
    return [x + r * (toX - x) / far, y + r * (toY - y) / far];
  }

  /** What a name would hide of circles, and whether it would seem to belong to another circle. */
  hidden({ box, from, to }, code, circles, size) {
    let sum = 0;
    const own = from ? 0 : apart(box, circles.get(code));
    for (const [other, circle] of circles) {
      if (other === code) continue;
      sum += 4 * overlap(box, circle);
      const nearer = apart(box, circle) - own; // so little farther from this circle than from its own
      if (nearer < size) sum += (from ? 10 : 50) * (1 - Math.max(nearer, 0) / size);
      if (from && crosses(from, to, circle)) sum += 300;
    }
    return sum;
  }

  outside([left, top, right, bottom]) {
    const over = Math.max(0, 2 - left) + Math.max(0, right + 2 - this.width)
      + Math.max(0, 2 - top) + Math.max(0, bottom + 2 - this.height);
    return over * 200;
  }

  /** Councils, lines and crosses are each reached by Tab, and within them by the arrow keys. */
  rove(key) {
    for (const kind of ["councils", "links", "crosses"]) {
      const all = [...this.svg.querySelectorAll(`.${kind} > [data-key]`)];
      const first = all.find((one) => one.dataset.key === (key ?? this.chosen[0])) ?? all[0];
      first?.setAttribute("tabindex", 0);
      if (key && first?.dataset.key === key) first.focus();
    }
  }

  /** Put the focus on the map: on the council that is explained, or the first. */
  focus() {
    (this.svg.querySelector(".council.chosen") ?? this.svg.querySelector(".councils [tabindex='0']"))?.focus();
  }

  walk(event) {
    const from = event.target.closest("[data-key]");
    if (!from) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      from.dispatchEvent(new MouseEvent("click"));
      return;
    }
    if (!from.dataset.code) { this.next(event, from); return; }
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const here = this.at.get(from.dataset.code);
    let best = null, least = Infinity;
    for (const [code, there] of this.at) {
      const along = (there.x - here.x) * way[0] + (there.y - here.y) * way[1];
      const aside = Math.abs((there.x - here.x) * way[1]) + Math.abs((there.y - here.y) * way[0]);
      if (along > 1 && along + 2 * aside < least) [best, least] = [code, along + 2 * aside];
    }
    const next = best && this.svg.querySelector(`.council[data-code="${CSS.escape(best)}"]`);
    if (next) moveFocus(from, next);
  }

  /** Go from line to line, or from cross to cross. */
  next(event, from) {
    const way = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const all = [...from.parentNode.children];
    moveFocus(from, all[(all.indexOf(from) + way + all.length) % all.length]);
  }

  zoomBy(factor) {
    const chosen = this.frame?.councils.find((council) => council.code === this.chosen[0]);
    this.zoom.factor = Math.min(Math.max(this.zoom.factor * factor, 1), 12);
    if (this.zoom.factor === 1) this.zoom.x = this.zoom.y = null;
    else if (chosen) [this.zoom.x, this.zoom.y] = [chosen.x, chosen.y];
    this.show(this.frame, this.chosen);
  }

  dragging() {
    let start = null;
    this.svg.addEventListener("pointerdown", (event) => {
      if (this.zoom.factor > 1) start = { x: event.clientX, y: event.clientY, middle: [...this.middle] };
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!start || !(event.buttons & 1)) return;
      this.zoom.x = start.middle[0] - (event.clientX - start.x) / this.scale;
      this.zoom.y = start.middle[1] + (event.clientY - start.y) / this.scale;
      this.show(this.frame, this.chosen);
    });
    addEventListener("pointerup", () => { start = null; });
  }
}

function moveFocus(from, next) {
  from.setAttribute("tabindex", -1);
  next.setAttribute("tabindex", 0);
  next.focus();
}

/** Return the place that costs least; of two alike, the first. */
function cheapest(spots, cost) {
  let best = null, lowest = Infinity;
  for (const spot of spots) {
    const now = cost(spot);
    if (now < lowest) [best, lowest] = [spot, now];
  }
  return best;
}

/** How wide a text stands on the map. */
function widthOf(text, size) {
  widthOf.pen ??= document.createElement("canvas").getContext("2d");
  widthOf.pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  return widthOf.pen.measureText(text).width;
}

/** Write a name in one line or in two; one that is too long for both is cut. */
function linesOf(name) {
  const cut = (text) => (text.length > LINE_MOST ? `${text.slice(0, LINE_MOST - 1).trim()}…` : text);
  const breaks = [...name.matchAll(/ (?!& )/g)].map((found) => found.index).filter((at) => at > 2);
  if (!breaks.length) return [[cut(name)]];
  const middle = breaks.reduce((best, at) => (Math.abs(at - name.length / 2) < Math.abs(best - name.length / 2) ? at : best));
  const at = name.length > 2 * LINE_MOST ? breaks.filter((one) => one <= LINE_MOST).at(-1) ?? middle : middle;
  const two = [cut(name.slice(0, at)), cut(name.slice(at + 1))];
  return name.length > LINE_MOST ? [two] : name.length > 11 ? [[name], two] : [[name]];
}

function least(values) {
  return values.reduce((found, value) => Math.min(found, value), Infinity);
}

function most(values) {
  return values.reduce((found, value) => Math.max(found, value), -Infinity);
}

/** How far two boxes are from each other. */
function apart(a, b) {
  return Math.hypot(Math.max(0, a[0] - b[2], b[0] - a[2]), Math.max(0, a[1] - b[3], b[1] - a[3]));
}

/** Whether a line from a name to its circle runs through a box. */
function crosses([x, y], [toX, toY], box) {
  return [0.2, 0.4, 0.6, 0.8].some((part) => {
    const at = [x + part * (toX - x), y + part * (toY - y)];
    return at[0] > box[0] && at[0] < box[2] && at[1] > box[1] && at[1] < box[3];
  });
}

function isService(scope) {
  return !["chief_executive", "management", "merger"].includes(scope);
}

/** Move circles that cover each other a little apart, so that each can be seen and clicked. */
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

function overlap(a, b) {
  const wide = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const high = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** Draw what the lines and marks mean. */
function drawLegend(list) {
  const sample = (kind) => draw("svg", { viewBox: "0 0 44 14", "aria-hidden": "true" },
    draw("g", { class: `link ${kind} many2 deep` }, draw("path", { class: "line", d: "M3 7H41" })));
  const mark = (classes, shape, text) => draw("svg", { viewBox: "0 0 20 20", class: "small", "aria-hidden": "true" },
    draw("g", { class: classes }, shape, text ? draw("text", { x: 10, y: 16, "font-size": 16 }, text) : null));
  list.replaceChildren(
    ...Object.entries(KINDS).map(([kind, { title }]) => make("li", {}, sample(kind), title)),
    make("li", {}, mark("trouble deep", draw("path", { d: "M10 2l8 16h-16z" }), "!"), "Cannot balance budget"),
    make("li", {}, mark("trouble", draw("circle", { cx: 10, cy: 10, r: 8 }), "£"), "Gap above 15% coming"),
    make("li", {}, mark("cross", draw("path", { d: "M4 4l12 12m0 -12l-12 12" })), "Just failed or ended"),
    make("li", {}, mark("council", draw("circle", { class: "ring", cx: 10, cy: 10, r: 9 })), "Merged council"),
  );
}
