/** Elements whose words are text nodes: nothing that a user or a bot wrote becomes HTML. */

/**
 * An element with attributes and children. A function is a listener, false leaves out.
 * @param {string} name
 * @param {Object<string, any>} attributes
 * @param {...(Node|string|number|false|null)} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== false && child != null));
  return made;
}

export const byId = (id) => document.getElementById(id);

export const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)}\u00a0%`;

export const signed = (number) =>
  `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(2)}`;

/** A part of a bar, from and to a share of its length. */
export function stretch(kind, from, to) {
  const made = element("span", { class: kind });
  made.style.left = `${100 * from}%`;
  made.style.width = `${100 * (to - from)}%`;
  return made;
}

/** Move among the buttons of a list with the arrow keys. */
export function withArrows(list, previous = "ArrowUp", next = "ArrowDown") {
  list.addEventListener("keydown", (event) => {
    const step = { [previous]: -1, [next]: 1 }[event.key];
    if (!step) return;
    const buttons = [...list.querySelectorAll("button:not([hidden])")];
    const target = buttons[buttons.indexOf(document.activeElement) + step];
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
}
