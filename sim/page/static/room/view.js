// The tab of the room: how phones come in, what to ask, who is there, and the league of bets.
"use strict";

class RoomView {
  /** @param {Room} room @param {HTMLElement} box */
  constructor(room, box) {
    this.room = room;
    this.box = box;
    this.bets = new Asking(room, byId("bets"));
    this.told = /** @type {RoomTold} */ ({ seats: [], bet: null, game: null });
    this.game = "null";
    this.telling = /** @type {Promise<unknown> | null} */ (null);
    this.again = false;
    this.count = make("p", { id: "room-count", role: "status" });
    this.league = make("table", { class: "league" });
    this.form = new BetForm(room);
    this.aims = new AimsView(room);
    this.build();
    new Desk(room, this);
    if (room.offer.room) this.open();
  }

  build() {
    const { room } = this.room.offer;
    const fresh = () => this.room.server.fresh().catch(() => {});
    this.box.replaceChildren(make("h2", {}, "Ask the room"),
      ...(room ? [make("div", { class: "row" },
        make("button", { type: "button", class: "main", id: "show-door", onclick: () => this.door() }, "Show the code")), this.count]
        : [make("p", { class: "quiet" }, "Start the program with --room, and phones can answer, and be a council. Without, the room raises hands.")]),
      this.form.box,
      ...(room ? [this.aims.box] : []),
      make("h3", {}, "For you alone"),
      make("button", { type: "button", id: "open-desk", onclick: () => window.open("/trainer", "councils-trainer", "width=560,height=780") }, "Notes and next step in a window of their own"),
      ...(room ? [make("h3", {}, "Who is here"), this.league,
        make("button", { type: "button", id: "fresh", onclick: fresh }, "Another group: scores to nought")] : []));
  }

  open() {
    new Ear("/api/room/trainer", (told) => this.hear(told), (silent) => this.silent(silent));
    addEventListener("drawn", () => this.tell());
    this.room.player.ahead = () => this.decide();
    byId("door-close").addEventListener("click", () => byId("door").close());
  }

  /** @param {RoomTold} told */
  hear(told) {
    this.told = told;
    const here = told.seats.filter((seat) => seat.here).length;
    const words = `${plural(here, "phone is", "phones are")} here.`;
    this.count.textContent = words;
    byId("door-count").textContent = words;
    this.bets.hear(told.bet);
    if (JSON.stringify(told.game) !== this.game) this.aims.hear(told.game);
    this.game = JSON.stringify(told.game);
    dispatchEvent(new CustomEvent("room"));
    const rows = [...told.seats].sort((a, b) => b.right - a.right || a.number - b.number);
    this.league.replaceChildren(make("caption", { class: "unseen" }, "Phones, their councils, and their bets"),
      make("thead", {}, make("tr", {}, ["Table", "Council", "Bets right"].map((word) => make("th", { scope: "col" }, word)))),
      make("tbody", {}, rows.map((seat) => make("tr", {},
        make("th", { scope: "row" }, seat.name, seat.here ? "" : " (away)"),
        make("td", {}, seat.council ? `${seat.council}${seat.holds ? "" : " (watches)"}${seat.decided ? `, ${plural(seat.decided, "decision", "decisions")}` : ""}` : "–"),
        make("td", {}, seat.of ? `${seat.right} of ${seat.of}` : "–")))));
  }

  /** @param {boolean} silent */
  silent(silent) {
    if (silent) this.room.tell("No word from the program. The page listens on, and goes on by itself when it is back.");
    else this.room.hush();
  }

  /** Let the phones follow the clock: the last quarter counts, those before it need not arrive. */
  tell() {
    if (byId("opening").open) return; // what moves behind the card is not shown to the room
    this.again = true;
    this.telling ??= this.say().finally(() => { this.telling = null; });
  }

  async say() {
    const { player, server } = this.room;
    while (this.again) {
      this.again = false;
      await server.shown(player.side, player.q, player.about.sides.a.title).catch(() => {});
    }
  }

  /** Before the clock goes on, what the room decided acts in the quarter that comes. */
  async decide() {
    if (!this.told.seats.some((seat) => seat.holds)) return;
    const { player, server } = this.room;
    await this.telling;
    const got = await this.room.attempt(() => server.decide(player.side, player.q));
    if (!got?.about) return;
    player.turned({ ...got.about, titles: this.room.offer.titles });
    this.room.write(got.about.memo);
  }

