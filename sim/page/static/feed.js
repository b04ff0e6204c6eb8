// The feed: what happened, in plain English, newest first.
"use strict";

const NEWS = {
  mergers: ["Mergers and government", ["merges", "abolished", "stance"], true],
  failures: ["Failures and endings", ["walks_away", "votes_no", "talks_fail", "leaves", "ends", "survives"], true],
  deals: ["Deals signed and started", ["signs", "starts", "setup_grant", "agrees_terms"], true],
  money: ["Money trouble", ["in_distress"], true],
  talks: ["Talks", ["talks_begin", "invited", "study_grant", "business_case", "votes_yes"], true],
  people: ["Elections and chief executives", ["control_changes", "chief_leaves", "chief_found", "joint_chief_leaves"], true],
  looking: ["Who only looks or asks", ["considers", "approaches", "refuses", "known"], false],
  lessons: ["Lessons learnt", ["learns"], false],
};
const FEED_MOST = 120; // sentences drawn at once

const WEIGHT = new Map(Object.values(NEWS).flatMap(([, kinds], weight) => kinds.map((kind) => [kind, weight])));

/** Put what matters most first; what is alike keeps its order. */
function byWeight(events) {
  return [...events].sort((a, b) => WEIGHT.get(a.kind) - WEIGHT.get(b.kind));
}

class Feed {
  constructor(open) {
    this.open = open;
    this.most = FEED_MOST;
    this.wanted = new Set(Object.values(NEWS).filter((n) => n[2]).flatMap((n) => n[1]));
    const again = () => { this.most = FEED_MOST; this.show(this.frames, this.names); };
    byId("feed-council").addEventListener("change", again);
    byId("feed-kinds").append(...Object.entries(NEWS).map(([key, [title, kinds, on]]) =>
      make("label", {}, make("input", {
        type: "checkbox", "data-news": key, checked: on, onchange: (event) => {
          for (const kind of kinds) this.wanted[event.target.checked ? "add" : "delete"](kind);
          again();
        },
      }), ` ${title}`)));
  }

  /** Offer every council there was so far as a filter. */
  offer(names) {
    const select = byId("feed-council"), was = select.value;
    if (select.options.length === names.size + 1) return;
    const sorted = [...names].sort((a, b) => a[1].localeCompare(b[1]));
    select.replaceChildren(make("option", { value: "" }, "All councils"),
      ...sorted.map(([code, name]) => make("option", { value: code }, name)));
    select.value = names.has(was) ? was : "";
  }

  /** Show the events of these frames, of one side. */
  show(frames, names) {
    this.frames = frames;
    this.names = names;
    this.offer(names);
    const council = byId("feed-council").value;
    const list = make("div", {});
    let room = this.most, left = 0;
    for (const frame of [...frames].reverse()) {
      const told = byWeight(frame.events.filter((event) => this.wanted.has(event.kind)
        && (!council || event.who.includes(council))));
      const shown = told.slice(0, Math.max(room, 0));
      room -= shown.length;
      left += told.length - shown.length;
      if (shown.length) {
        list.append(make("h3", {}, frame.period), make("ul", { class: "news" }, shown.map((e) => this.item(e))));
      }
    }
    if (left) {
      list.append(make("button", { type: "button", onclick: () => { this.most += 300; this.show(frames, names); } },
        `Show more (${left} earlier)`));
    }
    if (!list.childNodes.length) list.append(make("p", { class: "quiet" }, "Nothing of this kind has happened yet."));
    byId("feed-list").replaceChildren(list);
  }

  item(event) {
    const why = event.why ? make("span", { class: "why" }, `${event.why[0].toUpperCase()}${event.why.slice(1)}.`) : null;
    const opens = event.deal >= 0 || event.who.length > 0;
    const said = opens
      ? make("button", { type: "button", class: "said", onclick: () => this.open(event) }, event.said)
      : make("span", { class: "said" }, event.said);
    return make("li", { class: `kind-${event.kind}` }, said, why);
  }
}
