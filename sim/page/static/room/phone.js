// A phone of the room: it follows the trainer's clock, bets, and decides for a council.
"use strict";

const OUTCOMES = /** @type {const} */ ([["talks", "Talks under way"], ["agreements", "Agreements in force"],
  ["promised", "Saving promised, a year"], ["reported", "Saving reported, a year"], ["reserves", "Reserves of all"]]);
const POUNDS = ["promised", "reported", "reserves"];

class Phone {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.wrong = make("p", { class: "wrong", role: "alert" });
    this.silence = make("p", { class: "silent", role: "status", hidden: true },
      "No word from the trainer's computer. This page listens on, and goes on by itself when it is back.");
    this.parts = /** @type {Map<string, { box: HTMLElement, said: string }>} */ (new Map());
    this.ear = /** @type {Ear | null} */ (null);
  }

  async open() {
    try {
      if (!await this.sit()) return;
      this.parts.clear();
      this.box.replaceChildren(this.silence, this.wrong);
      const silent = (/** @type {boolean} */ lost) => { this.silence.hidden = !lost; };
      this.ear = new Ear("/api/room/phone", (told) => this.hear(told), silent, () => this.sit());
    } catch (error) {
      this.enter(messageOf(error));
    }
  }

  /** Take the seat that this phone has, or a new one; without the letters it is asked for them. */
  async sit() {
    const { name } = await ask("sit", {});
    if (name === null) this.enter("");
    return name !== null;
  }

  /** Ask for the letters. @param {string} wrong */
  enter(wrong) {
    this.ear?.stop();
    const code = make("input", { id: "code", maxlength: 4, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", "aria-label": "Four letters" });
    const send = async (/** @type {Event} */ event) => {
      event.preventDefault();
      await this.attempt(async () => { await ask("enter", { code: code.value }); await this.open(); });
    };
    this.wrong.textContent = wrong;
    this.box.replaceChildren(make("h1", {}, "Council Partnering"), make("form", { onsubmit: send },
      make("label", {}, "The four letters that the trainer shows", code), make("button", {}, "Come in")), this.wrong);
    code.focus();
  }

  /** Do something that the program may refuse, and say so. @param {() => Promise<unknown>} work */
  async attempt(work) {
    this.wrong.textContent = "";
    try {
      await work();
    } catch (error) {
      this.wrong.textContent = messageOf(error);
      this.wrong.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {PhoneTold} told */
  hear(told) {
    const { you, when } = told;
    this.part("head", [you.name, when, told.score], () => [
      make("div", { class: "head" }, make("h1", {}, you.name), told.score.of ? make("p", {}, `${told.score.right} of ${plural(told.score.of, "bet", "bets")} right`) : null),
      make("p", { class: "date" }, when ? when.period : "The trainer has not begun yet."),
      when ? make("p", { class: "quiet" }, when.title) : null]);
    this.part("bet", told.bet, () => told.bet && this.bet(told.bet));
    this.part("came", told.came, () => told.came && came(told.came));
    this.part("cards", told.game, () => told.game && this.cards(told.game));
    this.part("asked", [told.asked, told.chosen, told.front, you, when?.over], () => (told.asked && told.knows ? this.asked(told) : null));
    this.part("council", [told.knows, you], () => (told.knows ? council(told.knows, you, () => this.be(null)) : null));
    this.part("gone", [you.council, told.knows === null], () => (you.council && told.knows === null
      ? [make("h2", {}, "Your council is not on the map any more"), make("button", { onclick: () => this.be(null) }, "Choose another")] : null));
    this.part("choose", told.councils, () => told.councils && this.choose(told.councils));
    this.part("measures", told.measures, () => told.measures && measures(told.measures));
    document.body.dataset.heard = String(Number(document.body.dataset.heard ?? 0) + 1);
  }

  /**
   * Draw one part of the page where it is otherwise than before; the focus stays where it was.
   * @param {string} name @param {unknown} value @param {() => Child | undefined} draw_
   */
  part(name, value, draw_) {
    const said = JSON.stringify(value) ?? "";
    if (!this.parts.has(name)) this.parts.set(name, { box: this.box.appendChild(make("section", { id: name })), said: "nothing yet" });
    const part = known(this.parts, name);
    if (part.said === said) return;
    part.said = said;
    const key = document.activeElement?.getAttribute("data-key");
    const drawn = draw_();
    part.box.hidden = !drawn;
    part.box.replaceChildren();
    fill(part.box, {}, [drawn ?? null]);
    if (key) all("[data-key]", part.box).find((one) => one.dataset.key === key)?.focus();
  }

  /** @param {string | null} code */
  be(code) {
    return this.attempt(() => ask("council", { council: code }));
  }

  /** @param {NonNullable<PhoneTold["bet"]>} bet @returns {Child} */
  bet({ key, ask: words, answers, open, mine, true: came_, counts }) {
    const send = (/** @type {number} */ answer) => () => this.attempt(() => ask("bet", { bet: key, answer }));
    if (open) {
      return [make("h2", {}, words), make("div", { class: "choices" }, answers.map((answer, k) =>
        make("button", { type: "button", "data-key": `bet ${k}`, "aria-pressed": String(mine === k), onclick: send(k) }, answer))),
        make("p", { class: "quiet" }, mine == null ? "Bet before the trainer plays on." : "You may change it until the trainer plays on.")];
    }
    const most = Math.max(1, ...(counts ?? []));
    return [make("h2", {}, words), make("ul", {}, answers.map((answer, k) => {
      const bar = make("span", { class: "bar" }), n = counts?.[k] ?? 0;
      bar.style.width = `${100 * n / most}%`;
      return make("li", { class: came_ === k ? "came" : null }, `${answer}: ${n}`, mine === k ? " (your bet)" : "",
        came_ === k ? make("b", {}, " ✔ this happened") : null, make("span", { class: "long" }, bar));
    })), make("p", {}, came_ == null ? "Closed. What happens?" : mine == null ? "" : mine === came_ ? "You were right." : "You were wrong.")];
  }

  /** Targets, three cards to spend, and what the table's own run came to. @param {NonNullable<PhoneTold["game"]>} game @returns {Child} */
  cards({ said, cards, mine, closed, result }) {
    const spend = (/** @type {string} */ key) => () => this.attempt(() => ask("cards", { cards: mine.includes(key) ? mine.filter((one) => one !== key) : [...mine, key] }));
    const reached = (/** @type {number} */ k) => (result ? `: ${number(result.values[k])} ${result.met[k] ? "✔ reached" : "✘ missed"}` : "");
    return [make("h2", {}, "Targets"), make("ul", {}, said.map((words, k) => make("li", { class: result?.met[k] ? "came" : null }, words, make("b", {}, reached(k))))),
      closed ? make("p", {}, result ? "That is your table's run, on the same luck." : "Your run is being lived …")
        : make("p", { class: "quiet" }, `Spend up to three cards: ${mine.length} spent.`),
      make("div", { class: "choices" }, cards.map(({ key, label, why }) => make("button", {
        type: "button", "data-key": `card ${key}`, "aria-pressed": String(mine.includes(key)), disabled: closed || (mine.length > 2 && !mine.includes(key)), onclick: spend(key),
      }, label, make("span", { class: "why" }, why))))];
  }

  /** @param {PhoneTold} told @returns {Child} */
  asked({ asked: items = [], chosen, front, you, when }) {
    if (when?.over) return make("p", {}, "The run is over.");
    if (!front) return make("p", {}, "The trainer looks back. You decide again when the clock is at its latest date.");
    const choice = (/** @type {string} */ item, /** @type {string | null} */ what, /** @type {string} */ words) => make("button", {
      type: "button", "data-key": `${item} ${what}`, disabled: !you.holds, "aria-pressed": String((chosen[item] ?? null) === what),
      onclick: () => this.attempt(() => ask("choose", { item, what })),
    }, words);
    return [make("h2", {}, items.length ? "You are asked" : "Nobody asks you anything this quarter."),
      you.holds ? null : make("p", { class: "quiet" }, `${you.holder ?? "Another phone"} decides. You watch.`),
      ...items.map(({ key, said, options }) => [make("h3", {}, said), make("div", { class: "choices" },
        Object.entries(options).map(([what, words]) => choice(key, what, words)), choice(key, null, "Leave it to the model"))])];
  }

  /** @param {NonNullable<PhoneTold["councils"]>} councils @returns {Child} */
  choose(councils) {
    return [make("h2", {}, "Be a council"), make("p", { class: "quiet" }, "You see what it knows, and decide for it. Or only look and bet."),
      make("div", { class: "choices" }, councils.map(({ code, name, taken }) => make("button", {
        type: "button", "data-key": code, onclick: () => this.be(code),
      }, taken ? `${name} (taken: watch)` : name)))];
  }
}

/**
 * What a council knows.
 * @param {Known} told @param {PhoneTold["you"]} you @param {() => unknown} leave @returns {Child}
 */
function council({ name, control, money: own, deals, thinks }, you, leave) {
  const rows = /** @type {[string, string][]} */ ([["Income a year", money(own.income)], ["Costs a year", money(own.cost)], ["Reserves", money(own.reserves)],
    ["Gap now, a year", gap(own.gap)], ["Gap expected", gap(own.expected)]]);
  const saving = (/** @type {Known["deals"][number]} */ deal) => (deal.promised == null ? "no business case yet"
    : `promised you ${money(deal.promised)} a year; your own estimate ${money(deal.estimate)}`);
  return [make("h2", {}, you.holds ? `You are ${name}` : `You watch ${name}`), make("p", { class: "quiet" }, `Control: ${PARTIES[control]}.`,
      own.vacant ? " The post of chief executive is vacant." : "", own.distress ? " It cannot balance its budget." : ""),
    make("table", {}, rows.map(([word, value]) => make("tr", {}, make("th", { scope: "row" }, word), make("td", {}, value)))),
    deals.length ? [make("h3", {}, "Your talks and agreements"), make("ul", {}, deals.map((deal) => make("li", {},
      make("b", {}, deal.title), ` with ${deal.with.join(", ")}: ${deal.stage}; ${saving(deal)}.`)))] : null,
    thinks.length ? [make("h3", {}, "What you think of them"), make("ul", {}, thinks.map((one) => make("li", {}, make("b", {}, one.name), ` ${one.said}`)))] : null,
    make("button", { type: "button", class: "link", "data-key": "leave", onclick: leave }, "Be another council, or none")];
}

/** A gap is what must be cut; nothing where the money is enough. @param {number} million */
function gap(million) {
  return million > 0 ? money(million) : "none";
}

/** What came of what was decided. @param {NonNullable<PhoneTold["came"]>} told @returns {Child} */
function came({ period, decided, news }) {
  return [make("h2", {}, `What came of it: ${period}`), ...decided.map((one) => [make("h3", {}, one.did),
    make("p", {}, one.model.endsWith(".") ? one.model : `${one.model}.`), make("p", {}, one.other)]),
    news.length ? make("ul", {}, news.map((said) => make("li", {}, said))) : null];
}

/** @param {number | null} value */
function number(value) {
  return value === null ? "not known" : (Math.round(value * 100) / 100).toLocaleString("en-GB");
}

/** @param {Measures} values @returns {Child} */
function measures(values) {
  return [make("h2", {}, "All councils"), make("table", {}, OUTCOMES.map(([name, word]) => make("tr", {}, make("th", { scope: "row" }, word),
    make("td", {}, values[name] == null ? "not yet" : POUNDS.includes(name) ? money(values[name]) : String(values[name])))))];
}

/** @param {string} what @param {unknown} body @returns {Promise<any>} */
async function ask(what, body) {
  const answer = await fetch(`/api/room/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })
    .catch(() => { throw new Error("The trainer's computer cannot be reached. Try again in a moment."); });
  if (answer.ok) return answer.json();
  const { error } = await answer.json().catch(() => ({ error: "The program is busy. Try again in a moment." }));
  throw new Error(error);
}

/** @param {unknown} error */
function messageOf(error) {
  const words = error instanceof Error ? error.message : String(error);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

new Phone(byId("phone")).open();
