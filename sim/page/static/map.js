// The map: councils as circles by population, links by kind with colour, width and dash.
"use strict";

const KINDS = {
  service: { title: "Shared service", bend: 0.13 },
  management: { title: "Shared management", bend: 0 },
  merger: { title: "Merger being set up", bend: 0 },
  talks: { title: "Talks under way", bend: -0.13 },
};
const FEW = 40; // up to so many councils, each is named
const SPOTS = [[1, 0.35], [-1, 0.35], [0, 1], [0, -1], [0.8, 1], [-0.8, 1], [0.8, -1], [-0.8, -1],
  [0.9, 0.8], [-0.9, 0.8], [0.9, -0.8], [-0.9, -0.8]];
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
    this.fit(frame.councils);
    this.at = new Map(frame.councils.map((council) => [council.code, this.place(council)]));
    if (!this.many) pushApart([...this.at.values()]);
    const focused = this.svg.contains(document.activeElement) ? document.activeElement.dataset.code : null;
    const inOrder = [...frame.councils].sort((a, b) => b.population - a.population);
    this.svg.replaceChildren(
      this.drawOutlines(),
      draw("g", {}, this.drawLinks(frame)),
      draw("g", {}, this.drawCrosses(frame)),
      draw("g", {}, inOrder.map((council) => this.drawCouncil(council))),
      draw("g", { "aria-hidden": "true", class: "labels" }, this.drawLabels(inOrder)),
    );
    this.rove(focused);
  }

  fit(councils) {
    if (!this.extent) {
      const x = councils.map((c) => c.x), y = councils.map((c) => c.y);
      this.extent = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
      this.many = councils.length > FEW;
      this.largest = Math.max(...councils.filter((c) => c.tier !== "county").map((c) => c.population));
    }
    const [left, right, low, high] = this.extent;
    const [aside, above] = this.many ? [20, 20] : [Math.min(120, this.width / 5), 34];
    const base = Math.min(
      (this.width - 2 * aside) / Math.max(right - left, 10),
      (this.height - 2 * above) / Math.max(high - low, 10),
    );
    this.scale = base * this.zoom.factor;
    this.middle = [this.zoom.x ?? (left + right) / 2, this.zoom.y ?? (low + high) / 2];
    const most = Math.min(this.width, this.height) / (this.many ? 45 : 24);
    this.radiusMost = Math.min(most * (this.many ? Math.sqrt(this.zoom.factor) : 1), 30);
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

  drawOutlines() {
    const rings = Object.values(this.outlines).flat();
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
    return draw("g", { class: classes, "data-ends": ends.join("|"), onclick: () => this.pick(...ends) },
      draw("title", {}, words),
      draw("path", { class: "line", d: path }),
      draw("path", { class: "reach", d: path }));
  }

  /** Mark what failed or ended in the quarter that has just passed. */
  drawCrosses(frame) {
    const arm = this.many && this.zoom.factor < 3 ? 2.5 : 5;
    return frame.events
      .filter((event) => ["talks_fail", "ends"].includes(event.kind) && event.who.length === 2)
      .map((event) => {
        const [a, b] = event.who.map((code) => this.at.get(code));
        if (!a || !b) return null;
        const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
        return draw("g", { class: "cross", onclick: () => this.pick(...event.who) },
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
      onclick: () => this.pick(council.code),
    },
    draw("title", {}, words),
    merged ? draw("circle", { class: "ring", cx: x, cy: y, r: r + 4 }) : null,
    draw("circle", { class: "disc", cx: x, cy: y, r }),
    trouble ? this.drawTrouble(council.distress, x + r * 0.72, y - r * 0.72) : null);
  }

  drawTrouble(deep, x, y) {
    const size = this.many ? 6 : 9;
    const shape = deep
      ? draw("path", { d: `M${x} ${y - size}l${size} ${size * 1.8}h${-2 * size}z` })
      : draw("circle", { cx: x, cy: y + 1, r: size - 1 });
    return draw("g", { class: deep ? "trouble deep" : "trouble" }, shape,
      draw("text", { x, y: y + (deep ? size * 0.65 : 5 * size / 9), "font-size": size * 1.5 }, deep ? "!" : "£"));
  }

  drawLabels(councils) {
    const shown = this.many
      ? councils.filter((c) => c.tier !== "county").slice(0, Math.round(18 * this.zoom.factor ** 2))
      : councils;
    const key = [this.width, this.height, this.zoom.factor, ...this.middle, ...shown.map((c) => c.code), this.width < 600 && this.chosen].join();
    if (this.placed.key !== key) this.placed = { key, spots: this.placeLabels(shown) };
    return shown.map((council) => {
      const spot = this.placed.spots.get(council.code);
      return spot ? draw("text", { x: spot.x, y: spot.y, "text-anchor": spot.anchor }, spot.text) : null;
    });
  }

  /** Find for each name the first place beside its circle where it hides nothing. */
  placeLabels(councils) {
    const size = this.many ? 13 : parseFloat(getComputedStyle(this.svg).fontSize);
    const taken = [...this.at.values()].map(({ x, y, r }) => [x - r, y - r, x + r, y + r]);
    const spots = new Map();
    for (const council of councils) {
      const { x, y, r } = this.at.get(council.code);
      const text = shorten(council.name), wide = text.length * size * 0.54;
      const tried = SPOTS.map(([side, down]) => this.spot(x, y, r, side, down, wide, size, text));
      const worst = tried.map((spot) => taken.reduce((sum, box) => sum + overlap(spot.box, box), 0)
        + this.outside(spot.box));
      const best = worst.indexOf(Math.min(...worst));
      const most = this.many ? 0 : this.width < 600 ? wide * size * 0.2 : Infinity;
      if (worst[best] > most && !this.chosen.includes(council.code)) continue;
      taken.push(tried[best].box);
      spots.set(council.code, tried[best]);
    }
    return spots;
  }

  spot(x, y, r, side, down, wide, size, text) {
    const anchor = side > 0 ? "start" : side < 0 ? "end" : "middle";
    const at = x + side * (r + 4);
    const line = y + (Math.abs(down) < 0.5 ? size * 0.35 : down > 0 ? r + size : -r - size * 0.35);
    const left = side > 0 ? at : side < 0 ? at - wide : at - wide / 2;
    return { x: at, y: line, anchor, text, box: [left, line - size * 0.85, left + wide, line + size * 0.25] };
  }

  outside([left, top, right, bottom]) {
    const over = Math.max(0, -left) + Math.max(0, right - this.width)
      + Math.max(0, -top) + Math.max(0, bottom - this.height);
    return over * 40;
  }

  /** One council is reached by Tab, the others from it by the arrow keys. */
  rove(code) {
    const councils = [...this.svg.querySelectorAll(".council")];
    const first = councils.find((one) => one.dataset.code === (code ?? this.chosen[0])) ?? councils[0];
    first?.setAttribute("tabindex", 0);
    if (code) first?.focus();
  }

  walk(event) {
    const from = event.target.closest(".council");
    if (!from) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.pick(from.dataset.code);
      return;
    }
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
    if (!next) return;
    from.setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
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
    draw("g", { class: classes }, shape, text ? draw("text", { x: 10, y: 15, "font-size": 13 }, text) : null));
  list.replaceChildren(
    ...Object.entries(KINDS).map(([kind, { title }]) => make("li", {}, sample(kind), title)),
    make("li", {}, mark("trouble deep", draw("path", { d: "M10 2l8 16h-16z" }), "!"), "Cannot balance its budget"),
    make("li", {}, mark("trouble", draw("circle", { cx: 10, cy: 10, r: 8 }), "£"), "Expects a gap above 15%"),
    make("li", {}, mark("cross", draw("path", { d: "M4 4l12 12m0 -12l-12 12" })), "Failed or ended just now"),
    make("li", {}, mark("council", draw("circle", { class: "ring", cx: 10, cy: 10, r: 9 })), "Merged council"),
  );
}
