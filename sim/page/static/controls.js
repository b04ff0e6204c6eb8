// The controls: scenario, seed, levers, shocks, two policies side by side, files to take home.
"use strict";

class Controls {
  /** @param {Room} room @param {Offer} offer @param {HTMLElement} box */
  constructor(room, offer, box) {
    this.room = room;
    this.offer = offer;
    this.box = box;
    this.player = room.player;
    /** @type {Map<string, { input: HTMLInputElement | HTMLSelectElement, shown: HTMLOutputElement, lever: Lever }>} */
    this.inputs = new Map();
    this.note = make("p", { class: "note", role: "status" });
    this.done = make("ul", { class: "done" });
    this.remarks = make("div", { id: "remarks", role: "status" });
    this.council = make("select", { id: "befalls", onchange: () => this.showChief() });
    this.chief = make("p", { class: "quiet", id: "chief-why" });
    this.party = make("select", { id: "party", "aria-label": "Party that takes control" },
      Object.entries(PARTIES).map(([key, name]) => make("option", { value: key, selected: key === "LAB" }, name)));
    this.other = make("select", { id: "other", "aria-label": "Compare with" },
      make("option", { value: "was" }, "the run without my changes"),
      make("option", { value: "copy" }, "a copy, to change apart"),
      this.offer.scenarios.filter((one) => one.policy).map((one) => make("option", { value: one.name }, one.title)));
    this.stop = make("button", { type: "button", hidden: true, id: "stop-comparing", onclick: () => this.room.compare(null) }, "Stop comparing");
    this.scenario = make("select", { id: "scenario" }, this.offer.scenarios.map((one) =>
      make("option", { value: one.name }, `${one.title}`)));
    this.replicate = make("input", { id: "replicate", type: "number", min: 0, max: 2147483647, step: 1, value: 0 });
    this.seed = make("input", { id: "seed", type: "number", min: 0, max: 4294967295, step: 1, value: 1 });
    this.link = make("input", { id: "link", readonly: true, hidden: true, "aria-label": "Link to this run" });
    this.branches = new Branches(room);
    this.seeking = make("div");
    new Seeking(room, this.seeking, "sought");
    this.build();
  }

  build() {
    this.box.replaceChildren(
      make("h2", { class: "unseen" }, "Try something"),
      make("p", { class: "quiet" }, "A change acts from the next quarter on. Nothing before it moves."),
      this.note, this.shocks(),
      make("div", { class: "row" }, this.branches.undo,
        make("button", { type: "button", id: "often-open", title: "This scenario with 200 other lucks", onclick: () => this.room.often.open() }, "How often?")),
      ...this.levers(),
      this.group("Something happens to a council", this.councils()),
      this.group("Side by side, and policies kept by name", this.comparing()),
      this.group("Another run: one in which something happens", this.seeking),
      this.group("Another run: scenario and seed", this.starting()),
      this.group("To take home", this.files()),
      make("h3", {}, "What was tried"), this.done, this.remarks);
  }

  /**
   * A heading that opens; only one of them is open at a time.
   * @param {string} title @param {Child[]} parts
   */
  group(title, ...parts) {
    return make("details", { name: "try" }, make("summary", {}, title), ...parts);
  }

  shocks() {
    return make("div", { class: "shocks" }, this.offer.shocks.map((shock) => [
      make("button", {
        type: "button", "data-shock": shock.key, "aria-describedby": `why-${shock.key}`,
        onclick: () => this.room.act({ set: shock.set }),
      }, shock.label),
      make("span", { class: "quiet", id: `why-${shock.key}` }, shock.why)]));
  }

  councils() {
    const befall = (/** @type {string} */ what, /** @type {() => Partial<Act>} */ more) => () => this.room.act({ council: this.council.value, what, ...more() });
    return make("div", {},
      make("label", {}, "Council ", this.council),
      make("div", { class: "row" },
        make("button", { type: "button", id: "chief", "aria-describedby": "chief-why", onclick: befall("chief_executive_leaves", () => ({})) }, "Its chief executive leaves"), this.chief),
      make("div", { class: "row" },
        make("button", { type: "button", id: "election", onclick: befall("control_changes", () => ({ control: this.party.value })) }, "Elections give control to"), this.party));
  }

