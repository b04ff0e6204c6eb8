// The feed: what happened, in plain English, newest first.
"use strict";

/**
 * Kinds of news that are shown or not: title, kinds of event, and whether they are shown at first.
 * @type {Record<string, { title: string, kinds: string[], shown: boolean }>}
 */
const NEWS = {
  decided: { title: "Decided for a council", kinds: ["overruled"], shown: true },
  mergers: { title: "Mergers and government", kinds: ["merges", "abolished", "stance", "announced", "promises"], shown: true },
  failures: { title: "Failures and endings", kinds: ["walks_away", "votes_no", "talks_fail", "leaves", "ends", "accounts", "survives"], shown: true },
  deals: { title: "Deals signed and started", kinds: ["signs", "starts", "setup_grant", "agrees_terms"], shown: true },
  money: { title: "Money trouble", kinds: ["in_distress"], shown: true },
  talks: { title: "Talks", kinds: ["talks_begin", "invited", "study_grant", "business_case", "votes_yes"], shown: true },
  people: { title: "Elections, leaders and chief executives", kinds: ["control_changes", "leader_falls", "chief_leaves", "chief_found", "joint_chief_leaves"], shown: true },
  looking: { title: "Who only looks or asks", kinds: ["considers", "approaches", "refuses", "known"], shown: false },
  lessons: { title: "Lessons learnt", kinds: ["learns"], shown: false },
};
const FEED_MOST = 120; // sentences drawn at once
const HEADS = ["merges", "abolished", "stance", "in_distress", "ends", "talks_fail", "leaves", "signs"];
const HEADS_MOST = 8; // sentences a quarter that are not folded away

const WEIGHT = new Map(Object.values(NEWS).flatMap(({ kinds }, weight) => kinds.map((kind) => [kind, weight])));

/**
 * Put what matters most first; what is alike keeps its order.
 * @param {Happened[]} events
 */
function byWeight(events) {
  return [...events].sort((a, b) => known(WEIGHT, a.kind) - known(WEIGHT, b.kind));
}

/**
 * Part the news of a quarter: what matters, once a deal, and the rest.
 * @param {Happened[]} events
 */
function headlines(events) {
  const best = new Map();
  for (const event of events.filter((one) => HEADS.includes(one.kind))) {
    const key = event.deal >= 0 ? event.deal : event.said, before = best.get(key);
    if (!before || HEADS.indexOf(event.kind) < HEADS.indexOf(before.kind)) best.set(key, event);
  }
  const heads = new Set([...best.values()].slice(0, HEADS_MOST));
  return [events.filter((event) => heads.has(event)), events.filter((event) => !heads.has(event))];
}

class Feed {
  /** @param {(event: Happened) => void} open */
  constructor(open) {
    this.open = open;
    this.frames = /** @type {Frame[]} */ ([]);
    this.names = /** @type {Map<string, string>} */ (new Map());
    this.acts = /** @type {Tried[]} */ ([]);
    this.most = FEED_MOST;
    this.unfolded = new Set(); // quarters whose smaller items are shown
    this.chosen = false; // whether somebody has chosen kinds
    this.wanted = new Set(Object.values(NEWS).filter((news) => news.shown).flatMap((news) => news.kinds));
    const again = () => { this.most = FEED_MOST; this.show(this.frames, this.names, this.acts); };
    byId("feed-council").addEventListener("change", again);
    byId("feed-kinds").append(...Object.entries(NEWS).map(([key, { title, kinds, shown }]) =>
      make("label", {}, make("input", {
        type: "checkbox", "data-news": key, checked: shown, onchange: (/** @type {Event & { target: HTMLInputElement }} */ event) => {
          for (const kind of kinds) this.wanted[event.target.checked ? "add" : "delete"](kind);
          this.chosen = true;
          again();
        },
      }), ` ${title}`)));
  }

  /**
   * Offer every council there was so far as a filter.
   * @param {Map<string, string>} names
   */
  offer(names) {
    const select = byId("feed-council"), was = select.value;
    if (select.options.length === names.size + 1) return;
    const sorted = [...names].sort((a, b) => a[1].localeCompare(b[1]));
    select.replaceChildren(make("option", { value: "" }, "All councils"),
      ...sorted.map(([code, name]) => make("option", { value: code }, name)));
    select.value = names.has(was) ? was : "";
  }

  /**
   * Return whether an event concerns a council: its own, or of a deal that it was ever in.
   * @param {string} council @param {Frame[]} frames @returns {(event: Happened) => boolean}
   */
  concerning(council, frames) {
    if (!council) return () => true;
    const deals = new Set(frames.flatMap((frame) => frame.deals.filter((deal) => deal.who.includes(council)).map((deal) => deal.n)));
    return (event) => event.who.includes(council) || deals.has(event.deal);
  }

  /**
   * Show the events of these frames, of one side, and what the room did on it.
   * @param {Frame[]} frames @param {Map<string, string>} names @param {Tried[]} acts
   */
  show(frames, names, acts) {
    Object.assign(this, { frames, names, acts });
    this.offer(names);
    const council = byId("feed-council").value;
    const folds = !council && !this.chosen;
    const concerns = this.concerning(council, frames);
    const list = make("div", {});
    let room = this.most, left = 0;
    for (const frame of [...frames].reverse()) {
      const told = byWeight(frame.events.filter((event) => this.wanted.has(event.kind) && concerns(event)));
      const [heads, rest] = folds ? headlines(told) : [told, []];
      const shown = heads.slice(0, Math.max(room, 0));
      const tried = council ? [] : acts.filter((act) => act.at === frame.q - 1);
      room -= shown.length;
      left += heads.length - shown.length;
      if (room < 0 || !(shown.length || rest.length || tried.length)) continue;
      list.append(make("h3", {}, frame.period), make("ul", { class: "news" },
        tried.map((act) => make("li", { class: "tried" }, make("b", {}, "You tried: "), act.what, ".")),
        shown.map((event) => this.item(event))));
      if (rest.length) list.append(this.fold(frame.q, rest, !shown.length));
    }
    if (left) {
      list.append(make("button", { type: "button", onclick: () => { this.most += 300; this.show(frames, names, acts); } },
        `Show more (${left} earlier)`));
    }
    if (!list.childNodes.length) list.append(make("p", { class: "quiet" }, "Nothing of this kind has happened yet."));
    byId("feed-list").replaceChildren(list);
  }

  /**
   * One line for the smaller items of a quarter, written when it is opened.
   * @param {number} q @param {Happened[]} rest @param {boolean} alone
   */
  fold(q, rest, alone) {
    const items = make("ul", { class: "news" });
    const fill = () => { if (!items.childNodes.length) items.append(...rest.map((event) => this.item(event))); };
    const open = this.unfolded.has(q);
    if (open) fill();
    const words = `${alone ? "" : "and "}${plural(rest.length, "smaller item", "smaller items")}`;
    const box = make("details", { class: "rest", open }, make("summary", {}, words), items);
    box.addEventListener("toggle", () => {
      if (box.open) fill();
      this.unfolded[box.open ? "add" : "delete"](q);
    });
    return box;
  }

  /** @param {Happened} event */
  item(event) {
    const why = event.why ? make("span", { class: "why" }, `${event.why[0].toUpperCase()}${event.why.slice(1)}.`) : null;
    const opens = event.deal >= 0 || event.who.length > 0;
    const said = opens
      ? make("button", { type: "button", class: "said", onclick: () => this.open(event) }, event.said)
      : make("span", { class: "said" }, event.said);
    return make("li", { class: `kind-${event.kind}` }, said, why);
  }
}
