// The front panel: shows what the board's state says, and sends what a person does. Of its own it keeps nothing but what it was told last.
"use strict";

const $ = (id) => document.getElementById(id);
const euros = (cents) => `${(cents / 100).toFixed(2)} €`;
const face = (cents) => (cents >= 100 ? `${cents / 100} €` : `${cents} c`);
const pile = (counts) => Object.entries(counts).map(([cents, count]) => `${count} × ${face(+cents)}`).join(", ") || "empty";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// A part of the page is built again only when what it shows has changed, so that nothing moves under the pointer.
const shown = new Map();
function show(id, value, build) {
  const text = JSON.stringify(value);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  $(id).replaceChildren(...[build(value)].flat());
}

function trouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = !text;
}

async function post(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const text = await answer.text();
    let told;
    try { told = JSON.parse(text); } catch { told = { error: text }; }
    trouble(answer.ok ? "" : told.error);
    return told;
  } catch (error) {
    trouble(`The panel does not answer: ${error.message}`);
  }
}

// What somebody does with papers happens in that order, however long one of them takes to be printed.
let handled = Promise.resolve();
const inTurn = (work) => (handled = handled.then(work));

const act = (testid, label, path, body, attributes = {}) =>
  element("button", { type: "button", "data-testid": testid, onclick: () => path === "/api/scanner" ? inTurn(() => post(path, body)) : post(path, body), ...attributes }, label);

// --- the kiosk's front -------------------------------------------------------------------------------------------

const NOTES = [[500, "#b9c0c4"], [1000, "#e0a29c"], [2000, "#9cbbe0"], [5000, "#e8bd86"], [10000, "#a3cfa0"], [20000, "#e6d488"], [50000, "#c9aed6"]];
const COINS = [[1, "#c98f63"], [2, "#c98f63"], [5, "#c98f63"], [10, "#dcc06a"], [20, "#dcc06a"], [50, "#dcc06a"], [100, "#d9d9cf"], [200, "#d6cd9d"]];
for (const [cents, colour] of NOTES)
  $("notes").append(act(`note-${cents}`, face(cents), "/api/note", { cents }, { class: "note", style: `background:${colour}` }));
for (const [cents, colour] of COINS)
  $("coins").append(act(`coin-${cents}`, face(cents), "/api/coin", { cents }, { class: "coin", style: `background:${colour}` }));

const KEYS = [
  ["1", "kp_1"], ["2", "kp_2"], ["3", "kp_3"], ["4", "kp_4"], ["5", "kp_5"], ["6", "kp_6"], ["7", "kp_7"], ["8", "kp_8"], ["9", "kp_9"],
  ["clear", "backspace", "⌫"], ["0", "kp_0"], ["language", "f2", "Lang."],
  ["left", "left", "◀"], ["up", "up", "▲"], ["right", "right", "▶"],
  ["help", "f1", "Help"], ["down", "down", "▼"], ["repeat", "f3", "Repeat"],
  ["cancel", "esc", "Cancel"], ["hide", "f4", "Hide"], ["ok", "ret", "OK"],
];
for (const [name, key, label] of KEYS)
  $("keypad").append(act(`key-${name}`, label ?? name, "/api/key", { key }, { class: name, "aria-label": name }));

const canvas = $("screen");
let finger = null;
let socket;
function place(event) {
  const box = canvas.getBoundingClientRect();
  const scaled = (at, start, size, pixels) => Math.min(pixels - 1, Math.max(0, Math.floor(((at - start) / size) * pixels)));
  return { x: scaled(event.clientX, box.left, box.width, canvas.width), y: scaled(event.clientY, box.top, box.height, canvas.height) };
}
function touch(event, down) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "touch", ...place(event), down }));
}
canvas.addEventListener("pointerdown", (event) => {
  if (finger !== null || event.button !== 0) return;
  finger = event.pointerId;
  canvas.setPointerCapture(finger);
  touch(event, true);
});
let moved = 0;
canvas.addEventListener("pointermove", (event) => {
  // Forty moves a second are more than a finger makes.
  if (event.pointerId !== finger || event.timeStamp - moved < 25) return;
  moved = event.timeStamp;
  touch(event, true);
});
for (const end of ["pointerup", "pointercancel"])
  canvas.addEventListener(end, (event) => {
    if (event.pointerId !== finger) return;
    finger = null;
    touch(event, false);
  });