  /** Say whether the chosen council has a chief executive of its own, who could leave. */
  showChief() {
    const { frame } = this.player;
    const row = frame.councils.find((one) => one.was[0] === this.council.value);
    const joint = row && frame.deals.find((deal) => deal.who.includes(row.code) && deal.kind === "management" && deal.stage === "at work");
    const over = this.player.q === this.player.quarters;
    this.chief.textContent = row?.vacant ? "The post is vacant." : joint ? "It shares its chief executive with others." : "";
    byId("chief").disabled = over || Boolean(row?.vacant || joint);
  }

  comparing() {
    return make("div", {}, make("div", { class: "row" }, this.other,
        make("button", { type: "button", id: "compare", onclick: () => this.room.compare(this.other.value) }, "Compare"), this.stop), this.branches.form());
  }

  levers() {
    const groups = /** @type {Map<string, Lever[]>} */ (new Map());
    for (const lever of this.offer.levers) groups.set(lever.group, [...(groups.get(lever.group) ?? []), lever]);
    return [...groups].map(([group, levers]) => this.group(`Levers: ${group.toLowerCase()}`, levers.map((lever) => this.lever(lever))));
  }

  /** @param {Lever} lever */
  lever(lever) {
    const id = `lever-${lever.name}`;
    const send = (/** @type {number | string} */ value) => this.room.act({ set: { [lever.name]: value } });
    const shown = make("output", { for: id });
    const input = lever.words.length ? choiceOf(lever, id, send) : lever.form === "yes" ? tickOf(id, send)
      : slideOf(lever, id, shown, send);
    input.setAttribute("aria-describedby", `${id}-why`);
    this.inputs.set(lever.name, { input, shown, lever });
    return make("div", { class: "lever" }, make("label", { for: id }, lever.label), shown, input,
      make("p", { class: "quiet", id: `${id}-why` }, `${lever.why[0].toUpperCase()}${lever.why.slice(1)}. ${lever.needs}`));
  }

  starting() {
    const begin = () => this.room.begin({ seed: Number(this.seed.value || 1), replicate: Number(this.replicate.value || 0), a: { scenario: this.scenario.value, acts: [] }, kept: this.room.memo.kept });
    return make("div", { class: "another" },
      make("label", {}, "Scenario ", this.scenario), make("label", {}, "Seed (its luck) ", this.seed), make("label", {}, "Run of that seed, from 0 on ", this.replicate),
      make("button", { type: "button", id: "begin", onclick: begin }, "Start this run"));
  }

  files() {
    const go = (/** @type {string} */ name) => () => this.room.save(name);
    return make("div", {}, make("div", { class: "row" },
        make("button", { type: "button", id: "save-story", onclick: go("story.html") }, "This run as one file"),
        make("button", { type: "button", id: "save-scenario", onclick: go("scenario.toml") }, "Scenario file"),
        make("button", { type: "button", id: "copy-link", onclick: () => this.room.copyLink() }, "Copy the link"),
        make("button", { type: "button", id: "print", onclick: () => this.room.print() }, "Print a debrief")), this.link);
  }

