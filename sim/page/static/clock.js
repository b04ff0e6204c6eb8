// The clock: which quarter is shown, going there, playing, and standing still while the run is changed.
// The browser owns the time: the next quarter is asked for when the last is drawn.
"use strict";

class Clock {
  /**
   * `source` gives frames: frames(from, to). Whoever is a clock says what `draw` draws.
   * @param {Source} source
   */
  constructor(source) {
    this.source = source;
    this.q = this.wanted = this.quarters = 0;
    this.drawn = /** @type {number | null} */ (null);
    this.rows = /** @type {Row[]} */ ([]);
    this.parted = /** @type {Parted | null} */ (null);
    this.playing = /** @type {object | null} */ (null); // whose play it is: one may begin as another ends
    this.busy = /** @type {Promise<void> | null} */ (null);
    this.holds = this.taken = 0;
    this.freed = /** @type {Promise<void> | null} */ (null);
    this.free = () => {};
  }

  /**
   * Take a run, new or changed from a quarter on; frames before it stay.
   * @param {number} quarters @param {number} keep
   */
  wind(quarters, keep) {
    this.pause();
    this.quarters = quarters;
    this.rows = this.rows.slice(0, keep);
    this.parted = this.drawn = null;
    this.taken += 1;
  }

  /** Stand still until released: what was asked for is still drawn, nothing new begins. */
  hold() {
    this.pause();
    this.holds += 1;
    this.freed ??= new Promise((done) => { this.free = done; });
  }

  /** Move again, when nobody else holds; what was asked of the clock meanwhile follows. */
  release() {
    this.holds -= 1;
    byId("time").value = String(this.q);
    if (this.holds) return;
    this.free();
    this.freed = null;
  }

  /** Wait until what was asked for is drawn. */
  async settled() {
    this.pause();
    while (this.busy) await this.busy.catch(() => {});
  }

  /**
   * Go to a quarter, once nobody holds the clock.
   * @param {number} q @returns {Promise<void>}
   */
  go(q) {
    return this.freed ? this.freed.then(() => this.go(q)) : this.now(q);
  }

  /**
   * Go some quarters on or back, counted from where the clock is already going.
   * @param {number} quarters @returns {Promise<void>}
   */
  move(quarters) {
    if (this.freed) return this.freed.then(() => this.move(quarters));
    return this.now((this.busy ? this.wanted : this.q) + quarters);
  }

  /**
   * Go to a quarter: ask for what is not known yet, then draw. Calls follow one another.
   * @param {number} q @returns {Promise<void>}
   */
  now(q) {
    this.wanted = Math.min(Math.max(q, 0), this.quarters);
    this.busy ??= this.reach().finally(() => { this.busy = null; });
    return this.busy;
  }

  async reach() {
    while (this.drawn !== this.wanted || !this.rows[this.wanted]) {
      if (this.drawn !== null && this.wanted > this.q) await this.ahead();
      const wanted = this.wanted;
      if (this.rows.length <= wanted) {
        const { taken } = this;
        const got = await this.source.frames(this.rows.length, wanted);
        if (taken !== this.taken) continue; // of a run that is no longer shown
        for (const row of got.frames) this.rows[row.q] = row;
        this.parted = got.parted ?? this.parted;
      }
      this.q = wanted;
      this.draw(this.drawn === wanted - 1);
    }
  }

  /**
   * What is done before the clock goes on to a later quarter; nothing, unless somebody says so.
   * @returns {Promise<void>}
   */
  async ahead() {}

  /** Take a run that may be otherwise after the quarter that is shown; whoever plays plays on. */
  turn() {
    this.rows = this.rows.slice(0, this.q + 1);
    this.parted = null;
    this.taken += 1;
  }

  /**
   * Draw the quarter that is shown: what that means, whoever is a clock says. `on` says that one quarter has passed.
   * @param {boolean} on
   */
  draw(on) { void on; }

  redraw() {
    this.drawn = null;
    return this.move(0);
  }

  async play() {
    if (this.playing) return;
    const mine = this.playing = {};
    byId("play").textContent = "Pause";
    try {
      if (this.q === this.quarters) await this.go(0);
      while (this.playing === mine && this.q < this.quarters) {
        await this.move(1);
        await new Promise((done) => requestAnimationFrame(done));
        const wait = Number(byId("speed").value);
        if (wait && this.playing === mine) await new Promise((done) => setTimeout(done, wait));
      }
    } finally {
      if (this.playing === mine) this.pause();
    }
  }

  pause() {
    this.playing = null;
    byId("play").textContent = "Play";
  }
}
