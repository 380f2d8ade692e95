/** The messages of the test file that are misunderstood. */

import { byId, element, withArrows } from "./dom.js";
import { ask } from "./server.js";

const NAMES = ["A", "B"];

export class List {
  /** @param {(message: object) => void} show shows a labelled message */
  constructor(show) {
    this.show = show;
    this.found = [];
    this.box = byId("list");
    this.choice = byId("whose").querySelector("select");
    this.choice.addEventListener("change", () => this.draw());
    withArrows(this.box);
  }

  /** Ask the server what is misunderstood; where there is no test file, there is no list. */
  async load(hasTwo) {
    const { messages, misunderstood } = await ask("api/misunderstood", null, 120);
    this.found = misunderstood;
    byId("tab-list").hidden = messages === 0;
    byId("count").textContent = misunderstood.length;
    byId("list-of").textContent = `${misunderstood.length} of ${messages.toLocaleString("en")} messages`;
    byId("whose").hidden = !hasTwo;
    if (hasTwo && !this.choice.options.length) {
      const kinds = { any: "A or B", a: "A only", b: "B only", both: "both" };
      const options = Object.entries(kinds).map(([value, text]) => element("option", { value }, text));
      this.choice.append(...options);
    }
    this.draw();
  }

  draw() {
    const chosen = { a: "true,false", b: "false,true", both: "true,true" }[this.choice.value];
    const shown = this.found.filter(({ wrong }) => !chosen || wrong.join() === chosen);
    this.box.replaceChildren(...shown.map((message) => this.item(message)));
    if (!shown.length) this.box.append(element("li", { class: "dim" }, "There are none."));
  }

  item(message) {
    const wrong = message.wrong.map((is, i) => is && NAMES[i]).filter(Boolean).join(", ");
    const about = [message.intent, message.wrong.length > 1 && `wrong: ${wrong}`].filter(Boolean).join(" · ");
    const button = element(
      "button",
      { type: "button", "aria-pressed": "false" },
      element("span", {}, message.text),
      element("span", { class: "dim" }, about),
    );
    button.addEventListener("click", () => {
      this.show(message);
      button.setAttribute("aria-pressed", "true");
    });
    return element("li", {}, button);
  }

  leave() {
    this.box.querySelectorAll("[aria-pressed=true]").forEach((b) => b.setAttribute("aria-pressed", "false"));
  }
}
