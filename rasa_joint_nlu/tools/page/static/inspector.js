/** What one model understands of one message, as elements. */

import { element, percent, signed, stretch } from "./dom.js";

const HUES = 8;
const SHOWN_INTENTS = 8;

/** Of the entity types that are known, each has its colour. */
let types = [];

export function setTypes(names) {
  types = [...new Set(names)];
}

const hue = (type) => `hue-${Math.max(0, types.indexOf(type)) % HUES}`;

/** An inspection of the server as an article. */
export function article(found, title) {
  const head = title && element("h3", {}, title);
  if (found.problem) return element("article", {}, head, element("p", { class: "error" }, found.problem));
  const { answer, reasons } = found;
  return element(
    "article",
    {},
    head,
    sentence(answer, reasons),
    facts(found),
    answer.intent_ranking?.length > 0 && ranking(answer.intent_ranking, found.fallback),
    reasons?.intent && words(reasons.intent),
    reasons?.entities.length > 0 && readings(reasons.entities, answer.entities),
    !reasons && answer.text && element("p", { class: "dim" }, "It has no words, or too many to be explained."),
    asJson(answer),
  );
}

/** One line for those who do not see the page. */
export function spoken(found) {
  if (found.problem) return found.problem;
  const { entities, text } = found.answer;
  const characters = [...text];
  const named = entities.map(
    (entity) => `${characters.slice(entity.start, entity.end).join("")}: ${labels(entity).join(", ")}`,
  );
  return [short(found), ...named].join("; ");
}

export function short(found) {
  if (found.problem) return found.problem;
  const { intent } = found.answer;
  return intent.name ? `${intent.name} ${percent(intent.confidence)}` : "no intent";
}

/** Whether two models understand the same, or in what they differ. */
export function comparison(first, second) {
  if (first.problem || second.problem) return "";
  const parts = difference(first.answer, second.answer);
  return parts ? `A and B differ in ${parts}.` : "A and B understand the same.";
}

function difference(one, other) {
  const keys = ({ entities }) => entities.map((e) => [e.start, e.end, ...labels(e)].join()).sort().join(";");
  const parts = [
    one.intent.name !== other.intent.name && "the intent",
    keys(one) !== keys(other) && "entities",
  ];
  return parts.filter(Boolean).join(" and ");
}

/** A labelled message: how it is annotated, and in what the models are wrong. */
export function annotated(message, models) {
  const truth = { intent: { name: message.intent }, entities: message.entities };
  const wrong = models
    .map((found, i) => [found.problem ? "" : difference(truth, found.answer), models[1] ? ` by ${"AB"[i]}` : ""])
    .filter(([parts]) => parts)
    .map(([parts, by]) => element("p", { class: "error" }, `Misunderstood${by}: ${parts}.`));
  const list = message.entities.map((entity) =>
    element("li", {}, element("b", {}, entity.text), ` ${labels(entity).join(" · ")}`),
  );
  return element(
    "article",
    { class: "expected" },
    element("h3", {}, "As it is annotated"),
    element("p", {}, message.intent),
    list.length > 0 ? element("ul", {}, ...list) : element("p", { class: "dim" }, "No entities."),
    ...wrong,
  );
}

function labels(entity) {
  return [entity.entity, entity.role, entity.group && `group ${entity.group}`].filter(Boolean);
}

/** The message with its entities in colour, and marks below what is unknown. */
function sentence(answer, reasons) {
  // Offsets count characters; those of a string would count some twice.
  const text = [...answer.text];
  const unknown = reasons?.unknown_words ?? [];
  const isUnknown = (place) => unknown.some(([start, end]) => start <= place && place < end);
  const plain = (start, end) => {
    const parts = [];
    while (start < end) {
      let until = start + 1;
      while (until < end && isUnknown(until) === isUnknown(start)) until++;
      const part = text.slice(start, until).join("");
      parts.push(
        isUnknown(start)
          ? element("span", { class: "unknown", title: "unknown word" }, part)
          : part,
      );
      start = until;
    }
    return parts;
  };
  const parts = [];
  let end = 0;
  for (const entity of answer.entities) {
    parts.push(...plain(end, entity.start), marked(entity, plain(entity.start, entity.end), text));
    end = entity.end;
  }
  return element("p", { class: "sentence" }, ...parts, ...plain(end, text.length));
}

function marked(entity, parts, text) {
  const found = text.slice(entity.start, entity.end).join("");
  return element(
    "mark",
    { class: hue(entity.entity) },
    element("span", { class: "found" }, ...parts),
    element(
      "span",
      { class: "label" },
      `${labels(entity).join(" · ")} ${percent(entity.confidence_entity)}`,
      entity.value !== found && element("span", { class: "value" }, ` = ${entity.value}`),
    ),
  );
}

