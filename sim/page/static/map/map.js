// The map: it joins circles, links, crosses and names to one drawing of a quarter.
"use strict";

class CouncilMap {
  /** @param {SVGSVGElement} svg @param {(...codes: string[]) => void} pick */
  constructor(svg, pick) {
    this.svg = svg;
    this.pick = pick;
    this.outlines = /** @type {Outlines} */ ({});
    this.frame = /** @type {Frame | Both | undefined} */ (undefined);
    this.chosen = /** @type {string[]} */ ([]);
    this.at = /** @type {Map<string, Circle>} */ (new Map()); // circles by code
    this.marks = /** @type {Box[]} */ ([]); // boxes of crosses and marks, which names make way for
    this.lens = new Lens();
    this.names = new Names(this);
    svg.addEventListener("keydown", (event) => walk(this, event));
    this.lens.drag(svg, () => this.show(this.frame, this.chosen));
  }

  /**
   * Draw a frame; `chosen` holds the codes of what is explained.
   * @param {Frame | Both | undefined} frame @param {string[]} chosen
   */
  show(frame, chosen) {
    this.frame = frame;
    this.chosen = chosen;
    const box = this.svg.getBoundingClientRect();
    if (!frame || !box.width) return;
    this.svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
    this.lens.fit(box.width, box.height, frame.councils, (council) => this.ringsOf(council));
    this.at = new Map(frame.councils.map((council) => [council.code, this.lens.place(council)]));
    if (!this.lens.many) pushApart([...this.at.values()]);
    this.marks = [];
    this.draw(frame);
  }

  /** @param {Frame | Both} frame */
  draw(frame) {
    const active = /** @type {SVGElement} */ (document.activeElement);
    const focused = this.svg.contains(active) ? active.dataset.key : null;
    const inOrder = [...frame.councils].sort((a, b) => b.population - a.population);
    this.svg.replaceChildren(
      this.drawOutlines(frame),
      draw("g", { class: "links" }, drawLinks(this, "bundles" in frame ? frame.bundles : bundlesOf(frame.deals))),
      draw("g", { class: "crosses" }, drawCrosses(this, frame.events)),
      draw("g", { class: "councils" }, inOrder.map((council) => drawCouncil(this, council))),
      draw("g", { "aria-hidden": "true", class: "labels" }, this.names.draw(inOrder)),
    );
    rove(this, focused);
  }

  /**
   * The outlines of a council, or of those that it was made of.
   * @param {Council} council
   */
  ringsOf(council) {
    return [...new Set([council.code, ...council.was])].flatMap((code) => this.outlines[code] ?? []);
  }

  /** @param {Frame} frame */
  drawOutlines(frame) {
    const rings = frame.councils.flatMap((council) => this.ringsOf(council));
    const path = rings.map((ring) => `M${ring.map(([x, y]) => this.lens.point(x, y).map((v) => v.toFixed(1)).join(" ")).join("L")}Z`);
    return draw("path", { class: "outline", d: path.join("") });
  }

  /** @param {string} code */
  nameOf(code) {
    return this.frame?.councils.find((council) => council.code === code)?.name ?? code;
  }

  /** Put the focus on the map: on the council that is explained, or the first. */
  focus() {
    (all(".council.chosen", this.svg)[0] ?? all(".councils [tabindex='0']", this.svg)[0])?.focus();
  }

  /** @param {number} factor */
  zoomBy(factor) {
    this.lens.nearer(factor, this.frame?.councils.find((council) => council.code === this.chosen[0]));
    this.show(this.frame, this.chosen);
  }
}
