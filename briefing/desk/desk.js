// The states of the board, as the server tells them → what stands on the page. Texts go in as texts, never as markup.
"use strict";

const at = (id) => document.getElementById(id);
const frame = at("page");
let state = null; // the last that was told
let shown = null; // {name, version} of the brief in the frame
let facts = {}; // its cards
let chosen = []; // ids of the facts whose cards are open
let opener = null; // what the focus goes back to
const buttons = new WeakMap(); // of what can be clicked

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "click") made.addEventListener("click", value);
    else if (value) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== "" && child !== null));
  return made;
}

// ---- What is said

function wanted() {
  const name = location.hash.slice(1); // small letters, digits, hyphens and a stroke, which an address has as they are
  return state.briefs.find((brief) => brief.name === name) ?? state.briefs[0];
}

function tell(told) {
  if (state && state.run !== told.run) return location.reload(); // another start of the tool, perhaps another version
  state = told;
  at("lost").hidden = true;
  document.body.classList.remove("is-lost");
  if (state.title) document.title = `${state.title} – briefing`;
  tellState();
  tellBriefs();
  tellProblems();
  return showBrief();
}

function tellState() {
  const errors = state.problems.some(({ level }) => level === "error");
  const words = state.building ? "Building …" : errors ? "There are errors" : "Up to date";
  at("state").textContent = words;
  at("state").className = state.building ? "building" : errors ? "wrong" : "right";
  const brief = wanted();
  const old = brief && !brief.current && !state.building;
  at("stale").hidden = !old;
  at("stale").textContent = old ? "This is the last brief that could be built. The problems say what is in the way." : "";
}

function tellBriefs() {
  const now = wanted()?.name;
  const links = state.briefs.map((brief) =>
    element("li", {}, element("a", { href: `#${brief.name}`, "aria-current": brief.name === now && "page" }, brief.title)),
  );
  if (state.more) links.push(element("li", { class: "more" }, `and ${state.more} more`));
  keepingFocus(at("briefs"), () => at("briefs").replaceChildren(...links));
}

// Whoever is in a list with the keyboard stays at the same place in it.
function keepingFocus(list, change) {
  const places = () => [...list.querySelectorAll("a, button")];
  const place = places().indexOf(document.activeElement);
  change();
  if (place >= 0) places()[Math.min(place, places().length - 1)]?.focus();
}

function tellProblems() {
  const items = state.problems.map((problem) =>
    element(
      "li",
      { class: problem.level },
      element("p", { class: "place" }, element("span", { class: "level" }, problem.level), " ", `${problem.path}:${problem.line}:${problem.column}`),
      element("p", { class: "message" }, problem.message),
      element("p", { class: "rule" }, problem.rule, problem.fact in facts ? " · " : "", factButton(problem.fact)),
    ),
  );
  keepingFocus(at("problem-list"), () => at("problem-list").replaceChildren(...items));
  at("problem-list").hidden = !items.length;
  at("no-problems").hidden = items.length > 0;
  at("problems-name").textContent = state.counts ? `Problems: ${state.counts}` : "Problems";
}

function factButton(id) {
  if (!Object.hasOwn(facts, id)) return "";
  return element("button", { type: "button", click: (event) => open([id], event.currentTarget, true) }, "show the fact");
}

// ---- The brief

async function showBrief() {
  const brief = wanted();
  at("none").hidden = !!brief;
  frame.hidden = !brief;
  if (!brief) {
    shown = null;
    return;
  }
  const same = shown && shown.name === brief.name;
  if (same && shown.version === brief.version) return;
  if (!same) choose([]);
  shown = { name: brief.name, version: brief.version };
  frame.title = brief.title;
  at("brief-name").textContent = brief.title;
  const [page, cards] = await Promise.all([fetch(`/briefs/${brief.name}`), fetch(`/facts/${brief.name}`)]);
  if (!page.ok || !cards.ok || shown.version !== brief.version) return;
  facts = await cards.json();
  if (same) replaceBrief(await page.text());
  else await loadBrief(brief.name);
  show();
  tellProblems();
}

function loadBrief(name) {
  return new Promise((resolve) => {
    frame.addEventListener("load", () => resolve(prepare(frame.contentDocument)), { once: true });
    frame.src = `/briefs/${name}`;
  });
}

// New words in the same place: whoever reads stays where they read.
function replaceBrief(text) {
  const old = frame.contentDocument;
  const before = new Set(sentences(old).map(words));
  // Under the policy of the brief, which allows it its style; that of this page does not.
  const made = new frame.contentWindow.DOMParser().parseFromString(text, "text/html");
  const top = frame.contentWindow.scrollY;
  const focus = [...old.querySelectorAll("a, button")].indexOf(old.activeElement);
  old.querySelector("style").textContent = made.querySelector("style").textContent;
  old.title = made.title;
  old.documentElement.lang = made.documentElement.lang;
  old.body.replaceWith(old.adoptNode(made.body));
  for (const sentence of sentences(old)) if (!before.has(words(sentence))) sentence.classList.add("fresh");
  prepare(old);
  frame.contentWindow.scrollTo(0, top);
  if (focus >= 0) old.querySelectorAll("a, button")[focus]?.focus({ preventScroll: true });
}