function front(state) {
  const { cash, barcode, board } = state;
  const validator = cash.validator;
  $("dark").hidden = board.on;
  $("note-light").classList.toggle("lit", !!validator?.accepting);
  $("coin-light").classList.toggle("lit", !!cash.coin_acceptor?.accepting);
  $("window").classList.toggle("lit", barcode.plugged);
  $("window").textContent = barcode.last ?? "hold a bill here";
  $("escrow").textContent = validator ? `${validator.transport}${validator.note_cents ? `: ${face(validator.note_cents)}` : ""}` : "not fitted";
  const tray = [pile(cash.tray.notes), pile(cash.tray.coins)].filter((text) => text !== "empty");
  $("tray").textContent = tray.join(", ") || "empty";
  // So many millimetres always lie between head and knife, also of a new roll.
  mouth("receipt-mouth", state.printer, "/api/papers", 15);
  mouth("page-mouth", state.page_printer, "/api/pages", 25);
  reader(state.cards.reader);
  scannerMouth(state.scanner);
}

function mouth(id, it, path, inside) {
  const last = it.papers.at(-1);
  show(id, [it.unfinished_mm, last?.number, last?.fate, it.printing], () => {
    if (it.unfinished_mm > inside) return element("img", { alt: "Paper that hangs out", src: `${path}/hanging.png?${it.unfinished_mm}` });
    if (!last) return it.printing ? "printing" : "no paper";
    return [element("img", { alt: last.text, src: `${path}/${last.number}.png` }), element("small", {}, last.fate)];
  });
}

let commands = 0;
let talking;
function reader(it) {
  show("card-slot", it && [it.name, it.powered, it.pulled, it.tries_left, it.channel, it.logged_in], () => {
    if (!it) return "empty; the drawer is in the tab Cards";
    const signs = [it.pulled ? "pulled out halfway" : it.powered ? "powered" : "no power"];
    if (it.tries_left !== null) signs.push(tries(it.tries_left));
    if (it.channel) signs.push("channel open");
    if (it.logged_in) signs.push("PIN accepted");
    return [element("b", {}, it.name ?? "a card from elsewhere"), element("small", {}, owner(it)), element("small", {}, signs.join(" · "))];
  });
  // Lit for a moment after each command.
  if (it && it.commands > commands) {
    $("card-light").classList.add("lit");
    clearTimeout(talking);
    talking = setTimeout(() => $("card-light").classList.remove("lit"), 700);
  }
  commands = it?.commands ?? 0;
}

// --- the workshop ------------------------------------------------------------------------------------------------

const articles = [...document.querySelectorAll("article")];
function open(name) {
  history.replaceState(null, "", `#${name.toLowerCase().replace(" ", "-")}`);
  for (const article of articles) article.hidden = article.dataset.tab !== name;
  for (const tab of $("tabs").children) tab.setAttribute("aria-selected", String(tab.textContent === name));
}
for (const { dataset: { tab } } of articles)
  $("tabs").append(element("button", { role: "tab", "data-testid": `tab-${tab.toLowerCase().replace(" ", "-")}`, onclick: () => open(tab) }, tab));
// The address remembers the tab.
const remembered = articles.map(({ dataset: { tab } }) => tab).find((tab) => location.hash === `#${tab.toLowerCase().replace(" ", "-")}`);
open(remembered ?? "Bills");

const bill = (it) => element("div", { class: "item" },
  element("div", {}, it.title, element("small", {}, `${it.debtor} · ${it.name} · ${it.format}${it.last_day ? ` · until ${it.last_day}` : ""}`)),
  element("div", {}, element("b", {}, euros(it.amount)), " ", element("span", { class: `tag ${it.state}` }, it.state)),
  act(`bill-${it.name}`, "Scan", "/api/scan", { bill: it.name }));