  /** Show what is in force in the quarter that comes, on the side that is chosen. */
  show() {
    const { player } = this, side = sideAbout(player.about, player.side);
    const force = side.in_force[player.q];
    for (const [name, { input, shown, lever }] of this.inputs) {
      if (document.activeElement === input && input.matches(":active")) continue;
      if (input instanceof HTMLInputElement && lever.form === "yes") input.checked = Number(force[name]) > 0;
      else input.value = String(force[name]);
      shown.textContent = lever.form === "word" || lever.form === "yes" ? "" : leverSaid(lever, force[name]);
      if (input.type === "range") input.setAttribute("aria-valuetext", shown.textContent);
    }
    const over = player.q === player.quarters;
    const controls = all(".lever input, .lever select, .shocks button, #election", this.box);
    for (const control of controls) control.toggleAttribute("disabled", over);
    byId("often-open").disabled = player.q === 0;
    const before = this.council.value, councils = [...player.frame.councils].sort((a, b) => a.name.localeCompare(b.name));
    this.council.replaceChildren(...councils.map((one) => make("option", { value: one.was[0] }, one.name)));
    const chosen = councils.find((one) => one.code === player.explanation.chosen[0])
      ?? councils.find((one) => one.was.includes(before)) ?? councils[0];
    this.council.value = chosen.was[0];
    this.showChief();
    this.done.replaceChildren(...side.acts.map((act) => make("li", {}, act.said)));
    if (!side.acts.length) this.done.append(make("li", { class: "quiet" }, "Nothing yet."));
    this.remarks.replaceChildren(...remarksOn(side));
    this.stop.hidden = !player.two;
    this.branches.show();
    this.scenario.value = player.about.sides.a.scenario;
    if (document.activeElement !== this.seed) this.seed.value = String(player.about.memo.seed);
    if (document.activeElement !== this.replicate) this.replicate.value = String(player.about.memo.replicate ?? 0);
  }

  /** @param {string} words */
  say(words, wrong = false) {
    this.note.textContent = words;
    this.note.classList.toggle("wrong", wrong);
  }

  /** Take back what was wrong: something has worked since. */
  unsay() {
    if (this.note.classList.contains("wrong")) this.say("");
  }
}

/**
 * What of a side can do nothing, comes too late, or is not plausible.
 * @param {SideAbout} side
 */
function remarksOn({ remarks }) {
  return remarks.length ? [make("p", {}, make("b", {}, "Mind:")), make("ul", {}, remarks.map((text) => make("li", {}, text)))] : [];
}

/** @param {Lever} lever @param {string} id @param {(value: string) => void} send */
function choiceOf(lever, id, send) {
  /** @type {HTMLSelectElement} */
  const input = make("select", { id, onchange: () => send(input.value) },
    lever.words.map((word) => make("option", { value: word }, leverSaid(lever, word))));
  return input;
}

/** @param {string} id @param {(value: number) => void} send */
function tickOf(id, send) {
  /** @type {HTMLInputElement} */
  const input = make("input", { id, type: "checkbox", onchange: () => send(input.checked ? 1 : 0) });
  return input;
}

/**
 * A slider, whose value is said in words while it is moved.
 * @param {Lever} lever @param {string} id @param {HTMLOutputElement} shown @param {(value: number) => void} send
 */
function slideOf(lever, id, shown, send) {
  const say = () => {
    shown.textContent = leverSaid(lever, Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  /** @type {HTMLInputElement} */
  const input = make("input", {
    id, type: "range", min: lever.low, max: lever.high, step: niceStep(lever.high - lever.low),
    onchange: () => send(Number(input.value)), oninput: say,
  });
  return input;
}

/**
 * The value of a lever in words, as the list of what was tried says it.
 * @param {Lever} lever @param {number | string} value
 */
function leverSaid({ form, said, above, below }, value) {
  if (String(value) in said || typeof value === "string") return said[value] ?? value;
  const size = Math.abs(value);
  const forms = {
    percent: () => `${Number((100 * size).toPrecision(3))}%`,
    pounds: () => (size >= 1 ? `£${Number(size.toPrecision(6))}m` : `£${Math.round(1000 * size)},000`),
    years: () => plural(size, "year", "years"),
    times: () => `${size} times`,
    yes: () => (value ? "yes" : "no"),
    word: () => String(value),
  };
  return (value < 0 ? below : above).replace("{}", forms[form]());
}

/** @param {number} width */
function niceStep(width) {
  const rough = width / 60;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].find((one) => one * unit >= rough) ?? 10;
  return Number((unit * step).toPrecision(1));
}
