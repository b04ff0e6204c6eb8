// The player: a clock that draws the quarter it shows, and explains what somebody chooses.
"use strict";

class Player extends Clock {
  /**
   * `source` gives frames and explanations: frames(from, to), deal(...), pair(...).
   * @param {Source} source @param {Shown} about
   */
  constructor(source, about) {
    super(source);
    this.about = about;
    this.two = false;
    this.side = /** @type {Side} */ ("a");
    this.ticks = 0;
    /** Names that were found last, and for what. */
    this.found = { key: "", rows: this.rows, names: /** @type {Map<string, string>} */ (new Map()) };
    const pick = (/** @type {string[]} */ ...codes) => this.pick(codes);
    this.maps = { a: new CouncilMap(byId("map-a"), pick), b: new CouncilMap(byId("map-b"), pick) };
    this.feed = new Feed((event) => this.openEvent(event));
    this.explanation = new Explanation(this, byId("explain"));
    this.differences = new Differences(this);
    this.wire();
    this.take(about);
  }

  /**
   * Take a session, new or changed from a quarter on; frames before it stay.
   * @param {Shown} about
   */
  take(about, keep = 0) {
    this.wind(about.quarters, keep);
    this.about = about;
    this.two = Boolean(about.sides.b);
    if (!this.two) this.side = "a";
    byId("time").max = String(this.quarters);
    byId("title").textContent = about.sides.a.title;
    this.differences.forget();
    this.lookAt(about);
    for (const radio of sideRadios()) radio.checked = radio.value === this.side;
    drawYears(about);
    for (const map of Object.values(this.maps)) {
      map.lens.forget();
      map.land = about.land ?? map.land;
    }
    dispatchEvent(new CustomEvent("taken"));
  }

  /**
   * Show the maps that somebody wants to see: two, one of them, or both in one.
   * @param {About} about
   */
  lookAt(about) {
    nameSides(about);
    const both = this.two && viewChosen() === "both";
    (both ? drawLegendOfBoth : drawLegend)(byId("legend"));
    for (const radio of viewRadios()) radio.disabled = !this.two;
  }

  /**
   * Take a session that the room's decisions have changed from the next quarter on.
   * @param {Shown} about
   */
  turned(about) {
    this.turn();
    this.about = about;
    this.differences.forget();
  }

  /** The frame that is shown; none before the first has come. */
  get frame() {
    return /** @type {Frame} */ (this.rows[this.q]?.[this.side]);
  }

  /** The frames of the side that is told, up to the quarter that is shown. */
  get sideFrames() {
    return this.framesOf(this.side);
  }

  /** @param {Side} side */
  framesOf(side) {
    return this.rows.slice(0, this.q + 1).map((row) => frameOf(row, side));
  }

  /** Names by code of every council there was so far. */
  get names() {
    const key = `${this.side} ${this.q} ${this.about.branch}`;
    if (this.found.key !== key || this.found.rows !== this.rows) {
      const names = new Map();
      for (const frame of this.sideFrames) for (const council of frame.councils) names.set(council.code, council.name);
      this.found = { key, rows: this.rows, names };
    }
    return this.found.names;
  }

  /** Where the two sides part, once the clock has come there. */
  get partedNow() {
    return this.parted && this.parted.q <= this.q ? this.parted : null;
  }

  /** @override @param {boolean} on */
  draw(on) {
    this.drawn = this.q;
    const frame = this.frame;
    byId("date").textContent = frame.period;
    byId("stance").textContent = frame.stance;
    const both = this.two && viewChosen() === "both" ? bothFrames(this.rows.slice(0, this.q + 1)) : null;
    for (const name of sidesOf(this.about)) {
      this.maps[name].show(both ?? this.framesOf(name), this.explanation.chosen);
      if (on && !both) animate(this.maps[name]);
    }
    this.feed.show(this.sideFrames, this.names, sideAbout(this.about, this.side).acts);
    this.drawCharts();
    drawParted(this.about, this.partedNow, this.q === this.quarters);
    byId("chain").hidden = !this.partedNow;
    drawMarks(this.about, this.partedNow);
    drawSlider(this.q, frame.period);
    byId("back").disabled = byId("first").disabled = this.q === 0;
    byId("step").disabled = this.q === this.quarters;
    if (!byId("explain").hidden) this.explanation.refresh();
    speak(this);
    this.ticks += 1;
    document.body.dataset.q = String(this.q);
    dispatchEvent(new CustomEvent("drawn"));
  }

  drawCharts() {
    drawCharts(byId("charts"), this.rows.slice(0, this.q + 1), this.quarters, this.about.titles, this.partedNow?.q);
  }

  /** Draw maps and charts again, in the letters and places that they have now. */
  drawAgain() {
    this.drawMaps();
    if (this.frame) this.drawCharts();
  }

  /** Draw the maps again, in the size that they have now and with what is explained now. */
  drawMaps() {
    for (const map of Object.values(this.maps)) map.show(map.frames, this.explanation.chosen);
  }

  /** @param {string[]} codes */
  pick(codes) {
    return this.explain(aboutCodes(codes));
  }

  /** @param {Happened} event */
  openEvent(event) {
    if (event.deal >= 0) return this.explain({ deal: event.deal, of: event.who });
    return this.explain(event.who.length > 1 ? { pair: event.who } : { council: event.who[0] });
  }

  /**
   * Explain something that somebody chose: the focus goes there, so that it is read out.
   * @param {Subject} subject
   */
  async explain(subject) {
    showRoom(false);
    showTab("explain");
    await this.explanation.open(subject);
    byId("explain").scrollTop = 0;
    this.explanation.focus();
    this.drawMaps();
  }

  wire() {
    byId("first").addEventListener("click", () => this.go(0));
    byId("back").addEventListener("click", () => this.move(-1));
    byId("step").addEventListener("click", () => this.move(1));
    byId("play").addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    byId("time").addEventListener("input", () => { this.pause(); this.go(Number(byId("time").value)); });
    const zoom = (/** @type {number} */ factor) => () => Object.values(this.maps).forEach((map) => map.zoomBy(factor));
    byId("nearer").addEventListener("click", zoom(1.6));
    byId("farther").addEventListener("click", zoom(1 / 1.6));
    byId("whole").addEventListener("click", zoom(0));
    for (const radio of sideRadios()) {
      radio.addEventListener("change", () => { this.side = /** @type {Side} */ (radio.value); this.redraw(); });
    }
    for (const radio of viewRadios()) radio.addEventListener("change", () => { this.lookAt(this.about); this.redraw(); });
    let late = 0;
    new ResizeObserver(() => {
      cancelAnimationFrame(late);
      late = requestAnimationFrame(() => {
        this.drawAgain();
      });
    }).observe(byId("maps"));
    wireTabs();
    wireHelp();
    addEventListener("charts", () => this.drawCharts());
    wireView(this);
    wirePointer();
    byId("play").disabled = false;
    addEventListener("tab", () => this.frame && !byId("explain").hidden && this.explanation.refresh());
    addEventListener("keydown", (event) => pressKey(this, event));
  }
}
