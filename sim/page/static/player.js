// The clock: which quarter is shown, on which side, and everything that follows from it.
// The browser owns the time: the next quarter is asked for when the last is drawn.
"use strict";

class Player {
  /** `source` gives frames and explanations: frames(from, to), deal(...), pair(...). */
  constructor(source, about) {
    this.source = source;
    this.q = 0;
    this.side = "a";
    this.rows = [];
    this.seen = 0;
    this.ticks = 0;
    this.busy = null;
    this.holds = this.taken = 0;
    this.maps = {};
    for (const name of ["a", "b"]) this.maps[name] = new CouncilMap(byId(`map-${name}`), (...codes) => this.pick(codes));
    this.feed = new Feed((event) => this.openEvent(event));
    this.explanation = new Explanation(this, byId("explain"));
    drawLegend(byId("legend"));
    this.wire();
    this.take(about);
  }

  /** Take a session, new or changed from a quarter on; frames before it stay. */
  take(about, keep = 0) {
    this.pause();
    this.about = about;
    this.quarters = about.quarters;
    this.rows = this.rows.slice(0, keep);
    this.parted = this.drawn = null;
    this.taken += 1;
    this.two = Boolean(about.sides.b);
    if (!this.two) this.side = "a";
    byId("sides").hidden = !this.two;
    document.querySelector('.map[data-side="b"]').hidden = !this.two;
    byId("maps").classList.toggle("two", this.two);
    byId("time").max = this.quarters;
    byId("title").textContent = about.sides.a.title;
    for (const name of Object.keys(about.sides)) {
      const title = sideTitle(about, name), caption = document.querySelector(`.map[data-side="${name}"] figcaption`);
      byId(`name-${name}`).textContent = title;
      caption.textContent = caption.title = this.two ? `${name.toUpperCase()}: ${title}` : "";
    }
    document.querySelector(`input[name=side][value=${this.side}]`).checked = true;
    this.drawYears();
    this.maps.a.extent = this.maps.b.extent = null;
  }

  get frame() {
    return this.rows[this.q]?.[this.side];
  }

  /** The frames of the side that is told, up to the quarter that is shown. */
  get sideFrames() {
    return this.rows.slice(0, this.q + 1).map((row) => row[this.side]);
  }

  /** Names by code of every council there was so far. */
  get names() {
    const key = `${this.side} ${this.q} ${this.about.branch}`;
    if (this.known?.key !== key || this.known.rows !== this.rows) {
      const found = new Map();
      for (const frame of this.sideFrames) for (const council of frame.councils) found.set(council.code, council.name);
      this.known = { key, rows: this.rows, found };
    }
    return this.known.found;
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
    byId("time").value = this.q;
    if (this.holds) return;
    this.free();
    this.freed = null;
  }

  /** Wait until what was asked for is drawn. */
  async settled() {
    this.pause();
    while (this.busy) await this.busy.catch(() => {});
  }

  /** Go to a quarter, once nobody holds the clock. */
  go(q) {
    return this.freed ? this.freed.then(() => this.go(q)) : this.now(q);
  }

  /** Go some quarters on or back, counted from where the clock is already going. */
  move(quarters) {
    if (this.freed) return this.freed.then(() => this.move(quarters));
    return this.now((this.busy ? this.wanted : this.q) + quarters);
  }

  /** Go to a quarter: ask for what is not known yet, then draw. Calls follow one another. */
  now(q) {
    this.wanted = Math.min(Math.max(q, 0), this.quarters);
    this.busy ??= this.reach().finally(() => { this.busy = null; });
    return this.busy;
  }

  async reach() {
    while (this.drawn !== this.wanted || !this.rows[this.wanted]) {
      const wanted = this.wanted;
      if (this.rows.length <= wanted) {
        const { taken } = this;
        const got = await this.source.frames(this.rows.length, wanted);
        if (taken !== this.taken) continue; // of a run that is no longer shown
        for (const row of got.frames) this.rows[row.q] = row;
        this.parted = got.parted ?? this.parted;
      }
      this.q = wanted;
      this.draw();
    }
  }