const tries = (left) => (left ? `${left} ${left === 1 ? "try" : "tries"} left` : "PIN blocked");
const owner = (it) => [it.holder, it.number, it.pin && `PIN\u00a0${it.pin}`].filter(Boolean).join(" · ") || "nobody's name on it";
const drawn = (it) => element("div", { class: "item" },
  element("div", {}, it.description, " ",
    it.tries_left === null ? "" : element("span", { class: "tag", "data-testid": `card-tries-${it.name}` }, tries(it.tries_left)), " ",
    it.in_reader ? element("span", { class: "tag payable" }, "in the reader") : "", element("small", {}, [it.name, owner(it)].join(" · "))),
  element("div", { class: "buttons" }, act(`card-insert-${it.name}`, "Insert", "/api/card", { do: "insert", card: it.name }),
    act(`card-renew-${it.name}`, "New card", "/api/card", { do: "renew", card: it.name })));

const SEEN = ["profile", "power_ons", "commands", "channels_opened", "channels_broken", "tries_queries", "verifies", "verifies_in_the_clear", "right_pins", "wrong_pins"];
const cardTruth = (it) => (it ? [...SEEN.map((name) => [name.replaceAll("_", " "), it[name]]), ["signatures", it.signatures.length]] : [["no card", "is in"]])
  .map(([name, value]) => element("tr", {}, element("th", {}, name), element("td", {}, String(value))));

function cash(it) {
  const row = (name, testid, content, ...buttons) => element("tr", {},
    element("th", {}, name), element("td", { "data-testid": testid }, content), element("td", {}, element("div", { class: "buttons" }, ...buttons)));
  const at = (body, label) => act(`cash-${body.do}${body.address ? `-${body.address}` : ""}`, label, "/api/cash", body);
  const rows = [];
  if (it.validator) rows.push(row("Stacker", "stacker", it.validator.stacker_present ? `${pile(it.validator.stacker)}${it.validator.stacker_full ? " (full)" : ""}` : "removed",
    at({ do: "remove-stacker" }, "Remove"), at({ do: "insert-stacker", emptied: true }, "Put in, emptied"),
    at({ do: "free-jammed-note" }, "Free a jammed note"), at({ do: "pull-jammed-note" }, "Pull a jammed note")));
  rows.push(row("Cash box", "cash-box", pile(it.cash_box), at({ do: "empty-cash-box" }, "Empty")));
  for (const hopper of it.hoppers) {
    const signs = ["powered", "enabled", "running", "jammed", "bridged", "silent"].filter((sign) => hopper[sign] && sign !== "powered");
    if (!hopper.powered) signs.unshift("no power");
    const address = hopper.address;
    rows.push(row(`Hopper ${address}`, `hopper-${address}`, `${hopper.coins} × ${face(hopper.cents)}${signs.length ? ` · ${signs.join(", ")}` : ""}`,
      at({ do: "fill-hopper", address, coins: 50 }, "+ 50"), at({ do: "empty-hopper", address }, "Empty"), at({ do: "clear-hopper", address }, "Clear a jam")));
  }
  return [
    element("table", {}, ...rows),
    element("h3", {}, "What really happened"),
    element("table", { "data-testid": "truth" }, ...Object.entries(it.truth).filter(([, counts]) => Object.keys(counts).length)
      .map(([name, counts]) => element("tr", {}, element("th", {}, name.replaceAll("_", " ")), element("td", {}, pile(counts))))),
    element("h3", {}, "Supply"),
    element("div", { class: "buttons" }, at({ do: "power", on: false }, "Cash devices off"), at({ do: "power", on: true }, "Cash devices on")),
  ];
}

