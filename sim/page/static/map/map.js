// The map: it joins circles, links, crosses and names to one drawing of a quarter.
"use strict";

class CouncilMap {
  /** @param {SVGSVGElement} svg @param {(...codes: string[]) => void} pick */
  constructor(svg, pick) {
    this.svg = svg;
    this.pick = pick;
    this.outlines = /** @type {Outlines} */ ({});
    this.land = /** @type {Land | null} */ (null); // a sketch, where there are no outlines
    this.frames = /** @type {Frame[]} */ ([]); // of the run so far; the last is shown
    this.chosen = /** @type {string[]} */ ([]);
    this.shown = new Set(); // codes of the councils that there are
    this.letters = 16; // how large names are written, in px
    this.lens = new Lens();
    this.places = new Places(this);
    svg.addEventListener("keydown", (event) => walk(this, event));
    this.lens.drag(svg, () => this.again());
  }

  /** The quarter that is shown. */
  get frame() {
    return this.frames.at(-1);
  }

  /** Circles by code, of every council there was so far. */
  get at() {
    return this.places.circles;
  }

  /** Draw the same once more, in the size that the map has now. */
  again() {
    this.show(this.frames, this.chosen);
  }

  /**
   * Draw the last of these frames, the others being what came before it; `chosen` holds the codes of what is explained.
   * @param {Frame[]} frames @param {string[]} chosen
   */
  show(frames, chosen) {
    this.frames = frames;
    this.chosen = chosen;
    const box = this.svg.getBoundingClientRect(), frame = this.frame;
    if (!frame || !box.width || !box.height) return;
    this.svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
    this.letters = parseFloat(getComputedStyle(this.svg).fontSize);
    this.lens.taken = this.controls(box);
    this.lens.fit(box.width, box.height, frames[0].councils, (council) => this.ringsOf(council), this.letters);
    this.shown = new Set(frame.councils.map((council) => council.code));
    this.places.settle(frames);
    this.draw(frame);
  }

  /**
   * The boxes of the buttons that stand over the map.
   * @param {DOMRect} map @returns {Box[]}
   */
  controls(map) {
    return all(".over").map((one) => one.getBoundingClientRect()).filter(({ width }) => width)
      .map(({ left, top, right, bottom }) => /** @type {Box} */ ([left - map.left, top - map.top, right - map.left, bottom - map.top].map(Math.round)));
  }

  /** @param {Frame} frame */
  draw(frame) {
    const active = /** @type {SVGElement} */ (document.activeElement);
    const focused = this.svg.contains(active) ? active.dataset.key : null;
    const inOrder = [...frame.councils].sort((a, b) => b.population - a.population);
    this.svg.replaceChildren(
      draw("g", { class: "ground" }, drawLand(this, frame)),
      draw("g", { class: "links" }, drawLinks(this, frame.deals)),
      draw("g", { class: "crosses" }, drawCrosses(this, frame.events)),
      draw("g", { class: "councils" }, inOrder.map((council) => drawCouncil(this, council))),
      draw("g", { "aria-hidden": "true", class: "motion" }),
      draw("g", { "aria-hidden": "true", class: "labels" }, this.places.names.draw(inOrder)),
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
    this.again();
  }
}
