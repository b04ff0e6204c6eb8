// Explanations: a council, two councils, a deal: money, partners, and why it lives or died.
"use strict";

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
    this.unfolded = new Set(); // what is written under lines that were opened
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
    if (!row) return [make("h2", {}, this.name(code)), this.gone(code), this.history(code)];
    const mine = frame.deals.filter((deal) => deal.who.includes(code));
    return [make("div", { class: "council-card" },
      make("h2", {}, row.name),
      make("p", {}, `${Math.round(row.population).toLocaleString("en-GB")} people, ${PARTIES[row.control]}. `
        + (row.vacant ? "No chief executive. " : "")
        + (row.distress ? "It cannot balance its budget (section 114)." : "")),
      cardMoney(row), cardTraits(row), cardManner(row, frame.councils),
      this.others("Shares with", mine.filter((deal) => deal.kind !== "talks"), code, "It shares nothing now."),
      this.others("Talks with", mine.filter((deal) => deal.kind === "talks"), code, "It is in no talks now."),
      make("div", { class: "folds" }, mine.length ? this.fold("deals", `What about (${mine.length})`, this.deals(mine, code)) : null, this.history(code)))];
  }

  /** @param {string} code */
  gone(code) {
    return make("p", {}, `${this.name(code)} is not on the map at this date.`);
  }

  /**
   * With whom a council has to do, in one sentence.
   * @param {string} words @param {Deal[]} deals @param {string} code @param {string} none
   */
  others(words, deals, code, none) {
    const others = [...new Set(deals.flatMap((deal) => deal.who))].filter((other) => other !== code);
    return make("p", {}, others.length ? [make("b", {}, words), " ", others.flatMap((other, k) => [k ? ", " : "", this.link(shorten(this.name(other)), { pair: [code, other] })]), "."] : none);
  }

  /** @param {Deal[]} deals @param {string} code */
  deals(deals, code) {
    return make("ul", {}, deals.map((deal) => make("li", {},
      this.link(`${deal.title}`, { deal: deal.n }), " with ",
      deal.who.filter((other) => other !== code).map((other) => this.name(other)).join(", "), `: ${deal.stage}`)));
  }

  /**
   * What is written under a line that opens; it stays open from quarter to quarter.
   * @param {string} key @param {string} words @param {Child} inside
   */
  fold(key, words, inside) {
    const note = (/** @type {Event & { target: HTMLDetailsElement }} */ event) => { this.unfolded[event.target.open ? "add" : "delete"](key); };
    return make("details", { open: this.unfolded.has(key), ontoggle: note }, make("summary", {}, words), inside);
  }

  /** @param {string} code */
  history(code) {
    const told = this.player.sideFrames.flatMap((frame) => frame.events
      .filter((event) => event.who.includes(code) && !NEWS.looking.kinds.includes(event.kind))
      .map((event) => ({ period: frame.period, event }))).reverse().slice(0, 60);
    return this.fold("history", `History (${told.length})`, make("ul", { class: "news" }, told.map(({ period, event }) =>
      make("li", {}, make("span", { class: "when" }, `${period}: `),
        event.deal >= 0 ? this.link(event.said, { deal: event.deal, of: event.who }) : event.said))));
  }

  /** @param {string[]} pair */
  async pair([a, b]) {
    const { lines, mind } = await this.player.source.pair(this.player.side, a, b, this.player.q);
    const alive = this.player.frame.deals.filter((deal) => deal.who.includes(a) && deal.who.includes(b));
    return [
      make("h2", {}, this.link(this.name(a), { council: a }), " and ", this.link(this.name(b), { council: b })),
      ...alive.flatMap((deal) => this.facts(deal, null)),
      ...drawMinds(mind, [this.name(a), this.name(b)]), this.systems(a, b),
      this.player.source.often && this.player.q && pairOfOld(this.player).length
        ? make("button", { type: "button", onclick: () => dispatchEvent(new CustomEvent("often")) }, "How often do they share something?") : null,
      make("h3", {}, "What they had to do with each other"),
      ...lines.map(toldStep),
    ];
  }

  /**
   * Whether two councils have the same computer system.
   * @param {string} a @param {string} b
   */
  systems(a, b) {
    const [one, two] = [a, b].map((code) => this.player.frame.councils.find((row) => row.code === code)?.system);
    if (!one || !two) return null;
    return make("p", {}, one === two ? `Both have computer system ${one}.` : `Their computer systems differ (${one} and ${two}).`);
  }

  /**
   * How a deal stands, and what became of its promise; `ended` says why it ended, if it did.
   * @param {Deal} deal @param {string | null} ended
   */
  facts(deal, ended) {
    const rows = /** @type {[string, string][]} */ ([["How far", deal.stage]]);
    if (deal.promised != null && deal.true == null) rows.push(["Saving promised", `${money(deal.promised)} a year`]);
    if (deal.trust != null) rows.push(["Trust between them", `${Math.round(100 * deal.trust)} of 100`]);
    if (deal.terms) rows.push(["Terms", deal.terms.join(", ") || "none beyond the deal itself"]);
    return [make("h3", {}, this.link(deal.title, { deal: deal.n })), ...drawSavings(deal, ended), table(rows)];
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
    const ended = gone ? this.player.sideFrames.flatMap((frame) => frame.events).find((one) => one.deal === number && one.kind === "ends")?.reason ?? "" : null;
    const decided = pairs && decidedLast(pairs.lines, number);
    return [
      make("h2", {}, title),
      make("p", {}, who.flatMap((code, k) => [k ? ", " : "", this.link(this.name(code), { council: code })])),
      decided ?? make("p", { class: "fate" }, text),
      ...(last ? [make("p", { class: "quiet" }, gone ? `As it last stood, ${last.period}:` : ""), ...this.facts(last.deal, ended).slice(1)] : []),
      decided && this.fold("fate", "All of it in words", make("p", { class: "fate" }, text)),
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

/**
 * The two councils that are explained, where both have been there from the first day; else none.
 * @param {Player} player
 */
function pairOfOld({ explanation, frame }) {
  const { chosen } = explanation;
  const old = chosen.filter((code) => frame.councils.some((one) => one.code === code && one.was.length === 1 && one.was[0] === code));
  return chosen.length === 2 && old.length === 2 ? chosen : [];
}

/** @param {[string, string][]} rows */
function table(rows) {
  return make("table", {}, make("tbody", {}, rows.map(([head, value]) =>
    make("tr", {}, make("th", { scope: "row" }, head), make("td", {}, value)))));
}
