// The lens: which part of the country the map shows, how large, and how it is drawn nearer and dragged.
"use strict";

const FEW = 40; // up to so many councils, each is named

class Lens {
  constructor() {
    this.width = this.height = 0;
    this.scale = 1; // pixels a kilometre
    this.radiusMost = this.largest = 0; // of a circle; of a population
    this.many = this.outlined = false;
    this.taken = /** @type {Box[]} */ ([]); // by buttons over the map
    this.middle = /** @type {Point} */ ([0, 0]);
    this.extent = /** @type {Box | null} */ (null); // of the country: left, right, low, high
    this.zoom = { factor: 1, x: /** @type {number | null} */ (null), y: /** @type {number | null} */ (null) };
  }

  /** Take the measure of the country anew, when another run is shown. */
  forget() {
    this.extent = null;
  }

  /**
   * Find the scale at which the councils and their outlines fill the map.
   * @param {number} width @param {number} height @param {Council[]} councils @param {(council: Council) => Point[][]} ringsOf @param {number} letters
   */
  fit(width, height, councils, ringsOf, letters) {
    this.width = width;
    this.height = height;
    this.extent ??= this.measure(councils, ringsOf);
    const [left, right, low, high] = this.extent;
    const [aside, above] = this.many || this.outlined ? [20, 20] : [Math.min(7.5 * letters, width / 4.5), 1.6 * letters];
    const base = Math.min(
      (width - 2 * aside) / Math.max(right - left, 10),
      (height - 2 * above) / Math.max(high - low, 10),
    );
    this.scale = base * this.zoom.factor;
    const { x, y } = this.zoom;
    this.middle = /** @type {Point} */ ([x ?? (left + right) / 2, y ?? (low + high) / 2]);
    const widest = Math.min(width, height) / (this.many ? 45 : 24);
    this.radiusMost = Math.min(widest * (this.many ? Math.sqrt(this.zoom.factor) : 1), 30);
  }

  /**
   * Return the extent of the country; note how many councils there are, and the largest.
   * @param {Council[]} councils @param {(council: Council) => Point[][]} ringsOf @returns {Box}
   */
  measure(councils, ringsOf) {
    const points = councils.flatMap((c) => [/** @type {Point} */ ([c.x, c.y]), ...ringsOf(c).flat()]);
    const x = points.map((point) => point[0]), y = points.map((point) => point[1]);
    this.outlined = councils.some((c) => ringsOf(c).length);
    this.many = councils.length > FEW;
    this.largest = Math.max(...councils.filter((c) => c.tier !== "county").map((c) => c.population));
    return [least(x), most(x), least(y), most(y)];
  }

  /**
   * Where a point of the country lies on the map.
   * @param {number} x @param {number} y @returns {Point}
   */
  point(x, y) {
    return [
      this.width / 2 + (x - this.middle[0]) * this.scale,
      this.height / 2 - (y - this.middle[1]) * this.scale,
    ];
  }

  /**
   * The circle of a council: its area tells the population.
   * @param {Council} council @returns {Circle}
   */
  place(council) {
    const [x, y] = this.point(council.x, council.y);
    const share = Math.min(council.population / this.largest, 2.5);
    return { x, y, r: Math.max(this.radiusMost * Math.sqrt(share), this.many ? 2.5 : 7) };
  }

  /**
   * How far a box stands out of the map or under its buttons, at a price.
   * @param {Box} box
   */
  outside(box) {
    const [left, top, right, bottom] = box;
    const covered = this.taken.reduce((sum, one) => sum + overlap(box, one), 0);
    const over = Math.max(0, 2 - left) + Math.max(0, right + 2 - this.width)
      + Math.max(0, 2 - top) + Math.max(0, bottom + 2 - this.height);
    return over * 200 + covered * 20;
  }

  /**
   * Draw nearer by a factor, about a council where one is chosen; a factor of nought shows all.
   * @param {number} factor @param {Council} [chosen]
   */
  nearer(factor, chosen) {
    this.zoom.factor = Math.min(Math.max(this.zoom.factor * factor, 1), 12);
    if (this.zoom.factor === 1) this.zoom.x = this.zoom.y = null;
    else if (chosen) [this.zoom.x, this.zoom.y] = [chosen.x, chosen.y];
  }

  /**
   * Draw some points so near that they fill the map, but no nearer than by a factor.
   * @param {Point[]} points @param {number} most
   */
  about(points, most) {
    if (!points.length) return;
    const [x, y] = [0, 1].map((k) => points.map((point) => point[k]));
    const [wide, high] = [x, y].map((values) => Math.max(...values) - Math.min(...values) + 20); // km, with a margin
    const once = this.scale / this.zoom.factor;
    const factor = Math.min(this.width / wide, this.height / high) / once;
    this.zoom = { factor: Math.max(1, Math.min(factor, most)), x: (Math.min(...x) + Math.max(...x)) / 2, y: (Math.min(...y) + Math.max(...y)) / 2 };
  }

  /**
   * Let a drawing that is nearer be dragged; `again` draws it.
   * @param {SVGSVGElement} svg @param {() => void} again
   */
  drag(svg, again) {
    let start = /** @type {{ x: number, y: number, middle: Point } | null} */ (null);
    svg.addEventListener("pointerdown", (event) => {
      if (this.zoom.factor > 1) start = { x: event.clientX, y: event.clientY, middle: this.middle };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!start || !(event.buttons & 1)) return;
      this.zoom.x = start.middle[0] - (event.clientX - start.x) / this.scale;
      this.zoom.y = start.middle[1] + (event.clientY - start.y) / this.scale;
      again();
    });
    addEventListener("pointerup", () => { start = null; });
  }
}
