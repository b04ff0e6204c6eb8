// Explanations: a council, two councils, a deal: money, partners, and why it lives or died.
"use strict";

const AXES = ["member-led", "open to outsourcing", "localist", "bold"];

class Explanation {
  /**
   * `player` knows the frames and the source; `box` is where it is written.
   * @param {Player} player @param {HTMLElement} box
   */
  constructor(player, box) {
    this.player = player;
    this.box = box;
    this.asked = 0;
    this.subject = /** @type {Subject | null} */ (null);
    this.who = /** @type {string[] | null} */ (null); // members of the deal that is explained
    this.clear();
  }

  clear() {
    this.subject = this.who = null;
    this.asked += 1;
    this.box.replaceChildren(make("p", { class: "quiet" },
      "Choose a council, a line between two, or a piece of news."));
  }

  /**
   * Explain something: {council}, {pair: [a, b]} or {deal}.
   * @param {Subject} subject
   */
  async open(subject) {
    this.subject = subject;
    await this.refresh();
  }

  /** Codes of the councils that the map should mark. */
  get chosen() {
    if (!this.subject) return [];
    return this.subject.council ? [this.subject.council] : this.subject.pair ?? this.who ?? [];
  }

  async refresh() {
    if (!this.subject) return;
    const ask = ++this.asked;
    const { council, pair, deal } = this.subject;
    const parts = council ? this.council(council) : pair ? await this.pair(pair) : await this.deal(Number(deal));
    if (ask !== this.asked) return;
    const inside = this.box !== document.activeElement && this.box.contains(document.activeElement);
    this.box.replaceChildren(...parts.filter((part) => part !== null));
    all("h2", this.box)[0].tabIndex = -1;
    if (inside) this.focus();
  }

  /** Put the focus on the heading: it is read out, and Tab goes on from there. */
  focus() {
    all("h2", this.box)[0]?.focus({ preventScroll: true });
  }

  /** @param {string} code */
  name(code) {
    return this.player.names.get(code) ?? code;
  }

  /** @param {string} words @param {Subject} subject */
  link(words, subject) {
    return make("button", { type: "button", class: "linked", onclick: () => this.player.explain(subject) }, words);
  }

  /** @param {string} code */
  council(code) {
    const frame = this.player.frame;
    const row = frame.councils.find((one) => one.code === code);
    if (!row) return [make("h2", {}, this.name(code)), this.gone(code), ...this.history(code)];
    const mine = frame.deals.filter((deal) => deal.who.includes(code));
    const kept = row.lessons.length ? `It has learnt to ask for: ${row.lessons.join("; ")}.` : "It has learnt nothing from failures yet.";
    return [
      make("h2", {}, row.name),
      make("p", {}, `${Math.round(row.population).toLocaleString("en-GB")} people, ${PARTIES[row.control]}. `
        + (row.vacant ? "The chief executive's post is vacant. " : "")
        + (row.distress ? "It cannot balance its budget (section 114)." : "")),
      this.culture(row),
      table([
        ["Net budget", `${money(row.income)} a year`],
        [row.gap > 0 ? "Gap now" : "Surplus now", `${money(Math.abs(row.gap))} a year`],
        ["Gap it sees coming", row.expected > 0 ? `${money(row.expected)} a year` : "none"],
        ["Reserves", money(row.reserves)],
        ["True saving from sharing", `${money(row.saving)} a year`],
        ["Council tax, Band D", `£${Math.round(row.band_d)}`],
      ]),
      ...this.deals("Partners", mine.filter((deal) => deal.kind !== "talks"), code, "No partner now."),
      ...this.deals("In talks", mine.filter((deal) => deal.kind === "talks"), code, "No talks now."),
      make("h3", {}, "Lessons"), make("p", {}, kept),
      ...this.history(code),
    ];
  }

  /** @param {string} code */
  gone(code) {
    return make("p", {}, `${this.name(code)} is not on the map at this date.`);
  }

  /** @param {Council} row */
  culture(row) {
    const shown = AXES.map((axis, k) => `${axis} ${Math.round(100 * row.culture[k])}`);
    return make("p", { class: "quiet" }, `Culture, 0 to 100: ${shown.join(", ")}.`);
  }

  /** @param {string} title @param {Deal[]} deals @param {string} code @param {string} none */
  deals(title, deals, code, none) {
    const items = deals.map((deal) => make("li", {},
      this.link(`${deal.title}`, { deal: deal.n }), " with ",
      deal.who.filter((other) => other !== code).flatMap((other, k) => [k ? ", " : "", this.link(this.name(other), { pair: [code, other] })]),
      `: ${deal.stage}`));
    return [make("h3", {}, title), items.length ? make("ul", {}, items) : make("p", { class: "quiet" }, none)];
  }