function facts({ answer, reasons, milliseconds, fallback }) {
  const list = element("dl", { class: "facts" });
  const add = (name, value, more) =>
    list.append(element("div", {}, element("dt", {}, name), element("dd", {}, value, more)));
  if (answer.intent_ranking) {
    const falls = answer.intent.name === "nlu_fallback" && fallback !== null;
    const sure = falls ? "not sure enough" : percent(answer.intent.confidence, 1);
    const name = answer.intent.name ?? "none";
    add("Intent", element("b", {}, name), element("span", { class: falls ? "warning" : "dim" }, ` ${sure}`));
  }
  if (reasons && reasons.in_scope !== null) add("In scope", percent(reasons.in_scope, 1));
  if (reasons) {
    const text = [...answer.text];
    const unknown = reasons.unknown_words.map(([start, end]) => text.slice(start, end).join(""));
    add("Unknown words", unknown.length ? unknown.join(", ") : "none");
  }
  add("Answered in", `${milliseconds.toFixed(1)} ms`);
  return list;
}

/** A part of the page with a heading and a table of bars. */
function part(title, explained, kind, rows) {
  return element(
    "section",
    {},
    element("h4", {}, title),
    element("p", { class: "dim" }, explained),
    element("table", { class: `bars ${kind}` }, element("tbody", {}, ...rows)),
  );
}

function ranking(intents, fallback) {
  const threshold = fallback?.threshold;
  const line = () => threshold !== undefined && stretch("threshold", threshold, threshold);
  const rows = intents.slice(0, SHOWN_INTENTS).map(({ name, confidence }, place) =>
    element(
      "tr",
      { class: place === 0 ? "first" : false },
      element("th", { scope: "row" }, name),
      element("td", { class: "track", "aria-hidden": "true" }, stretch("bar", 0, confidence), line()),
      element("td", {}, percent(confidence, 1)),
    ),
  );
  return part("Intents", whenItFallsBack(fallback), "ranking", rows);
}

function whenItFallsBack(fallback) {
  if (!fallback) return "Its pipeline has no FallbackClassifier: it never falls back.";
  const ahead = fallback.ambiguity_threshold;
  const close = ahead > 0 ? `, or less than ${percent(ahead)} ahead of the next,` : "";
  return `Below the line at ${percent(fallback.threshold)}${close} it falls back.`;
}

/** What each word adds: to the right what speaks for the intent, to the left what against. */
function words(intent) {
  const most = Math.max(...intent.words.map((word) => Math.abs(word.added)), 1e-9);
  const row = (name, added, kind) => {
    const reach = Math.min(1, Math.abs(added) / most) / 2;
    const bar = added < 0 ? stretch("bar against", 0.5 - reach, 0.5) : stretch("bar for", 0.5, 0.5 + reach);
    return element(
      "tr",
      { class: kind },
      element("th", { scope: "row" }, name),
      element("td", { class: "track middle", "aria-hidden": "true" }, kind ? null : bar),
      element("td", {}, signed(added)),
    );
  };
  const rows = [
    ...intent.words.map((word) => row(word.text, word.added, false)),
    row("without any word", intent.base, "base"),
    row("together", intent.together, "sum"),
  ];
  const explained = `What each word adds to ${intent.name} against ${intent.against}, in logits.`;
  return part("Words", explained, "words", rows);
}

/** What each place of an entity may be, what decides, and how sure the rest is. */
function readings(entities, found) {
  const bodies = entities.map((entity) => {
    const decisive = entity.decided_by.map(({ name, without }) => `${name} (without it ${percent(without)})`);
    const rows = entity.readings.map(({ text, type, confidence }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, text, " ", element("span", { class: `type ${hue(type)}` }, type)),
        element("td", { class: "track", "aria-hidden": "true" }, stretch(`bar ${hue(type)}`, 0, confidence)),
        element("td", {}, percent(confidence, 1)),
      ),
    );
    return element(
      "div",
      { class: "entity" },
      element("table", { class: "bars" }, element("tbody", {}, ...rows)),
      element("p", { class: "dim" }, `Decided by ${decisive.join(", ") || "no single word"}. ${sureOf(entity, found)}`),
    );
  });
  return element("section", {}, element("h4", {}, "Entities, and what else they may be"), ...bodies);
}

/** How sure role and group of an entity are, where it has them. */
function sureOf({ start }, found) {
  const entity = found.find((one) => one.start === start);
  return ["role", "group"]
    .filter((kind) => entity?.[kind])
    .map((kind) => `${kind[0].toUpperCase()}${kind.slice(1)} ${entity[kind]}: ${percent(entity[`confidence_${kind}`], 1)}.`)
    .join(" ");
}

function asJson(answer) {
  return element(
    "details",
    {},
    element("summary", {}, "As Rasa gives it"),
    element("pre", { tabindex: "0" }, JSON.stringify(answer, null, 2)),
  );
}
