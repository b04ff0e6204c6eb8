// The controls: scenario, seed, levers, shocks, two policies side by side, files to take home.
"use strict";

class Controls {
  constructor(room, offer, box) {
    this.room = room;
    this.offer = offer;
    this.box = box;
    this.inputs = new Map();
    this.note = make("p", { class: "note", role: "status" });
    this.done = make("ul", { class: "done" });
    this.build();
  }

  build() {
    this.box.replaceChildren(
      make("p", { class: "quiet" }, "A change acts from the next quarter on. Nothing before it moves."),
      this.note, this.shocks(), this.councils(), this.comparing(),
      ...this.levers(), make("h3", {}, "What was tried"), this.done,
      this.starting(), this.files());
  }

  shocks() {
    return make("div", { class: "shocks" }, this.offer.shocks.map((shock) =>
      make("button", { type: "button", title: shock.why, "data-shock": shock.key, onclick: () => this.room.act({ set: shock.set }) },
        shock.label)));
  }

  councils() {
    this.council = make("select", { id: "befalls" });
    this.party = make("select", { id: "party", "aria-label": "Party that takes control" },
      Object.entries(PARTIES).map(([key, name]) => make("option", { value: key, selected: key === "LAB" }, name)));
    const befall = (what, more) => () => this.room.act({ council: this.council.value, what, ...more() });
    return make("fieldset", {}, make("legend", {}, "Something happens to a council"),
      make("label", {}, "Council ", this.council),
      make("div", { class: "row" },
        make("button", { type: "button", id: "chief", onclick: befall("chief_executive_leaves", () => ({})) }, "Its chief executive leaves")),
      make("div", { class: "row" },
        make("button", { type: "button", id: "election", onclick: befall("control_changes", () => ({ control: this.party.value })) }, "Elections change control to"), this.party),
      make("p", { class: "quiet" }, "No chief executive leaves where the post is vacant or shared."));
  }

  comparing() {
    this.other = make("select", { id: "other", "aria-label": "Compare with" },
      make("option", { value: "was" }, "the run without my changes"),
      make("option", { value: "copy" }, "a copy, to change apart"),
      this.offer.scenarios.filter((one) => one.policy).map((one) => make("option", { value: one.name }, one.title)));
    this.stop = make("button", { type: "button", hidden: true, id: "stop-comparing", onclick: () => this.room.compare(null) }, "Stop comparing");
    return make("fieldset", {}, make("legend", {}, "Side by side, on the same luck"),
      make("div", { class: "row" }, this.other,
        make("button", { type: "button", id: "compare", onclick: () => this.room.compare(this.other.value) }, "Compare"), this.stop));
  }

  levers() {
    const groups = new Map();
    for (const lever of this.offer.levers) groups.set(lever.group, [...(groups.get(lever.group) ?? []), lever]);
    return [...groups].map(([group, levers], k) => make("details", { open: k === 0 },
      make("summary", {}, group), levers.map((lever) => this.lever(lever))));
  }

  lever(lever) {
    const id = `lever-${lever.name}`;
    const send = (value) => this.room.act({ set: { [lever.name]: value } });
    const shown = make("output", { for: id });
    let input;
    if (lever.words.length) {
      input = make("select", { id, onchange: () => send(input.value) }, lever.words.map((word) => make("option", { value: word }, word)));
    } else if (lever.yes_or_no) {
      input = make("input", { id, type: "checkbox", onchange: () => send(input.checked ? 1 : 0) });
    } else {
      const step = niceStep(lever.high - lever.low);
      input = make("input", {
        id, type: "range", min: lever.low, max: lever.high, step,
        onchange: () => send(Number(input.value)), oninput: () => { shown.textContent = input.value; },
      });
    }
    input.setAttribute("aria-describedby", `${id}-why`);
    this.inputs.set(lever.name, { input, shown, lever });
    const unit = lever.words.length || lever.yes_or_no ? "" : lever.unit;
    return make("div", { class: "lever" },
      make("label", { for: id }, lever.label), shown, input,
      make("p", { class: "quiet", id: `${id}-why` }, unit ? `${lever.why}; ${unit}` : lever.why));
  }

  starting() {
    this.scenario = make("select", { id: "scenario" }, this.offer.scenarios.map((one) =>
      make("option", { value: one.name }, `${one.title}`)));
    this.seed = make("input", { id: "seed", type: "number", min: 0, max: 4294967295, step: 1, value: 1 });
    const begin = () => this.room.begin({ seed: Number(this.seed.value), a: { scenario: this.scenario.value, acts: [] } });
    return make("fieldset", {}, make("legend", {}, "Another run"),
      make("label", {}, "Scenario ", this.scenario), make("label", {}, "Seed (its luck) ", this.seed),
      make("button", { type: "button", id: "begin", onclick: begin }, "Start this run"));
  }

  files() {
    const go = (name) => () => this.room.save(name);
    return make("fieldset", {}, make("legend", {}, "To take home"),
      make("div", { class: "row" },
        make("button", { type: "button", id: "save-story", onclick: go("story.html") }, "This run as one file"),
        make("button", { type: "button", id: "save-scenario", onclick: go("scenario.toml") }, "Scenario file"),
        make("button", { type: "button", id: "copy-link", onclick: () => this.room.copyLink() }, "Copy the link"),
        make("button", { type: "button", id: "print", onclick: () => this.room.print() }, "Print a debrief")));
  }

  /** Show what is in force in the quarter that comes, on the side that is chosen. */
  show(player) {
    const side = player.about.sides[player.side];
    const force = side.in_force[player.q];
    for (const [name, { input, shown, lever }] of this.inputs) {
      if (document.activeElement === input && input.matches(":active")) continue;
      if (lever.yes_or_no) input.checked = force[name] > 0;
      else input.value = force[name];
      shown.textContent = lever.words.length || lever.yes_or_no ? "" : force[name];
    }
    const over = player.q === player.quarters;
    for (const control of this.box.querySelectorAll(".lever input, .lever select, .shocks button, #chief, #election")) control.disabled = over;
    const was = this.council.value;
    this.council.replaceChildren(...[...player.frame.councils].sort((a, b) => a.name.localeCompare(b.name))
      .map((one) => make("option", { value: one.was[0] }, one.name)));
    const chosen = player.frame.councils.find((one) => one.code === player.explanation.chosen[0]);
    this.council.value = chosen ? chosen.was[0] : was || this.council.options[0]?.value;
    this.done.replaceChildren(...side.acts.map((act) => make("li", {}, act.said)));
    if (!side.acts.length) this.done.append(make("li", { class: "quiet" }, "Nothing yet."));
    this.stop.hidden = !player.two;
    this.scenario.value = player.about.sides.a.scenario;
    if (document.activeElement !== this.seed) this.seed.value = player.about.memo.seed;
  }

  say(words, wrong = false) {
    this.note.textContent = words;
    this.note.classList.toggle("wrong", wrong);
  }
}

function niceStep(width) {
  const rough = width / 60;
  const unit = 10 ** Math.floor(Math.log10(rough));
  return Number((unit * [1, 2, 5, 10].find((step) => step * unit >= rough)).toPrecision(1));
}
