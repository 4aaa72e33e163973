// Visits to pages, one a line of JSON on standard input → what was seen at each, as a line of JSON.
// Argument: the path of a Chromium. A visit names what is asked of the page, `look`, a function of `looks` below.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath: process.argv[2] });

async function tooLong() {
  await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
  throw new Error("no answer within a minute");
}

/** Letters of another size, as a reader sets them: `percent` of 16 pixels. */
async function enlarge(page, percent) {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: (16 * percent) / 100 } });
}

/** What a selector finds; `#page >> .sentence` looks within the frame of that id. */
function found(page, selector) {
  const [frame, within] = selector.split(" >> ");
  return (within ? page.frameLocator(frame).locator(within) : page.locator(frame)).first();
}

// What a reader does.
const steps = {
  // Saves a file, as an editor in another window does.
  async write(page, path, text) {
    writeFileSync(path, text);
  },
  // Waits until it is seen to have these words.
  async shows(page, selector, text) {
    await found(page, selector).filter({ hasText: text, visible: true }).waitFor({ timeout: 50_000 });
  },
  async click(page, selector) {
    await found(page, selector).click({ position: { x: 6, y: 8 } });
  },
  async key(page, key) {
    await page.keyboard.press(key);
  },
  // Tab until the focus is there.
  async reach(page, selector) {
    const wanted = found(page, selector);
    for (let times = 0; times < 60; times++) {
      await page.keyboard.press("Tab");
      if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement && element.ownerDocument.hasFocus())) return;
    }
    throw new Error(`Tab does not lead to ${selector}`);
  },
  async point(page, selector) {
    await page.locator(selector).first().hover();
    await page.waitForTimeout(300);
  },
  async tap(page, selector) {
    await page.locator(selector).first().tap();
    await page.waitForTimeout(300);
  },
  async move(page, x, y, pause) {
    await page.mouse.move(x, y, { steps: 10 });
    await page.waitForTimeout(pause);
  },
  async press(page, key, times) {
    for (let time = 0; time < times; time++) await page.keyboard.press(key);
    await page.waitForTimeout(1000);
  },
  // Tab onto that element from the one before it.
  async tab(page, selector) {
    const wanted = page.locator(selector).first();
    await wanted.evaluate((element) => {
      const all = [...document.querySelectorAll("a[href], [tabindex]")];
      all[all.indexOf(element) - 1]?.focus();
    });
    await page.keyboard.press("Tab");
    if (!(await wanted.evaluate((element) => element === document.activeElement))) {
      throw new Error(`Tab does not lead to ${selector}`);
    }
    await page.waitForTimeout(300);
  },
};