// `name` is the printer's in test ids and in the API.
function printer(name, roll_mm, it) {
  const at = (body, label) => act(`${name}-${body.do}${"on" in body ? (body.on ? "-on" : "-off") : ""}`, label, `/api/${name}`, body);
  const signs = ["cover_open", "paper_end", "near_end", "jam", "cutter_error", "head_hot", "printing"].filter((sign) => it[sign]).map((sign) => sign.replace("_", " "));
  const facts = [["State", `${it.powered ? (it.online ? "on line" : "off line") : "no power"}${signs.length ? ` · ${signs.join(", ")}` : ""}`],
    ["Paper left", `${(it.paper_left_mm / 1000).toFixed(1)} m`], ["Cuts", it.cuts], ["In the buffer", `${it.buffered} bytes`],
    ["Oddities", [...it.oddities, ...(it.unprintable ? [`${it.unprintable} unprintable characters`] : [])].join("; ") || "none"]];
  return [
    element("table", { "data-testid": name }, ...facts.map(([fact, value]) => element("tr", {}, element("th", {}, fact), element("td", {}, String(value))))),
    element("div", { class: "buttons" }, at({ do: "take-paper" }, "Take the paper"), at({ do: "tear" }, "Tear off"), at({ do: "load-roll", mm: roll_mm }, "New roll"),
      at({ do: "open-cover" }, "Open cover"), at({ do: "close-cover" }, "Close cover"), at({ do: "clear-jam" }, "Clear a jam"),
      at({ do: "power", on: false }, "Off"), at({ do: "power", on: true }, "On")),
  ];
}

const papers = (kind, all) => all.toReversed().map((it) => element("figure", { "data-testid": `${kind}-${it.number}` },
  element("img", { src: `/api/${kind}s/${it.number}.png`, alt: it.text, loading: "lazy" }),
  element("figcaption", {}, `${it.number} · ${it.height_mm} mm · ${it.fate}${it.torn ? " · torn" : ""}${it.codes.length ? ` · ${it.codes.join(" · ")}` : ""}`)));

const WIRES = { cctalk: "Cash devices (ccTalk)", barcode: "Barcode reader", printer: "Receipt printer (USB)", "page-printer": "Page printer (USB)", "card-reader": "Card reader (USB)", scanner: "Scanner (network)", network: "Network" };
const wires = (plugged) => Object.entries(WIRES).map(([wire, name]) => element("div", { class: "item" },
  element("div", {}, name), element("span", { class: `tag ${plugged[wire] ? "payable" : ""}`, "data-testid": `wire-${wire}-state` }, plugged[wire] ? "plugged in" : "out"),
  act(`wire-${wire}`, plugged[wire] ? "Pull out" : "Plug in", "/api/wire", { wire, plugged: !plugged[wire] })));

const PRINTER_FAULTS = ["paper-near-end", "paper-end", { "paper-left": { mm: 60 } }, "cover-open", "cover-closed", "jam", { "jam-after": { mm: 30 } }, "cutter-error", "head-hot",
  "silent", "drop-reply", "no-proof", "power-cycle", { "power-cut-after": { bytes: 400 } }];