  draw() {
    const row = this.rows[this.q];
    this.drawn = this.q;
    const frame = this.frame;
    byId("date").textContent = frame.period;
    byId("stance").textContent = frame.stance;
    for (const name of this.two ? ["a", "b"] : ["a"]) this.maps[name].show(row[name], this.explanation.chosen);
    this.feed.show(this.sideFrames, this.names, this.about.sides[this.side].acts);
    this.drawCharts();
    this.drawParted(this.partedNow);
    this.drawMarks();
    const slider = byId("time");
    slider.value = this.q;
    slider.setAttribute("aria-valuetext", frame.period);
    byId("back").disabled = byId("first").disabled = this.q === 0;
    byId("step").disabled = this.q === this.quarters;
    if (!byId("explain").hidden) this.explanation.refresh();
    this.speak();
    this.ticks += 1;
    document.body.dataset.q = this.q;
    dispatchEvent(new CustomEvent("drawn"));
  }

  /** Where the two sides part, once the clock has come there. */
  get partedNow() {
    return this.parted && this.parted.q <= this.q ? this.parted : null;
  }

  drawCharts() {
    drawCharts(byId("charts"), this.rows.slice(0, this.q + 1), this.quarters, this.partedNow?.q);
  }

  redraw() {
    this.drawn = null;
    return this.move(0);
  }

  /** Say a year at a time while playing, a quarter when somebody steps. */
  speak() {
    if (this.playing && this.q % 4 && this.q !== this.quarters) return;
    const frames = this.playing ? this.sideFrames.slice(-4) : [this.frame];
    const count = (kind) => frames.reduce((sum, frame) => sum + new Set(frame.events.filter((e) => e.kind === kind).map((e) => e.deal)).size, 0);
    const now = this.frame.measures;
    byId("spoken").textContent = `${this.playing ? `The year to ${this.frame.day}` : this.frame.period}: `
      + `${plural(count("talks_begin"), "round of talks begins", "rounds of talks begin")}, `
      + `${plural(count("starts"), "deal starts", "deals start")}, ${plural(count("talks_fail"), "round of talks fails", "rounds of talks fail")}, `
      + `${plural(count("ends"), "agreement ends", "agreements end")}. `
      + (now.agreements == null ? "" : `${now.agreements} agreements in force, true saving ${money(now.true_saving)} a year.`);
  }

  /** Say where the two sides part: what was changed in each, then what happens in one only. */
  drawParted(parted) {
    const box = byId("parted");
    box.hidden = !parted;
    if (!parted) return;
    const open = new Set([...box.querySelectorAll("details[open]")].map((one) => one.dataset.side));
    const acts = (name) => this.about.sides[name].acts.filter((act) => act.at < parted.q).map((act) => act.said);
    const changed = ["a", "b"].flatMap((name) => acts(name).filter((said) => !acts(name === "a" ? "b" : "a").includes(said))
      .map((said) => make("p", {}, make("b", {}, `Changed in ${name.toUpperCase()}: `), said, ".")));
    const list = (name, said) => said.length ? [
      make("p", {}, make("b", {}, `Only in ${name.toUpperCase()}: `), said[0]),
      said.length > 1 ? make("details", { "data-side": name, open: open.has(name) }, make("summary", {}, `and ${said.length - 1} more in ${name.toUpperCase()}`),
        make("ul", {}, said.slice(1).map((text) => make("li", {}, text)))) : ""] : [];
    const silent = !parted.only_a.length && !parted.only_b.length;
    const moved = parted.moved.map((name) => (this.about.titles?.[name]?.title ?? name).toLowerCase()).join(", ");
    box.replaceChildren(make("h3", {}, `◆ The two part: ${parted.period}`), ...changed,
      ...list("a", parted.only_a), ...list("b", parted.only_b),
      silent ? make("p", {}, `The same things happen; what differs is money${moved ? `: ${moved}` : ""}.`) : "");
  }

  /** Put on the time line what was changed, and where the two sides part. */
  drawMarks() {
    const marks = Object.entries(this.about.sides).flatMap(([name, side]) => side.acts.map((act) =>
      make("span", { class: `mark side-${name}`, "data-at": act.at, title: act.said }, "▼")));
    if (this.parted && this.parted.q <= this.q) {
      marks.push(make("span", { class: "mark parting", "data-at": this.parted.q, title: `The two part: ${this.parted.period}` }, "◆"));
    }
    for (const mark of marks) mark.style.left = `${100 * mark.dataset.at / this.quarters}%`;
    byId("marks").replaceChildren(...marks);
  }

