// The live page: it begins a session, and joins clock, controls and lesson.
"use strict";

class Room {
  constructor() {
    this.server = new Server((words) => this.lost(words));
    this.changing = /** @type {Promise<unknown> | null} */ (null);
    // What the page consists of is made once the server has answered; only `lost` may come before.
    const later = /** @type {any} */ (null);
    this.opening = /** @type {Opening | null} */ (null);
    this.offer = /** @type {Offer} */ (later);
    this.player = /** @type {Player} */ (later);
    this.controls = /** @type {Controls} */ (later);
    this.lessons = /** @type {LessonView} */ (later);
    this.often = /** @type {Often} */ (later);
  }

  async open() {
    const waiting = setInterval(() => this.wait(), 1000);
    try {
      this.offer = await this.server.about();
      const asked = memoOfAddress();
      if (asked === null && !this.offer.start_lesson) this.opening = new Opening(this, this.offer.lessons);
      const about = await this.server.begin(asked ?? { seed: this.offer.seed, replicate: this.offer.replicate, a: { scenario: this.offer.first, acts: [] } });
      this.player = new Player(this.server, { ...about, titles: this.offer.titles });
      for (const map of Object.values(this.player.maps)) map.outlines = this.offer.outlines;
      this.often = new Often(this);
      addEventListener("often", () => this.often.open());
      this.controls = new Controls(this, this.offer, byId("try"));
      this.lessons = new LessonView(this, this.offer.lessons, byId("lesson"));
      new RoomView(this, byId("room"));
      wireFind(this.player);
      offerPlaces(this.player);
      const show = () => { if (!byId("try").hidden && this.player.frame) this.controls.show(); };
      for (const news of ["drawn", "tab"]) addEventListener(news, () => { show(); this.remember(); });
      addEventListener("hashchange", () => this.follow());
      const kept = asked && whereItStood();
      this.write(about.memo);
      await this.player.go(Math.min(kept?.q ?? asked?.at ?? 0, about.quarters));
      document.body.dataset.ready = "yes";
      this.opening?.ready();
      if (kept) this.stand(kept);
      else if (this.offer.start_lesson && !asked) { showTab("lesson"); await this.lessons.open(0); }
      if (asked === undefined) this.tell("The address names no run that can be read: this is a new one.");
    } catch (error) {
      if (!(error instanceof Lost)) this.tell(messageOf(error), startAfresh());
    } finally {
      clearInterval(waiting);
    }
  }

  /** Say how far the rules are compiled, where that is what the page waits for. */
  async wait() {
    const share = await this.server.compiled().catch(() => null);
    if (share !== null && !this.player) {
      byId("date").textContent = `Compiling the rules, which is done once: ${Math.round(100 * share)}%`;
      this.opening?.compiled(share);
    }
  }

  /** All that decides what is shown. */
  get memo() {
    return /** @type {Memo} */ (this.server.memo);
  }

  /**
   * Keep the run in the address, so that a reload and a copied link give it again.
   * @param {Memo} memo
   */
  write(memo) {
    history.replaceState(null, "", `#${encodeURIComponent(JSON.stringify(memo))}`);
    this.remember();
  }

  /** Remember, for a reload of this tab, where its person stands. */
  remember() {
    const { lesson, at } = this.lessons;
    const tab = panelOf(all("[role=tab][aria-selected=true]")[0]);
    const kept = { hash: location.hash, q: this.player.wanted, tab, lesson: lesson?.name, at };
    try { sessionStorage.setItem("stood", JSON.stringify(kept)); } catch { /* a browser that keeps nothing */ }
  }

  /** @param {Stood} stood */
  stand({ tab, lesson, at }) {
    this.lessons.resume(lesson, at ?? 0);
    showTab(tab);
  }

  /** Begin the run of an address that was pasted into this tab. */
  async follow() {
    const memo = memoOfAddress();
    if (byId("opening").open) byId("opening").close();
    if (memo) return this.begin(memo, memo.at).then((begun) => begun ?? this.write(this.memo));
    this.write(this.memo);
    this.tell("The address names no run that can be read: the one that was shown stays.");
  }

  /**
   * Do something that asks the server; what goes wrong is told, never swallowed.
   * @template T @param {() => Promise<T>} work
   */
  async attempt(work) {
    try {
      const done = await work();
      this.hush();
      this.controls.unsay();
      return done;
    } catch (error) {
      if (!(error instanceof Lost)) {
        this.controls.say(messageOf(error), true);
        this.tell(messageOf(error));
      }
      return null;
    }
  }

  /**
   * Change the session: the clock stands still meanwhile, and one change waits for another.
   * @template T @param {() => Promise<T>} work
   */
  alone(work) {
    const before = this.changing;
    this.player.hold();
    this.changing = this.attempt(async () => {
      await before;
      await this.player.settled();
      return work();
    }).finally(() => this.player.release());
    return this.changing;
  }

  /**
   * Begin a run and go to a quarter of it; `look` is what is explained then. Return whether it began.
   * @param {Memo} memo @param {number} [q] @param {Subject | null} [look]
   */
  begin(memo, q = 0, look = null) {
    return this.alone(async () => {
      const about = await this.server.begin(memo);
      this.player.explanation.clear();
      this.player.explanation.subject = look;
      this.take(about);
      await this.player.now(Math.min(q, about.quarters));
      this.hush();
      return true;
    });
  }

  /** @param {About} about */
  take(about, keep = 0) {
    this.player.take({ ...about, titles: this.offer.titles }, keep);
    this.write(about.memo);
  }