const FAULTS = {
  validator: ["reset", "power-cycle", { jam: "safe" }, { jam: "unsafe" }, "stacker-full", "stacker-removed", "reject-all", "escrow-timeout", "stay-inhibited-for-ever",
    { "note-at-reset": "stacked" }, "unknown-code", { "route-fails": { times: 1 } }, "silent", { slow: { ms: 900 } }, { "drop-reply": { n: 1 } }, "clear"],
  "coin-acceptor": ["reset", "power-cycle", { "six-coins": { cents: 50 } }, { "swallow-coin": { reported: false } }, { "swallow-coin": { reported: true } },
    "sorter-blocked", "reject-all", "lever-open", "silent", { "drop-reply": { n: 1 } }, "clear"],
  hopper: ["reset", { "empty-after": { after: 1 } }, { jam: { after: 1 } }, { "jam-reply-lost": { after: 1 } }, { "reset-in-payout": { after: 1 } },
    { "power-cut-in-payout": { after: 1 } }, "double-coin", { nak: { times: 1 } }, "dispense-reply-lost", "disabled", "silent", "clear"],
  printer: [...PRINTER_FAULTS, "clear"],
  "page-printer": [...PRINTER_FAULTS, { "jam-in-sheet": { nth: 1 } }, { "jam-in-sheet": { nth: 2 } }, "clear"],
  card: [{ pulled: { command: 1, acted: false } }, { pulled: { command: 5, acted: true } }, { mute: { command: 1 } }, "no-atr", { slow: { millis: 3000 } },
    { "power-lost": { command: 1 } }, { garbage: { answer: 1 } }, { spoiled: { answer: 1, how: "checksum" } }, { "tries-left": { tries: 1 } },
    { "tries-left": { tries: 0 } }, "clear"],
  scanner: ["cover-open", "cover-closed", { "jam-at-sheet": { nth: 1 } }, { "jam-at-sheet": { nth: 2 } }, { "double-feed-at-sheet": { nth: 1 } },
    { "double-feed-at-sheet": { nth: 2 } }, { "mispick-at-sheet": { nth: 1 } }, { "ends-early": { after: 1 } }, { slow: { ms: 8000 } }, "busy", "deaf",
    { "cut-image": { nth: 1 } }, { "cut-image": { nth: 2 } }, { "spoilt-image": { nth: 1 } }, { unavailable: { times: 3 } }, "unplugged", "plugged", "clear"],
  barcode: ["garble", { split: { "pause_ms": 80 } }, "twice", { junk: { bytes: 5000 } }, "no-suffix", "silent", "clear"],
  line: ["silent", { baud: { rate: 9600 } }, { "garble-to-host": { n: 1 } }, { "drop-reply": { n: 1 } }, { "drop-command": { n: 1 } }, "cut", { "cut-at-command": { n: 3 } }, "clear"],
};
const words = (fault) => (typeof fault === "string" ? fault : Object.entries(fault).map(([name, value]) =>
  `${name} ${typeof value === "object" ? Object.values(value).join(" ") : value}`).join(" ")).replaceAll("-", " ");
const faultBodies = (hoppers) => Object.entries(FAULTS).flatMap(([device, list]) =>
  device === "hopper" ? hoppers.map((address) => [`hopper ${address}`, list.map((what) => [what, { device, fault: { address, what } }])])
    : [[device, list.map((fault) => [fault, { device, fault }])]]);
function faults(hoppers) {
  return faultBodies(hoppers).flatMap(([name, list]) => [element("h3", {}, name), element("div", { class: "buttons" }, ...list.map(([fault, body]) =>
    act(`fault-${name.replace(" ", "-")}-${words(fault).replaceAll(" ", "-")}`, words(fault), "/api/fault", body)))]);
}

const SEDE_FAULTS = [{ fault: "refuse" }, { fault: "hang" }, { fault: "slow", millis: 5000 }, { fault: "lose-answer" }, { fault: "cut-answer" }, { fault: "malformed-json" },
  { fault: "wrong-schema" }, { fault: "giant-body" }, { fault: "wrong-key" }, { fault: "wrong-status", status: 500 }, { fault: "unavailable" },
  { fault: "refuse-payment", code: "withdrawn", text: "Retirado por la administración" }, { fault: "expired-certificate" }, { fault: "future-certificate" }];
function sede(it) {
  const table = (name, list, cells) => [element("h3", {}, `${name} (${list.length})`), element("table", { "data-testid": `sede-${name.toLowerCase()}` },
    ...list.toReversed().map((one) => element("tr", {}, ...cells(one).map((cell) => element("td", {}, String(cell ?? ""))))))];
  return [
    element("div", { class: "buttons" }, ...SEDE_FAULTS.map((fault) => act(`sede-fault-${fault.fault}`, fault.fault.replaceAll("-", " "), "/api/sede", { do: "fault", fault },
      { class: it.faults.some((rule) => rule.fault.fault === fault.fault) ? "on" : "" })),
    act("sede-well", "answers well", "/api/sede", { do: "fault", fault: null }), act("sede-reset", "forget everything", "/api/sede", { do: "reset" }, { class: "danger" })),
    ...table("Bookings", it.bookings, (one) => [one.operation, one.bill, euros(one.amount), one.csv, one.booked_at]),
    ...table("Orders", it.orders, ({ order, booked, received }) => [order.operation, euros(order.amount), booked ? "booked" : "refused", `received ${received} ×`]),
    ...table("Events", it.events, ({ event }) => [event.at, event.kind, event.operation, event.amount == null ? "" : euros(event.amount), event.detail]),
  ];
}