  drawYears() {
    const years = this.about.days.map((day, q) => [day, q]).filter(([day]) => day.slice(5) === "04-01");
    const every = Math.ceil(years.length / 8);
    const spans = years.filter((_, k) => k % every === 0).map(([day, q]) => {
      const span = make("span", {}, day.slice(0, 4));
      span.style.left = `${100 * q / this.quarters}%`;
      return span;
    });
    byId("years").replaceChildren(...spans);
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

  pick(codes) {
    return this.explain(aboutCodes(codes));
  }

  openEvent(event) {
    if (event.deal >= 0) return this.explain({ deal: event.deal });
    return this.explain(event.who.length > 1 ? { pair: event.who } : { council: event.who[0] });
  }

  /** Explain something that somebody chose: the focus goes there, so that it is read out. */
  async explain(subject) {
    showTab("explain");
    await this.explanation.open(subject);
    byId("explain").scrollTop = 0;
    this.explanation.focus();
    for (const map of Object.values(this.maps)) if (map.frame) map.show(map.frame, this.explanation.chosen);
  }

  wire() {
    byId("first").addEventListener("click", () => this.go(0));
    byId("back").addEventListener("click", () => this.move(-1));
    byId("step").addEventListener("click", () => this.move(1));
    byId("play").addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    byId("time").addEventListener("input", (event) => { this.pause(); this.go(Number(event.target.value)); });
    for (const [id, factor] of [["nearer", 1.6], ["farther", 1 / 1.6], ["whole", 0]]) {
      byId(id).addEventListener("click", () => Object.values(this.maps).forEach((map) => map.zoomBy(factor)));
    }
    for (const radio of document.querySelectorAll("input[name=side]")) {
      radio.addEventListener("change", () => { this.side = radio.value; this.redraw(); });
    }
    let late = 0;
    new ResizeObserver(() => {
      cancelAnimationFrame(late);
      late = requestAnimationFrame(() => {
        Object.values(this.maps).forEach((map) => map.show(map.frame, this.explanation.chosen));
        if (this.frame) this.drawCharts();
      });
    }).observe(byId("maps"));
    wireTabs();
    wireHelp();
    addEventListener("tab", () => this.frame && !byId("explain").hidden && this.explanation.refresh());
    addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    const typed = event.target.closest("select, textarea, input:not([type=range], [type=radio], [type=checkbox])");
    if (typed) return;
    const held = event.target.closest("button, [role=button], summary, a, [type=checkbox]");
    if (event.key === " " && !held) { event.preventDefault(); byId("play").click(); }
    const ways = { ",": -1, ".": 1 };
    if (event.key in ways) this.move(ways[event.key]);
    if (event.key === "Home" && !event.target.closest("input")) this.go(0);
    if (event.key === "?") openHelp();
    if (event.key === "Escape" && event.target.closest(".panel")) this.maps[this.side].focus();
    const tab = document.querySelectorAll("[role=tab]")[Number(event.key) - 1];
    if (tab) { tab.click(); tab.focus(); }
  }
}

function wireHelp() {
  byId("help-open").addEventListener("click", openHelp);
  byId("help-close").addEventListener("click", () => byId("help").close());
  const skip = document.querySelector(".skip");
  skip.addEventListener("click", (event) => { // the address holds the run, and no place on the page
    event.preventDefault();
    showTab("feed");
    byId("feed").focus();
  });
}

function openHelp() {
  byId("help").showModal();
}

function aboutCodes(codes) {
  return codes.length === 1 ? { council: codes[0] } : { pair: codes };
}

/** Name a side by what was changed in it; two sides never have the same name. */
function sideTitle(about, name) {
  const { a, b } = about.sides, { acts, title } = about.sides[name];
  const same = b && a.scenario === b.scenario;
  if (!acts.length) return same ? "as it was" : title;
  const other = new Set((name === "a" ? b : a)?.acts.map((act) => act.said));
  const own = acts.filter((act) => !other.has(act.said));
  const shown = own.length ? own : acts;
  const more = shown.length > 1 ? `, and ${shown.length - 1} more` : "";
  const what = `${shown[0]?.what}${more}`;
  if (b && !same) return own.length ? `${title}, with ${what}` : title;
  if (!b || own.length === acts.length) return what;
  return own.length ? `also ${what}` : acts.length < other.size ? `only ${what}` : "a copy of A";
}

function wireTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  tabs.forEach((tab, k) => {
    tab.addEventListener("click", () => showTab(tab.getAttribute("aria-controls")));
    tab.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way) return;
      const next = tabs[(k + way + tabs.length) % tabs.length];
      next.click();
      next.focus();
    });
  });
}

function showTab(name) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const on = tab.getAttribute("aria-controls") === name;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !on;
  }
  dispatchEvent(new CustomEvent("tab"));
}
