// Targets: the trainer sets them, tables spend cards for them, and a league tells whose run reached them.
"use strict";

const AIMS_MOST = 3;

class AimsView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.rows = make("div", { class: "aims" });
    this.league = make("div", { id: "cards-league" });
    this.when = make("select", { id: "aim-when" });
    this.play = make("button", { type: "button", id: "aim-play", disabled: true, onclick: () => this.live() }, "Live every table's cards");
    const send = (/** @type {Event} */ event) => { event.preventDefault(); this.set(); };
    this.box = make("details", { class: "ask" }, make("summary", {}, "Targets and cards"),
      make("p", { class: "quiet" }, "Set up to three targets. Each table spends three policy cards on its phone; each table's run has the luck of the one shown."),
      make("form", { onsubmit: send }, this.rows, make("label", {}, "on ", this.when), make("button", { id: "aim-set" }, "Set the targets")), this.play, this.league);
    this.rows.append(...Array.from({ length: AIMS_MOST }, (_, k) => this.row(k)));
    for (const news of ["drawn", "tab"]) addEventListener(news, () => this.fresh());
  }

  /** @param {number} k */
  row(k) {
    const outcomes = Object.entries(this.room.offer.titles).map(([name, { title, unit }]) => make("option", { value: name }, `${title} (${unit})`));
    return make("div", { class: "row" },
      make("select", { class: "outcome", "aria-label": `Target ${k + 1}: outcome` }, make("option", { value: "" }, k ? "no further target" : "choose an outcome"), outcomes),
      make("select", { class: "way", "aria-label": `Target ${k + 1}: at least or at most` }, make("option", { value: "least" }, "at least"), make("option", { value: "most" }, "at most")),
      make("input", { class: "bound", type: "number", step: "any", value: 0, "aria-label": `Target ${k + 1}: value` }));
  }

  fresh() {
    const { frame, about, q } = this.room.player;
    if (!frame || byId("room").hidden || this.box.contains(document.activeElement)) return;
    const old = this.when.value || String(about.quarters);
    this.when.replaceChildren(...about.days.map((day, k) => ({ day, k })).filter(({ k }) => k > q)
      .map(({ day, k }) => make("option", { value: k, selected: String(k) === old }, spokenDay(day))));
  }

  /** @returns {Aim[]} */
  get aims() {
    const of = (/** @type {HTMLElement} */ row, /** @type {string} */ name) => /** @type {HTMLInputElement} */ (row.querySelector(name)).value;
    return all(".row", this.rows).filter((row) => of(row, ".outcome")).map((row) => ({
      outcome: of(row, ".outcome"), most: of(row, ".way") === "most", bound: /** @type {number} */ (numberOf(of(row, ".bound"))), at: Number(this.when.value),
    }));
  }

  set() {
    const { player, server } = this.room;
    return this.room.attempt(() => server.aims(player.side, player.q, this.aims));
  }

  async live() {
    const { player, server } = this.room;
    this.play.disabled = true;
    await this.room.attempt(() => server.playCards(player.side, player.q));
  }

  /** @param {RoomTold["game"]} game */
  hear(game) {
    setAims(game?.aims ?? []);
    this.play.disabled = !game || game.closed;
    const said = (game?.aims ?? []).map(({ outcome, most, bound }) => `${this.room.offer.titles[outcome].title} ${most ? "at most" : "at least"} ${bound}`);
    const cell = (/** @type {Reached | null} */ result, /** @type {number} */ k) => (result ? `${measured(result.values[k], "")} ${result.met[k] ? "✔" : "✘"}` : "…");
    this.league.replaceChildren(...(game ? [make("table", { class: "league" }, make("caption", { class: "unseen" }, "What each table's cards reached"),
      make("thead", {}, make("tr", {}, ["Table", ...said].map((word) => make("th", { scope: "col" }, word)))),
      make("tbody", {}, game.league.map(({ name, cards, result }) => make("tr", {},
        make("th", { scope: "row" }, name, make("span", { class: "cards" }, game.closed ? cards.join(", ") : plural(cards.length, "card", "cards"))),
        said.map((_, k) => make("td", {}, game.closed ? cell(result, k) : ""))))))] : []));
    if (this.room.player.frame) this.room.player.drawCharts();
  }
}
