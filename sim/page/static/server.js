// The live source: frames and explanations asked of the program on this computer.
"use strict";

class Lost extends Error {}

class Server {
  /** @param {(words: string) => void} lost */
  constructor(lost) {
    this.lost = lost; // called with words and a way to go on
    this.key = /** @type {string | null} */ (null);
    this.memo = /** @type {Memo | null} */ (null);
    this.branch = 0;
    this.beginning = /** @type {Promise<About> | null} */ (null);
  }

  /**
   * Ask, and return what JSON says; a `whole` answer is returned as a file.
   * @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>}
   */
  async ask(method, path, body, whole = false) {
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
    if (whole && answer.ok) return answer.blob();
    const text = await answer.text();
    const value = text.startsWith("{") ? JSON.parse(text) : { error: text };
    if (answer.status === 404) {
      if (this.key && !path.includes(this.key)) throw new Lost("of a run that was put away");
      this.lost("This run is no longer held: the program was started anew, or the page was left for long.");
      throw new Lost(value.error);
    }
    if (!answer.ok) throw new Error(value.error);
    return value;
  }

  /** @returns {Promise<Offer>} */
  about() {
    return this.ask("GET", "/api/about");
  }

  /**
   * What share of the rules is compiled, null while none are being compiled.
   * @returns {Promise<number | null>}
   */
  async compiled() {
    return (await this.ask("GET", "/api/machine")).compiling;
  }

  /**
   * Begin a session; the one before is put away. Other questions wait meanwhile.
   * @param {Memo} memo
   */
  begin(memo) {
    this.beginning = this.found(memo, this.key);
    return this.beginning;
  }

  /** @param {Memo} memo @param {string | null} old @returns {Promise<About>} */
  async found(memo, old) {
    const about = await this.ask("POST", "/api/session", { ...memo, at: undefined });
    this.key = about.key ?? null;
    this.know(about);
    if (old) fetch(`/api/session/${old}`, { method: "DELETE" }).catch(() => {});
    return about;
  }

  /**
   * Ask something about the session that is open.
   * @param {string} method @param {string} path @param {unknown} [body] @param {boolean} [whole] @returns {Promise<any>}
   */
  async inside(method, path, body, whole = false) {
    await this.beginning?.catch(() => {});
    return this.ask(method, `/api/session/${this.key}/${path}`, body, whole);
  }

  /** @template {About} T @param {T} about @returns {T} */
  know(about) {
    this.memo = about.memo;
    this.branch = about.branch;
    return about;
  }

  /**
   * The frames of some quarters, of the branch that the page knows and of no other.
   * @param {number} from @param {number} to @returns {Promise<Frames>}
   */
  async frames(from, to) {
    const { key } = this;
    const got = await this.inside("GET", `frames?from=${from}&to=${to}`);
    if (key === this.key && got.branch !== this.branch) {
      this.lost("This run was changed without the page's knowing.");
      throw new Lost("another branch");
    }
    return got;
  }

  /**
   * Look for runs of other luck in which something happens, under what side a has tried.
   * @param {string} sought @returns {Promise<Searched>}
   */
  async find(sought) {
    await this.beginning?.catch(() => {});
    return this.ask("POST", "/api/find", { sought, memo: this.memo });
  }

  /** @param {Side} side @param {Act} act */
  async change(side, act) {
    return this.know(await this.inside("POST", "change", { side, act }));
  }

  /** @param {Side} side @param {number} q @returns {Promise<{ true: (number | null)[] }>} */
  bets(side, q) {
    return this.inside("GET", `bets?side=${side}&q=${q}`);
  }

  /** @param {number} q @param {Record<string, unknown>} bet */
  async bet(q, bet) {
    return this.know(await this.inside("POST", "bet", { q, bet }));
  }

  /** @param {number} bet @param {number} answer */
  async mark(bet, answer) {
    return this.know(await this.inside("POST", "mark", { bet, true: answer }));
  }

  /** @param {Side} side @param {number} q @param {string} title */
  async shown(side, q, title) {
    await this.beginning?.catch(() => {});
    return this.ask("POST", "/api/room/shown", { key: this.key, side, q, title });
  }

  /** @param {Side} side @param {number} q @returns {Promise<{ about: About | null }>} */
  async decide(side, q) {
    const got = await this.ask("POST", "/api/room/decide", { key: this.key, side, q });
    if (got.about) this.know(got.about);
    return got;
  }

  /** @param {string} bet @param {boolean} open */
  reopen(bet, open) {
    return this.ask("POST", "/api/room/reopen", { bet, open });
  }

  /** @param {Side} side @param {number} q @param {Aim[]} aims */
  aims(side, q, aims) {
    return this.ask("POST", "/api/room/aims", { key: this.key, side, q, aims });
  }

  /** @param {Side} side @param {number} q */
  playCards(side, q) {
    return this.ask("POST", "/api/room/play-cards", { key: this.key, side, q });
  }

  fresh() {
    return this.ask("POST", "/api/room/fresh", {});
  }

  /** @returns {Promise<{ code: string, address: string }>} */
  door() {
    return this.ask("GET", "/api/room/door");
  }

  /** @param {Policy | null} other */
  async compare(other) {
    return this.know(await this.inside("POST", "compare", { with: other }));
  }

  /**
   * Undo the last change, show a policy that is kept, keep one, or forget it.
   * @param {"undo" | "put" | "keep" | "forget"} what @param {{ side?: Side, name?: string }} more @returns {Promise<About & { since?: number }>}
   */
  async tell(what, more) {
    return this.know(await this.inside("POST", what, more));
  }

  /** @param {Side} side @param {number} number @param {number} q */
  deal(side, number, q) {
    return this.inside("GET", `deal?side=${side}&n=${number}&q=${q}`);
  }

  /** @param {Side} side @param {string} one @param {string} two @param {number} q */
  pair(side, one, two, q) {
    const query = new URLSearchParams({ side, one, two, q: String(q) });
    return this.inside("GET", `pair?${query}`);
  }

  /**
   * Some more runs of other luck, and what was found in all of them so far.
   * @param {number} q @param {string[]} pair @returns {Promise<Counted>}
   */
  often(q, pair) {
    return this.inside("POST", "often", { q, pair });
  }

  /** @param {number} n @returns {Promise<Difference | null>} */
  async apart(n) {
    return (await this.inside("GET", `apart?n=${n}`)).difference;
  }

  /** @param {string} name @param {Side} side @param {number} q @returns {Promise<Blob>} */
  file(name, side, q) {
    return this.inside("GET", `${name}?side=${side}&q=${q}`, undefined, true);
  }
}
