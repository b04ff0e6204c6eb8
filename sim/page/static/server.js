// The live source: frames and explanations asked of the program on this computer.
"use strict";

class Lost extends Error {}

class Server {
  constructor(lost) {
    this.lost = lost; // called with words and a way to go on
    this.key = null;
  }

  async ask(method, path, body) {
    let answer;
    try {
      answer = await fetch(path, {
        method,
        headers: body === undefined ? {} : { "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      this.lost("Connection lost: the program has stopped or cannot be reached. The run stands still.");
      throw new Lost("connection lost");
    }
    const text = await answer.text();
    const value = text.startsWith("{") ? JSON.parse(text) : { error: text };
    if (answer.status === 404) {
      this.lost("This run is no longer held: the program was started anew, or the page was left for long.");
      throw new Lost(value.error);
    }
    if (!answer.ok) throw new Error(value.error);
    return value;
  }

  about() {
    return this.ask("GET", "/api/about");
  }

  /** Begin a session; the one before is put away. */
  async begin(memo) {
    const old = this.key;
    const about = await this.ask("POST", "/api/session", memo);
    this.key = about.key;
    this.memo = about.memo;
    if (old) fetch(`/api/session/${old}`, { method: "DELETE" }).catch(() => {});
    return about;
  }

  frames(from, to) {
    return this.ask("GET", `/api/session/${this.key}/frames?from=${from}&to=${to}`);
  }

  async change(side, act) {
    const about = await this.ask("POST", `/api/session/${this.key}/change`, { side, act });
    this.memo = about.memo;
    return about;
  }

  async compare(other) {
    const about = await this.ask("POST", `/api/session/${this.key}/compare`, { with: other });
    this.memo = about.memo;
    return about;
  }

  deal(side, number, q) {
    return this.ask("GET", `/api/session/${this.key}/deal?side=${side}&n=${number}&q=${q}`);
  }

  pair(side, one, two, q) {
    const query = new URLSearchParams({ side, one, two, q });
    return this.ask("GET", `/api/session/${this.key}/pair?${query}`);
  }

  file(name, side = "a") {
    return `/api/session/${this.key}/${name}?side=${side}`;
  }
}