  /**
   * Take sides that are other than before from a quarter on, and stay at the date that is shown.
   * @param {About & { since?: number }} about
   */
  async anew(about) {
    const { q } = this.player;
    this.take(about, about.since ? Math.min(about.since + 1, this.player.rows.length) : 0);
    await this.player.now(q);
    this.hush();
  }

  /**
   * Know something more of the sides that are shown, which stay as they are.
   * @param {About} about
   */
  know(about) {
    this.player.about = { ...about, titles: this.offer.titles };
    this.player.lookAt(about);
    this.write(about.memo);
    this.controls.show();
  }

  /**
   * Change something from the next quarter on; later frames of this side are drawn anew.
   * @param {Wish} what
   */
  act(what) {
    return this.alone(async () => {
      const { q, side, rows } = this.player;
      const anew = rows.length > q + 1;
      const undone = sideAbout(this.player.about, side).acts.filter((act) => act.at > q);
      const about = await this.server.change(side, { at: q, ...what });
      this.take(about, q === 0 ? 0 : q + 1);
      await this.player.now(q);
      const { day } = frameOf(this.player.rows[q], side);
      const lost = undone.length ? ` No longer tried, since it came later: ${undone.map((act) => act.said).join("; ")}. Undo brings it back.` : "";
      this.controls.say((anew
        ? `A new branch from ${day}: what you saw after that day is undone and will be drawn anew.`
        : `From ${day} on. Nothing before it moves.`) + lost);
      this.hush();
    });
  }

  /**
   * Ask the room a question at the quarter that is shown.
   * @param {Record<string, unknown>} bet
   */
  ask(bet) {
    return this.betted(() => this.server.bet(this.player.q, bet));
  }

  /** @param {number} bet @param {number} answer */
  mark(bet, answer) {
    return this.betted(() => this.server.mark(bet, answer));
  }

  /**
   * Take a session with another bet; its run is as it was.
   * @param {() => Promise<About>} work
   */
  betted(work) {
    return this.attempt(async () => {
      this.player.about = { ...await work(), titles: this.offer.titles };
      this.write(this.memo);
      await this.player.redraw();
    });
  }

  /** @param {string | null} choice */
  compare(choice) {
    return this.alone(async () => {
      const mine = this.memo.a;
      const other = choice === null ? null
        : choice === "copy" ? mine
        : { scenario: choice === "was" ? mine.scenario : choice, acts: [] };
      const about = await this.server.compare(other);
      const q = this.player.q;
      this.take(about);
      await this.player.now(q);
    });
  }

  /**
   * Set the run as a step of a lesson says; return whether that was done.
   * @param {Step} step
   */
  set({ memo, quarter, look }) {
    return this.begin({ ...memo, kept: this.memo.kept }, quarter, look.length ? aboutCodes(look) : null);
  }

  /** @param {string} name */
  async save(name) {
    await this.attempt(async () => {
      const link = make("a", { href: URL.createObjectURL(await this.server.file(name, this.player.side, this.player.q)), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  }

  async copyLink() {
    const { link } = this.controls;
    const gives = "It gives the same run wherever this program runs, and opens at this date.";
    const address = `${location.href.split("#")[0]}#${encodeURIComponent(JSON.stringify({ ...this.memo, at: this.player.q }))}`;
    try {
      await navigator.clipboard.writeText(address);
      link.hidden = true;
      this.controls.say(`The link is copied. ${gives}`);
    } catch { // only a page of this computer's own may write to the clipboard
      link.hidden = false;
      link.value = address;
      link.focus();
      link.select();
      this.controls.say(`Copy the link from the field below the button (Ctrl+C). ${gives}`);
    }
  }

  print() {
    writeDebrief(byId("debrief"), this.player, this.lessons.lesson);
    window.print();
  }

  /** @param {string} words @param {HTMLElement | null} [button] */
  tell(words, button = null) {
    if (byId("opening").open) byId("opening").close();
    byId("notice").hidden = false;
    const close = make("button", { type: "button", onclick: () => this.hush() }, "Close");
    byId("notice").replaceChildren(make("span", {}, words), button ?? close);
  }

  hush() {
    byId("notice").hidden = true;
  }

  /**
   * The server is gone, or forgot us: stop, and offer to begin again where we stood.
   * @param {string} words
   */
  lost(words) {
    this.player?.pause();
    if (this.player) byId("time").value = String(this.player.q);
    this.tell(words, make("button", { type: "button", id: "go-on", onclick: () => this.goOn() }, "Go on"));
  }

  async goOn() {
    if (!this.player) { location.reload(); return; }
    this.tell("Beginning again where you stood …");
    await this.begin(this.memo, this.player.q);
  }
}

/**
 * Return the run that the address asks for: null when it names none, undefined when it is garbled.
 * @returns {Memo | null | undefined}
 */
function memoOfAddress() {
  if (location.hash.length < 2) return null;
  try {
    const memo = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    return memo && typeof memo === "object" ? memo : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Return where this tab stood in the run of its address, if it was loaded anew.
 * @returns {Stood | null}
 */
function whereItStood() {
  try {
    const kept = JSON.parse(sessionStorage.getItem("stood") ?? "null");
    return kept?.hash === location.hash ? kept : null;
  } catch {
    return null;
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

function startAfresh() {
  const anew = () => location.replace(location.pathname + location.search);
  return make("button", { type: "button", id: "afresh", onclick: anew }, "Start afresh");
}

/** What fails outside an attempt is told too; a lost connection has been told already. */
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  if (!(event.reason instanceof Lost)) room.tell(messageOf(event.reason));
});

const room = new Room();
room.open();
