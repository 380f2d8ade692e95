/** The page: it says what is there, and shows what was chosen. */

import { byId, element, withArrows } from "./dom.js";
import { annotated, article, comparison, setTypes, short, spoken } from "./inspector.js";
import { List } from "./list.js";
import { Log } from "./log.js";
import { NoAnswer, ask, pause } from "./server.js";

/** Seconds between two looks at the server: where all is well, and where not. */
const CALM = 3;
const WORRIED = 1;
/** Seconds that a look may take. */
const GLANCE = 8;
const NARROW = matchMedia("(max-width: 55rem)");

const NOTICES = {
  down: (bot) => `The bot at ${bot.url} is not there, or not yet. What you write is analysed all the same; the chat goes on as soon as the bot is there.`,
  "no model": (bot) => `The bot at ${bot.url} has no model. Train one with “rasa train”, and start the bot anew.`,
};

const page = { chosen: null, isMissing: false, stamps: null, models: [] };

/** Show what the models understand of a text; return it in short. */
async function show(text, message = null) {
  const chosen = { text, message };
  page.chosen = chosen;
  list.leave();
  return inspect(chosen);
}

async function inspect(chosen) {
  byId("answers").setAttribute("aria-busy", "true");
  let models;
  try {
    ({ models } = await ask("api/inspect", { text: chosen.text }));
    page.isMissing = false;
  } catch (error) {
    if (page.chosen !== chosen) return "";
    page.isMissing = error instanceof NoAnswer;
    const more = page.isMissing ? " This is shown as soon as it is back." : "";
    byId("answers").replaceChildren(element("p", { class: "error" }, error.message + more));
    byId("expected").replaceChildren();
    return "";
  } finally {
    byId("answers").removeAttribute("aria-busy");
  }
  const shorts = models.map((found, i) => (models.length > 1 ? `${"AB"[i]} ${short(found)}` : short(found)));
  if (page.chosen === chosen) draw(chosen, models);
  return shorts.join(" · ");
}

function draw({ message }, models) {
  const hasTwo = models.length > 1;
  const articles = models.map((found, i) => article(found, hasTwo && titleOf(i)));
  const differ = hasTwo ? comparison(...models) : "";
  byId("expected").replaceChildren(...(message ? [annotated(message, models)] : []));
  if (differ) byId("expected").append(element("p", { class: "differ" }, differ));
  byId("answers").replaceChildren(...articles);
  byId("answers").classList.toggle("two", hasTwo);
  byId("summary").textContent = models.map(spoken).join(". ");
}

const titleOf = (i) => `${"AB"[i]} · ${page.models[i]?.path ?? ""}`;

function showLabelled(message) {
  log.leave();
  show(message.text, message);
  if (NARROW.matches) byId("analysis").scrollIntoView();
}

/** Look at the server again and again, as long as the page is open. */
async function watch() {
  for (;;) {
    const isWell = await look();
    await pause(isWell ? CALM : WORRIED);
  }
}

async function look() {
  let status;
  try {
    status = await ask("api/status", null, GLANCE);
  } catch (error) {
    tell(`${error.message} Start it again; this page goes on by itself.`, "Not reached");
    return false;
  }
  const { models, bot } = status;
  const problems = models.map((model) => model.problem).filter(Boolean);
  if (bot && NOTICES[bot.state]) problems.push(NOTICES[bot.state](bot));
  tell(problems.join(" "), problems.length ? "Not all is well" : "Ready");
  await adapt(status);
  return problems.length === 0;
}

function tell(problem, state) {
  const notice = byId("notice");
  if (notice.textContent !== problem) notice.textContent = problem;
  notice.hidden = !problem;
  if (byId("state").textContent !== state) byId("state").textContent = state;
  byId("state").classList.toggle("well", !problem);
}

/** Make the page fit what the server has: at first, and when a model is another one. */
async function adapt({ models, bot, longest }) {
  const stamps = models.map((model) => model.stamp).join();
  const isNew = stamps !== page.stamps;
  log.bot = bot;
  if (isNew) {
    page.models = models;
    setTypes(models.flatMap((model) => model.types));
    byId("models").textContent = models.map(({ path }, i) => (models[1] ? titleOf(i) : path)).join("  ");
    byId("message").maxLength = longest;
    byId("tab-log").textContent = bot ? "Chat" : "Messages";
    byId("anew").hidden = !bot;
  }
  if (page.chosen && (page.isMissing || (isNew && page.stamps !== null))) inspect(page.chosen);
  if (!isNew) return;
  try {
    if (models.every((model) => !model.problem)) await list.load(models.length > 1);
    page.stamps = stamps;
  } catch {
    // The next look tries again.
  }
}

function openTab(name) {
  for (const tab of ["log", "list"]) {
    byId(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
    byId(`tab-${tab}`).tabIndex = tab === name ? 0 : -1;
    byId(`panel-${tab}`).hidden = tab !== name;
  }
}

const list = new List(showLabelled);
const log = new Log(show);

byId("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("message").value.trim();
  byId("message").value = "";
  if (text) log.say(text);
});
byId("anew").addEventListener("click", () => {
  log.begin();
  byId("message").focus();
});
for (const name of ["log", "list"]) {
  byId(`tab-${name}`).addEventListener("click", () => openTab(name));
  byId(`tab-${name}`).addEventListener("focus", () => openTab(name));
}
withArrows(document.querySelector("[role=tablist]"), "ArrowLeft", "ArrowRight");
watch();
