/** What was said: a conversation with the bot, or messages that were tried. */

import { byId, element } from "./dom.js";
import { ask, pause } from "./server.js";

const KEPT = "conversation";
/** Seconds after which a bot is slow, and those that it has. */
const SLOW = 3;
const PATIENCE = 65;

export class Log {
  /** @param {(text: string) => Promise<string>} show shows a message and says it in short */
  constructor(show) {
    this.show = show;
    this.bot = null;
    this.queue = Promise.resolve();
    this.box = byId("log");
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    this.sender = kept?.sender ?? crypto.randomUUID();
    this.turns = kept?.turns ?? [];
    this.turns.forEach((turn) => this.draw(turn));
  }

  /** Forget what was said, and be somebody else for the bot. */
  begin() {
    this.sender = crypto.randomUUID();
    this.turns = [];
    this.box.replaceChildren();
    this.keep();
  }

  /**
   * Say something, and show what is replied.
   * @param {string} text what the bot is told
   * @param {string?} title what the button says that tells it
   */
  say(text, title = null) {
    const turn = { by: "user", text, title };
    this.turns.push(turn);
    this.keep();
    const drawn = this.draw(turn);
    if (title === null) this.select(drawn, turn);
    if (this.bot) this.send(turn, drawn);
  }

  /** One message after the other, so that replies are in order. */
  send(turn, drawn) {
    this.queue = this.queue.then(() => this.tell(turn, drawn));
  }

  async tell(turn, drawn) {
    const line = this.append(element("p", { class: "turn note" }, "…"));
    try {
      const replies = await this.replies(turn, line);
      replies.map(asTurn).forEach((reply) => {
        this.turns.push(reply);
        this.draw(reply);
      });
      if (replies.length === 0) this.append(element("p", { class: "turn note" }, "The bot replied nothing."));
      this.keep();
    } catch (error) {
      this.failed(turn, drawn, error);
    } finally {
      line.remove();
    }
  }

  /** What the bot replies; where it is not there, as soon as it is. */
  async replies(turn, line) {
    for (;;) {
      const begin = Date.now();
      const timer = setInterval(() => {
        const seconds = Math.round((Date.now() - begin) / 1000);
        if (seconds >= SLOW) line.textContent = `The bot has not replied for ${seconds} s; still waiting …`;
      }, 1000);
      try {
        const said = { sender: this.sender, text: turn.text };
        return (await ask("api/chat", said, PATIENCE)).replies;
      } catch (error) {
        if (!error.isTooEarly) throw error;
      } finally {
        clearInterval(timer);
      }
      line.textContent = "This is sent as soon as the bot is there.";
      do await pause(1);
      while (this.bot.state !== "ready");
      line.textContent = "…";
    }
  }

  failed(turn, drawn, error) {
    const again = element("button", { type: "button" }, "Send again");
    const line = element("p", { class: "turn note error" }, `${error.message} `, again);
    again.addEventListener("click", () => {
      line.remove();
      this.send(turn, drawn);
      byId("message").focus();
    });
    this.append(line);
  }

  async select(drawn, turn) {
    this.box.querySelectorAll("[aria-pressed=true]").forEach((b) => b.setAttribute("aria-pressed", "false"));
    const button = drawn.querySelector("button");
    button.setAttribute("aria-pressed", "true");
    const short = await this.show(turn.text);
    if (short) drawn.querySelector(".short").textContent = short;
  }

  /** Nothing is chosen any more: something else is shown. */
  leave() {
    this.box.querySelectorAll("[aria-pressed=true]").forEach((b) => b.setAttribute("aria-pressed", "false"));
  }

  draw(turn) {
    return this.append(turn.by === "user" ? this.drawUser(turn) : this.drawBot(turn));
  }

  append(drawn) {
    this.box.append(drawn);
    this.box.scrollTop = this.box.scrollHeight;
    return drawn;
  }

  drawUser(turn) {
    const said = turn.title ?? turn.text;
    if (turn.title !== null) return element("div", { class: "turn user" }, element("span", { class: "said" }, said));
    const drawn = element(
      "div",
      { class: "turn user" },
      element("button", { class: "said", type: "button", "aria-pressed": "false" }, said),
      element("span", { class: "short" }),
    );
    drawn.querySelector("button").addEventListener("click", () => this.select(drawn, turn));
    return drawn;
  }

  drawBot(turn) {
    const buttons = turn.buttons.map(({ title, payload }) =>
      element("button", { type: "button", click: () => this.say(payload, title) }, title),
    );
    return element(
      "div",
      { class: "turn bot" },
      element("span", { class: "said" }, ...turn.text.split("\n").map(asLine)),
      buttons.length > 0 && element("div", { class: "choices" }, ...buttons),
    );
  }

  keep() {
    sessionStorage.setItem(KEPT, JSON.stringify({ sender: this.sender, turns: this.turns }));
  }
}

/** A line of a reply; what is set in stays so where it is too long. */
function asLine(text) {
  return element("span", { class: text.startsWith(" ") ? "line in" : "line" }, text);
}

/** A reply of Rasa's REST channel; what is no text is shown as what it is. */
function asTurn(reply) {
  const { text, buttons, image, attachment, custom } = reply;
  const parts = [text, image, attachment, custom].filter((value) => value != null);
  const lines = parts.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const titled = Array.isArray(buttons) ? buttons : [];
  return {
    by: "bot",
    text: lines.join("\n"),
    buttons: titled.map(({ title, payload }) => ({ title: String(title), payload: String(payload ?? title) })),
  };
}
