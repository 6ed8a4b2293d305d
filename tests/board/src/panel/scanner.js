// The scanner: its place at the front, and in the workshop what it tells, the papers at hand, and where each of them is.
"use strict";

const at = (it, place) => it.sheets.filter((sheet) => sheet.place === place);
const sheetCount = (count) => `${count} ${count === 1 ? "sheet" : "sheets"}`;
function scannerMouth(it) {
  $("scanner-light").classList.toggle("lit", it.plugged && it.state === "Processing");
  const lines = [["feeder", "tray"], ["jammed", "path"], ["output", "output"]].map(([name, place]) => [name, at(it, place).length]).filter(([, count]) => count)
    .map(([name, count]) => `${name}: ${sheetCount(count)}`);
  if (it.cover_open) lines.unshift("cover open");
  for (const { name } of at(it, "glass")) lines.push(`glass: ${name}`);
  $("scanner-mouth").textContent = lines.join(" · ") || "no paper; it is in the tab Scanner";
}

function scanner(it) {
  const button = (body, label, attributes) => act(`scanner-${body.do}${body.from ? `-${body.from}` : ""}`, label, "/api/scanner", body, attributes);
  const signs = [["cover_open", "cover open"], ["jam", "jam"], ["double_feed", "two sheets at once"], ["mispick", "sheet not caught"], ["busy", "somebody else scans"], ["deaf", "deaf"]]
    .filter(([sign]) => it[sign]).map(([, words]) => words);
  if (it.slow_ms) signs.push(`${it.slow_ms} ms more a page`);
  const job = it.jobs.at(-1);
  const facts = [["State", it.plugged ? [it.state, ...signs].join(" · ") : "unplugged"], ["Feeder says", it.adf_state ?? "not fitted"],
    ["Last job", job ? `${job.number}: ${job.source.replace("-", ", ")}, ${job.mode}, ${job.dpi} dots, ${job.pages} ${job.pages === 1 ? "page" : "pages"}, ${job.state}` : "none"],
    ["Oddities", it.oddities.join("; ") || "none"]];
  return [
    element("table", { "data-testid": "scanner" }, ...facts.map(([fact, value]) => element("tr", {}, element("th", {}, fact), element("td", {}, value)))),
    element("div", { class: "buttons" }, it.cover_open ? button({ do: "close-cover" }, "Close cover") : button({ do: "open-cover" }, "Open cover"),
      act("scanner-cable", it.plugged ? "Pull the cable" : "Plug the cable in", "/api/wire", { wire: "scanner", plugged: !it.plugged })),
  ];
}

const paper = (it) => element("div", { class: "item" }, element("div", {}, it.description, element("small", {}, it.name)),
  element("div", { class: "buttons" }, ...[["tray", "Into the feeder"], ["glass", "Onto the glass"]].map(([to, label]) =>
    act(`scanner-${to}-${it.name}`, label, "/api/scanner", { do: "load", document: it.name, to }))));

const PLACES = { tray: ["In the feeder, the first on top", "Take out"], glass: ["On the glass", "Take off"], path: ["Between the rollers", "Pull out"],
  output: ["In the output", "Take"], hand: ["In your hand"] };
function sheets(all) {
  return Object.entries(PLACES).flatMap(([place, [name, take]]) => {
    const here = all.filter((it) => it.place === place);
    if (!here.length) return [];
    const buttons = take ? [act(`scanner-take-${place}`, take, "/api/scanner", { do: "take", from: place })]
      : [act("scanner-feed-again", "Into the feeder again", "/api/scanner", { do: "feed-again" }), act("scanner-discard", "Throw away", "/api/scanner", { do: "discard" })];
    return [element("h3", {}, `${name} (${here.length})`), element("div", { class: "buttons" }, ...buttons),
      element("div", { class: "sheets", "data-testid": `scanner-at-${place}` }, ...here.map(sheet))];
  });
}
const sheet = (it) => element("figure", { "data-testid": `sheet-${it.number}` },
  ...(it.printed_back ? ["front", "back"] : ["front"]).map((side) => element("img", { src: `/api/scanner/sheets/${it.number}-${side}.png`, alt: `${it.name}, ${side}`, loading: "lazy" })),
  element("figcaption", {}, `${it.number} · ${it.name}${it.fronts + it.backs ? ` · scanned ${it.fronts} + ${it.backs}` : ""}`));
// The last ones: each is a megabyte.
const scans = (all) => all.slice(-12).reverse().map((it) => element("figure", { "data-testid": `scan-${it.number}` },
  element("img", { src: `/api/scanner/pages/${it.number}`, alt: `Page ${it.number}`, loading: "lazy" }),
  element("figcaption", {}, [`${it.number}`, it.sheets.length ? `sheet ${it.sheets.join(" and ")}${it.back ? ", back" : ""}` : "empty glass", `${it.mode}, ${it.dpi} dots`,
    `${it.width} × ${it.height}`, `${Math.ceil(it.bytes / 1024)} KiB`, ...(it.whole ? [] : ["not sent whole"])].join(" · "))));

async function dropped(files) {
  const to = document.querySelector("[name=drop-to]:checked").value;
  for (const file of files) {
    const query = new URLSearchParams({ name: file.name, to, "two-sided": $("drop-two-sided").checked });
    try {
      const answer = await fetch(`/api/scanner/file?${query}`, { method: "POST", body: file });
      const text = await answer.text();
      let told;
      try { told = JSON.parse(text).error; } catch { told = text; }
      trouble(answer.ok ? "" : `${file.name}: ${told}`);
      if (!answer.ok) return;
    } catch (error) {
      return trouble(`${file.name} cannot be sent: ${error.message}`);
    }
  }
}

function watchDropZone() {
  for (const [event, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]])
    $("drop").addEventListener(event, (drag) => {
      drag.preventDefault();
      $("drop").classList.toggle("over", over);
      if (event === "drop") {
        const files = [...drag.dataTransfer.files];
        inTurn(() => dropped(files));
      }
    });
  // What misses the zone must not take the page's place.
  for (const event of ["dragover", "drop"]) window.addEventListener(event, (drag) => drag.preventDefault());
  $("drop-file").addEventListener("change", ({ target }) => inTurn(() => dropped([...target.files])).then(() => { target.value = ""; }));
}