  /** Show how phones come in, large enough for the last row. */
  async door() {
    const got = await this.room.attempt(() => this.room.server.door());
    if (!got) return;
    byId("door-way").replaceChildren(
      make("img", { src: "/api/room/qr.svg", alt: "Square code: the address of the room", width: 400, height: 400 }),
      make("div", {}, make("p", {}, "Scan the square, or open"), make("p", { class: "address" }, got.address.replace("http://", "").replace(/\/$/, "")),
        make("p", {}, "and type"), make("p", { class: "code" }, got.code)));
    byId("door").showModal();
  }
}

/** The form in which a trainer asks the room something at any moment. */
class BetForm {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.kind = make("select", { id: "bet-kind", onchange: () => this.show() },
      make("option", { value: "share" }, "Will two councils share something?"),
      make("option", { value: "outcome" }, "Will an outcome be above a value?"),
      make("option", { value: "own" }, "A question of my own"));
    const council = (/** @type {string} */ id, /** @type {string} */ name) => make("select", { id, "aria-label": name });
    this.one = council("bet-one", "First council");
    this.two = council("bet-two", "Second council");
    this.outcome = make("select", { id: "bet-outcome", "aria-label": "Outcome" },
      Object.entries(room.offer.titles).map(([name, { title, unit }]) => make("option", { value: name, selected: name === "true_saving" }, `${title} (${unit})`)));
    this.above = make("input", { id: "bet-above", type: "number", step: "any", value: 1, "aria-label": "Above" });
    this.when = make("select", { id: "bet-when", "aria-label": "When" });
    this.ask = make("input", { id: "bet-ask", maxlength: 200, "aria-label": "Question" });
    this.answers = make("textarea", { id: "bet-answers", rows: 3, "aria-label": "Answers, one a line" }, "Yes\nNo");
    this.fields = make("div", { class: "fields" });
    this.box = make("form", { class: "ask", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.send(); } },
      make("label", {}, "Question ", this.kind), this.fields,
      make("button", { class: "main", id: "bet-send" }, "Ask"));
    for (const news of ["drawn", "tab"]) addEventListener(news, () => this.fresh());
    this.show();
  }

  /** Offer the councils and the days that there are now. */
  fresh() {
    const { frame, about, q, quarters } = this.room.player;
    if (!frame || byId("room").hidden || this.box.contains(document.activeElement)) return;
    const rows = [...frame.councils].sort((a, b) => a.name.localeCompare(b.name));
    [this.one, this.two].forEach((select, k) => {
      const old = select.value || rows[k]?.was[0];
      select.replaceChildren(...rows.map((row) => make("option", { value: row.was[0], selected: row.was[0] === old }, row.name)));
    });
    const days = about.days.map((day, k) => ({ day, k })).filter(({ k }) => k > q);
    const old = this.when.value;
    const first = days.find(({ k }) => k >= Math.min(q + 4, quarters))?.day;
    this.when.replaceChildren(...days.map(({ day }) => make("option", { value: day, selected: day === (days.some((one) => one.day === old) ? old : first) }, spokenDay(day))));
  }

  show() {
    const { value } = this.kind;
    const label = (/** @type {string} */ words, /** @type {Child} */ field) => make("label", {}, `${words} `, field);
    this.fields.replaceChildren(...(value === "share" ? [label("Council", this.one), label("and", this.two), label("on", this.when)]
      : value === "outcome" ? [label("Will", this.outcome), label("be above", this.above), label("on", this.when)]
        : [label("Question", this.ask), label("Answers, one a line", this.answers)]));
    this.fresh();
  }

  /** @returns {Record<string, unknown>} */
  get bet() {
    const { value } = this.kind, day = spokenDay(this.when.value);
    const name = (/** @type {HTMLSelectElement} */ select) => select.selectedOptions[0]?.textContent ?? "";
    if (value === "share") {
      return { ask: `Will ${name(this.one)} and ${name(this.two)} share something on ${day}?`, share: [this.one.value, this.two.value], when: this.when.value };
    }
    if (value === "outcome") {
      return { ask: `Will this be above ${this.above.value} on ${day}: ${name(this.outcome)}?`, outcome: this.outcome.value, above: numberOf(this.above.value), when: this.when.value };
    }
    return { ask: this.ask.value, answers: this.answers.value.split("\n").map((line) => line.trim()).filter(Boolean) };
  }

  async send() {
    await this.room.ask(this.bet);
  }
}