  /** @param {string} code */
  history(code) {
    const told = this.player.sideFrames.flatMap((frame) => frame.events
      .filter((event) => event.who.includes(code) && !NEWS.looking.kinds.includes(event.kind))
      .map((event) => ({ period: frame.period, event }))).reverse().slice(0, 60);
    return [make("h3", {}, "History"), make("ul", { class: "news" }, told.map(({ period, event }) =>
      make("li", {}, make("span", { class: "when" }, `${period}: `),
        event.deal >= 0 ? this.link(event.said, { deal: event.deal, of: event.who }) : event.said)))];
  }

  /** @param {string[]} pair */
  async pair([a, b]) {
    const { lines } = await this.player.source.pair(this.player.side, a, b, this.player.q);
    const alive = this.player.frame.deals.filter((deal) => deal.who.includes(a) && deal.who.includes(b));
    return [
      make("h2", {}, this.link(this.name(a), { council: a }), " and ", this.link(this.name(b), { council: b })),
      ...alive.flatMap((deal) => this.facts(deal)),
      make("h3", {}, "What they had to do with each other"),
      ...lines.map(toldStep),
    ];
  }

  /** @param {Deal} deal */
  facts(deal) {
    const rows = /** @type {[string, string][]} */ ([["How far", deal.stage]]);
    if (deal.promised != null) rows.push(["Saving promised", `${money(deal.promised)} a year`]);
    if (deal.reported != null) rows.push(["Saving reported", `${money(deal.reported)} a year`]);
    if (deal.true != null) rows.push(["True saving", `${money(deal.true)} a year`]);
    if (deal.trust != null) rows.push(["Trust between them", `${Math.round(100 * deal.trust)} of 100`]);
    if (deal.terms) rows.push(["Terms", deal.terms.join(", ") || "none beyond the deal itself"]);
    return [make("h3", {}, this.link(deal.title, { deal: deal.n })), table(rows), this.bars(deal)];
  }

  /**
   * Three savings as bars with words: promised, reported, true.
   * @param {Deal} deal
   */
  bars(deal) {
    if (deal.true == null) return null;
    const rows = [["promised", deal.promised], ["reported", deal.reported], ["true", deal.true]]
      .map(([word, value]) => ({ word: String(word), value: Number(value) }));
    const most = Math.max(...rows.map(({ value }) => Math.abs(value)), 1e-9);
    return draw("svg", { class: "bars", viewBox: "0 0 340 72", "aria-hidden": "true" }, rows.map(({ word, value }, k) => [
      draw("text", { x: 0, y: 17 + 24 * k }, word),
      draw("rect", { class: `bar ${word}`, x: 90, y: 3 + 24 * k, height: 17, width: Math.max(190 * Math.abs(value) / most, 1.5) }),
      value < 0 ? draw("text", { x: 94 + 190 * Math.abs(value) / most, y: 17 + 24 * k }, "a loss") : null,
    ]));
  }

  /** @param {number} number */
  async deal(number) {
    const { text, who } = await this.player.source.deal(this.player.side, number, this.player.q);
    this.who = who;
    const last = this.lastSeen(number);
    const title = last ? last.deal.title : "A deal";
    const two = this.subject?.of?.length === 2 ? this.subject.of : who.slice(0, 2);
    const pairs = two.length > 1 ? await this.player.source.pair(this.player.side, two[0], two[1], this.player.q) : null;
    const gone = last && last.q < this.player.q;
    return [
      make("h2", {}, title),
      make("p", {}, who.flatMap((code, k) => [k ? ", " : "", this.link(this.name(code), { council: code })])),
      make("p", { class: "fate" }, text),
      ...(last ? [make("p", { class: "quiet" }, gone ? `As it last stood, ${last.period}:` : ""), ...this.facts(last.deal).slice(1)] : []),
      ...(pairs ? [make("h3", {}, `${this.name(two[0])} and ${this.name(two[1])}, step by step`),
        ...pairs.lines.map(toldStep)] : []),
    ];
  }

  /** @param {number} number */
  lastSeen(number) {
    for (const frame of [...this.player.sideFrames].reverse()) {
      const deal = frame.deals.find((one) => one.n === number);
      if (deal) return { deal, q: frame.q, period: frame.period };
    }
    return null;
  }
}

/**
 * Return what is explained when councils are chosen: one, or two.
 * @param {string[]} codes @returns {Subject}
 */
function aboutCodes(codes) {
  return codes.length === 1 ? { council: codes[0] } : { pair: codes };
}

/** @param {[string, string][]} rows */
function table(rows) {
  return make("table", {}, make("tbody", {}, rows.map(([head, value]) =>
    make("tr", {}, make("th", { scope: "row" }, head), make("td", {}, value)))));
}