const looks = {
  // What axe finds with all its rules but `without`, and what it leaves to be looked at.
  async axe(page, { without }) {
    await page.evaluate(axe);
    return page.evaluate(async (without) => {
      const rules = axe.getRules().map(({ ruleId }) => [ruleId, { enabled: !without.includes(ruleId) }]);
      const found = await axe.run(document, { rules: Object.fromEntries(rules) });
      const told = ({ id, nodes }) =>
        nodes.map(({ html, target, failureSummary }) => {
          const frame = document.querySelector(target[0])?.closest(".scroll");
          return { id, html, failureSummary, scrolls: !!frame && frame.scrollWidth > frame.clientWidth };
        });
      return { wrong: found.violations.flatMap(told), open: found.incomplete.flatMap(told), right: found.passes.length };
    }, without);
  },

  // How far the page scrolls sideways, what is cut off or sticks out of the window, and words that lie upon others.
  layout: (page) =>
    page.evaluate(() => {
      const root = document.documentElement;
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const boxes = [];
      while (walker.nextNode()) {
        const node = walker.currentNode;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) {
          if (!node.data.trim() || box.width < 1) continue;
          // The box of a line reaches above and below its letters.
          const [top, bottom] = [box.top + 0.3 * box.height, box.bottom - 0.3 * box.height];
          boxes.push({ left: box.left, right: box.right, top, bottom, node });
        }
      }
      boxes.sort((one, other) => one.top - other.top);
      const words = ({ node }) => node.data.trim().slice(0, 40);
      const overlaps = [];
      boxes.forEach((box, place) => {
        for (let next = place + 1; next < boxes.length && boxes[next].top < box.bottom; next++) {
          const other = boxes[next];
          const shared = Math.min(box.right, other.right) - Math.max(box.left, other.left);
          if (shared > 1 && other.node !== box.node) overlaps.push([words(box), words(other)]);
        }
      });
      const outside = boxes.filter(
        ({ left, right, node }) => (left < 0 || right > root.clientWidth + 1) && !node.parentElement.closest(".scroll"),
      );
      const cut = [...document.body.querySelectorAll("*")].filter(
        (element) =>
          getComputedStyle(element).overflowX !== "visible" &&
          !element.classList.contains("scroll") &&
          (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight),
      );
      return {
        sideways: root.scrollWidth - root.clientWidth,
        lines: boxes.length,
        overlaps,
        outside: outside.map(words),
        cut: cut.map((element) => element.outerHTML.slice(0, 80)),
        letters: parseFloat(getComputedStyle(root).fontSize),
      };
    }),

  // The sources that are shown, with their boxes in the window, and the link that each belongs to.
  async sources(page) {
    const session = await page.context().newCDPSession(page);
    const { root } = await session.send("DOM.getDocument", { depth: -1 });
    const { nodeIds } = await session.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: "[data-source]" });
    const shown = await page.evaluate(() =>
      [...document.querySelectorAll("[data-source]")].map((link) => {
        const { top, left, bottom, right } = link.getBoundingClientRect();
        return {
          visible: getComputedStyle(link, "::after").visibility === "visible",
          source: link.dataset.source,
          name: link.textContent,
          link: { top, left, bottom, right },
        };
      }),
    );
    const seen = [];
    for (const [place, one] of shown.entries()) {
      if (!one.visible) continue;
      const { node } = await session.send("DOM.describeNode", { nodeId: nodeIds[place] });
      const after = node.pseudoElements.find(({ pseudoType }) => pseudoType === "after");
      const { model } = await session.send("DOM.getBoxModel", { backendNodeId: after.backendNodeId });
      const [left, top, , , right, bottom] = model.border;
      seen.push({ ...one, box: { top, left, bottom, right } });
    }
    return seen;
  },

  // What a screen reader is told of an element.
  spoken: (page, { selector }) => page.locator(selector).first().ariaSnapshot(),

  // What the focus is on, how it is marked, where the page stands, and what is copied of all of it.
  focus: (page) =>
    page.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const target = document.querySelector(":target")?.getBoundingClientRect();
      getSelection().selectAllChildren(document.body);
      return {
        element: element.outerHTML.slice(0, 200),
        outline: outlineStyle === "none" ? 0 : parseFloat(outlineWidth),
        scrolled: element.scrollLeft,
        target: target ? [target.top, innerHeight - target.bottom] : null,
        copied: getSelection().toString(),
      };
    }),

  // The page on paper, as base64 of a PDF.
  paper: async (page) => (await page.pdf({ preferCSSPageSize: true })).toString("base64"),

  // The words of an element, as they are seen.
  text: (page, { selector }) => found(page, selector).innerText({ timeout: 10_000 }),

  picture: (page, { path }) => page.screenshot({ path }).then(() => path),
};

for await (const line of createInterface({ input: process.stdin })) {
  const visit = JSON.parse(line);
  const page = await browser.newPage({
    viewport: { width: visit.width, height: visit.height },
    colorScheme: visit.scheme,
    hasTouch: !!visit.touch,
    isMobile: !!visit.touch,
    javaScriptEnabled: !!visit.script || visit.look === "axe", // it waits by timers; all else of a file needs no script
  });
  const requests = [];
  const messages = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => messages.push(message.text()));
  let answer;
  try {
    if (visit.text) await enlarge(page, visit.text);
    await page.goto(visit.address);
    for (const [name, ...given] of visit.steps) await steps[name](page, ...given);
    answer = { seen: await Promise.race([looks[visit.look](page, visit), tooLong()]) };
  } catch (error) {
    answer = { error: String(error) };
  }
  await page.close();
  console.log(JSON.stringify({ ...answer, requests: requests.filter((url) => !url.startsWith("data:")), messages }));
}
await browser.close();