const sentences = (page) => [...page.querySelectorAll("main [data-facts]")];
const words = (sentence) => sentence.textContent.trim();

// Each sentence can be clicked, and has a button that is seen where the keyboard is at it.
function prepare(page) {
  for (const traced of page.querySelectorAll("[data-facts]")) {
    const button = page.createElement("button");
    button.type = "button";
    button.className = "trace";
    button.textContent = "Fact and source";
    const place = traced.matches("tr") ? traced.lastElementChild : traced.matches("figure, li") ? traced.querySelector("p") : traced;
    place.append(button);
    buttons.set(traced, button);
  }
  for (const link of page.querySelectorAll("a[href]")) {
    if (link.getAttribute("href").startsWith("#")) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  page.body.addEventListener("click", (event) => {
    const traced = event.target.closest("[data-facts]");
    if (!traced || event.target.closest("a") || !page.getSelection().isCollapsed) return;
    const byKeyboard = event.target.matches(".trace") && event.detail === 0;
    open(traced.dataset.facts.split(" "), buttons.get(traced), byKeyboard);
  });
  page.addEventListener("keydown", leave);
  return page;
}

// ---- The fact

function open(ids, from, focus) {
  opener = from;
  choose(ids);
  at("fact").scrollIntoView({ block: "start" });
  if (focus) at("fact-name").focus();
}

function choose(ids) {
  chosen = ids;
  show();
}

function show() {
  at("no-fact").hidden = chosen.length > 0;
  at("cards").replaceChildren(...chosen.map((id) => (Object.hasOwn(facts, id) ? card(facts[id]) : gone(id))));
  const page = frame.contentDocument;
  for (const traced of page?.querySelectorAll("[data-facts]") ?? []) {
    const ids = traced.dataset.facts.split(" ");
    traced.classList.toggle("chosen", ids.length === chosen.length && ids.every((id, place) => id === chosen[place]));
  }
}

function card(fact) {
  const by = fact.by.length ? ` · ${fact.by.join("; ")}` : "";
  const sources = `${fact.corroboration} ${fact.kind === "gap" ? "" : "independent "}source${fact.corroboration === 1 ? "" : "s"}`;
  return element(
    "article",
    {},
    element("h3", {}, fact.id),
    element("p", { class: "place" }, fact.place),
    element("p", { class: "kind" }, `${fact.kind}${by} · ${sources}${fact.kind === "gap" ? " searched" : ""}`),
    fact.status === "current" ? "" : element("p", { class: "status" }, fact.why ? `${fact.status}: ${fact.why}` : fact.status),
    element("p", { class: "text" }, fact.text),
    ...bySource(fact.passages).map(source),
  );
}

function bySource(passages) {
  const groups = new Map();
  for (const one of passages) {
    const key = `${one.source} ${one.role}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function source(passages) {
  const [found] = passages;
  const roles = { contradicts: "contradicts it", searched: "was searched, and does not have it" };
  return element(
    "section",
    { class: "passage" },
    element("h4", {}, `[${found.number}] ${found.source}${found.role in roles ? ` ${roles[found.role]}` : ""}`),
    ...passages.flatMap(({ quote, at }) => [
      quote ? element("blockquote", {}, quote) : element("p", { class: "no-quote" }, "No words are quoted."),
      at ? element("p", { class: "at" }, at) : "",
    ]),
    element("p", { class: "citation" }, found.citation),
    found.descriptor ? element("p", { class: "descriptor" }, found.descriptor) : "",
    found.address
      ? element("p", {}, element("a", { href: found.address, target: "_blank", rel: "noopener noreferrer" }, "Open the source"))
      : "",
    element("p", { class: "place" }, found.place),
  );
}

const gone = (id) => element("article", {}, element("h3", {}, id), element("p", {}, "The facts file has it no more."));

function leave(event) {
  if (event.key !== "Escape" || !chosen.length) return;
  choose([]);
  const back = opener?.isConnected ? opener : null;
  opener = null;
  back?.focus();
}

// ---- The connection

function lost() {
  const again = `briefing build --watch --serve ${location.port}`;
  at("lost").textContent = `The connection to briefing is lost. What stands here may be old. Where it was ended, start it again: ${again}`;
  at("lost").hidden = false;
  document.body.classList.add("is-lost");
  at("state").textContent = "Not connected";
  at("state").className = "wrong";
}

function listen() {
  const events = new EventSource("/events");
  events.onmessage = ({ data }) => tell(JSON.parse(data)).catch(lost);
  events.onerror = () => {
    lost();
    if (events.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    events.close();
    setTimeout(listen, 2000);
  };
}

addEventListener("keydown", leave);
addEventListener("hashchange", () => state && tell(state));
listen();