$("scan-form").addEventListener("submit", (event) => {
  event.preventDefault();
  post("/api/scan", { code: $("scan-code").value });
});
$("fault-form").addEventListener("submit", (event) => {
  event.preventDefault();
  let fault;
  try { fault = JSON.parse($("fault-json").value); } catch (error) { return trouble(`That is no JSON: ${error.message}`); }
  post("/api/fault", fault);
});
for (const button of document.querySelectorAll("[data-post]"))
  button.addEventListener("click", () => post(button.dataset.post, JSON.parse(button.dataset.body)));

let logged = 0;
async function follow() {
  try {
    const answer = await fetch(`/api/console?from=${logged}`);
    const text = await answer.text();
    logged = +answer.headers.get("x-end");
    if (text) {
      const log = $("console");
      const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 40;
      log.append(text.replaceAll("\r", ""));
      if (atEnd) log.scrollTop = log.scrollHeight;
    }
  } catch { /* the lamp says that the panel is gone */ }
  setTimeout(follow, 1000);
}

// --- live --------------------------------------------------------------------------------------------------------

const lamp = (id, good, text) => { $(id).className = `lamp ${good ? "good" : "bad"}`; $(id).textContent = text; };

// Nothing is built again while a pointer is down: a button that is replaced between press and release gets no click.
let latest;
let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"])
  // The click comes before the next task.
  addEventListener(end, () => setTimeout(() => { pressed = false; if (latest) render(latest); }), true);

function render(state) {
  latest = state;
  if (pressed) return;
  lamp("lamp-board", state.board.on, state.board.on ? `board on (${state.board.accelerator})` : "board off");
  lamp("lamp-money", !state.cash_wrong, state.cash_wrong ?? "money adds up");
  if (canvas.width !== state.board.width || canvas.height !== state.board.height) {
    canvas.width = state.board.width;
    canvas.height = state.board.height;
  }
  front(state);
  show("bills", state.sede.bills, (list) => list.map(bill));
  show("cash", { ...state.cash, commands: 0 }, cash);
  show("printer", { ...state.printer, papers: 0 }, (it) => printer("printer", 80000, it));
  show("papers", state.printer.papers, (all) => papers("paper", all));
  show("page-printer", { ...state.page_printer, papers: 0 }, (it) => printer("page-printer", 120000, it));
  show("pages", state.page_printer.papers, (all) => papers("page", all));
  show("drawer", state.cards.drawer, (list) => list.map(drawn));
  show("card-truth", state.cards.reader, cardTruth);
  show("scanner", { ...state.scanner, requests: 0, sheets: 0, deliveries: 0, shelf: 0 }, scanner);
  show("shelf", state.scanner.shelf, (list) => list.map(paper));
  show("sheets", state.scanner.sheets, sheets);
  show("scans", state.scanner.deliveries, scans);
  show("wires", { ...state.board.wires, scanner: state.scanner.plugged, network: state.board.network }, wires);
  show("faults", state.cash.hoppers.map((hopper) => hopper.address), faults);
  show("sede", { ...state.sede, at: 0, bills: 0, requests: 0 }, sede);
}

async function picture(blob) {
  const context = canvas.getContext("2d");
  if (!blob.size) return context.clearRect(0, 0, canvas.width, canvas.height);
  const bitmap = await createImageBitmap(blob);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
}

function connect() {
  socket = new WebSocket(`ws://${location.host}/api/live`);
  socket.addEventListener("open", () => lamp("lamp-panel", true, "panel connected"));
  socket.addEventListener("message", ({ data }) => (typeof data === "string" ? render(JSON.parse(data)) : picture(data)));
  socket.addEventListener("close", () => {
    lamp("lamp-panel", false, "panel gone");
    setTimeout(connect, 1000);
  });
}
watchDropZone();
connect();
follow();
