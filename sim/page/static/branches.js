// Undo, and policies that are kept under a name: any two of them can be shown side by side.
"use strict";

class Branches {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.undo = make("button", { type: "button", id: "undo", onclick: () => this.back() }, "Undo");
    this.name = make("input", { id: "keep-name", type: "text", maxlength: 40, size: 14, onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") this.keep(); } });
    this.list = make("ul", { class: "kept" });
  }

  /** The form that keeps the policy that is shown, and what is kept. */
  form() {
    return make("div", {}, make("div", { class: "row" }, make("label", { for: "keep-name" }, "Keep this policy as "), this.name,
      make("button", { type: "button", id: "keep", onclick: () => this.keep() }, "Keep")), this.list);
  }

  show() {
    const { memo } = this.room, last = memo.past?.at(-1);
    this.undo.disabled = !last;
    this.undo.title = last ? "Undo the last change (Ctrl+Z)" : "Nothing was changed yet";
    this.list.replaceChildren(...(memo.kept ?? []).map(({ name }) => make("li", {}, make("b", {}, name), " ",
      ...["a", "b"].map((side) => make("button", { type: "button", "aria-label": `Show ${name} as ${side.toUpperCase()}`, onclick: () => this.put(/** @type {Side} */ (side), name) }, `as ${side.toUpperCase()}`)),
      make("button", { type: "button", "aria-label": `Forget ${name}`, onclick: () => this.forget(name) }, "Forget"))));
  }

  /** Undo the last change: what it dropped comes back. */
  back() {
    return this.room.alone(async () => {
      await this.room.anew(await this.room.server.tell("undo", {}));
      const side = sideAbout(this.room.player.about, this.room.player.side);
      this.room.controls.say(`Undone. Tried now: ${side.acts.map((act) => act.said).join("; ") || "nothing"}.`);
    });
  }

  /** @param {Side} side @param {string} name */
  put(side, name) {
    return this.room.alone(async () => this.room.anew(await this.room.server.tell("put", { side, name })));
  }

  keep() {
    const name = this.name.value;
    return this.room.alone(async () => {
      this.room.know(await this.room.server.tell("keep", { side: this.room.player.side, name }));
      this.name.value = "";
      this.room.controls.say(`Kept as “${name.trim()}”. The link holds it too.`);
    });
  }

  /** @param {string} name */
  forget(name) {
    return this.room.alone(async () => this.room.know(await this.room.server.tell("forget", { name })));
  }
}
