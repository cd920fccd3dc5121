// Data entry as one: the page, a line for each field, keys. Works without this, but slower.

import {Sheets} from "./sheets.js";

const root = document.querySelector(".review");
const at = root.dataset.at;
const dialog = document.querySelector("#keys");
const VIEWS = {j: "next", k: "previous", z: "in", x: "out", 0: "fit", w: "width", r: "rotate"};
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
let active = null, keeping = Promise.resolve(true);

root.classList.add("live");
const sheets = new Sheets(root, fromImage, null)
const lines = () => [...root.querySelectorAll("form.line")];
const input = (line) => line.querySelector("[name=value]");
for (const line of lines()) listen(line);
for (const button of root.querySelectorAll(".another")) button.addEventListener("click", () => another(button.dataset.table));
root.querySelector("[action$='/finish']").addEventListener("submit", finish);
document.querySelector(".open-keys")?.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
document.addEventListener("keydown", pageKey);
onward(null);

function listen(line) {
  const own = input(line);
  own.addEventListener("focus", () => { mark(line); own.select?.(); });
  own.addEventListener("keydown", (event) => key(event, line));
  own.addEventListener("input", () => line.classList.remove("kept", "differs"));
  line.addEventListener("submit", (event) => { event.preventDefault(); keep(line).then((kept) => { if (kept) onward(line); }); });
}

function mark(line) {
  active = line;
  for (const other of lines()) other.classList.toggle("active", other === line);
  sheets.light(line.dataset.line);
  line.scrollIntoView({block: "nearest"});
}

// To the next open line behind this one, else to the first open one, else to the button.
function onward(line) {
  const all = lines(), open = all.filter((one) => !one.classList.contains("kept"));
  const from = line ? all.indexOf(line) : -1;
  const next = open.find((one) => all.indexOf(one) > from) ?? open[0];
  document.querySelector("#left").textContent = `${open.length} open`;
  (next ? input(next) : document.querySelector("#finish")).focus();
}

function key(event, line) {
  if (event.isComposing) return;
  const all = lines(), here = all.indexOf(line), select = input(line).tagName === "SELECT";
  if (event.key === "Enter") {
    event.preventDefault();
    if (event.repeat) return;
    if (event.ctrlKey || event.metaKey) document.querySelector("#finish").form.requestSubmit();
    else if (event.shiftKey) keepRow(line);
    else line.requestSubmit();
  } else if (event.key === "Escape") input(line).blur();
  else if (!select && event.key === "ArrowUp" && here > 0) { event.preventDefault(); input(all[here - 1]).focus(); }
  else if (!select && event.key === "ArrowDown" && here < all.length - 1) { event.preventDefault(); input(all[here + 1]).focus(); }
  else if (event.key === "ArrowRight" && !input(line).value && line.dataset.unsure) { event.preventDefault(); fill(line, line.dataset.unsure); }
}

function pageKey(event) {
  if (dialog.open || event.altKey || event.metaKey) return;
  if (event.target.closest("input, select, textarea")) return;
  if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); document.querySelector("#finish").form.requestSubmit(); return; }
  if (event.ctrlKey || (event.key === "Enter" && event.target.closest("button, a"))) return;
  if (event.key === "Enter" && active) input(active).focus();
  else if (event.key in VIEWS) sheets.act(VIEWS[event.key]);
  else if (event.key in ARROWS) sheets.move(...ARROWS[event.key]);
  else if (event.key === "?") dialog.showModal();
  else if (event.key === "+") { const button = root.querySelector(".another"); if (!button) return; button.click(); }
  else return;
  event.preventDefault();
}

// One after the other, so that a quick hand's keys arrive in their order.
function keep(line) {
  const data = new FormData(line);
  keeping = keeping.then(() => send(line, data));
  return keeping;
}

async function send(line, data) {
  const fault = line.querySelector(".fault");
  let told = {};
  try {
    const answer = await fetch(`${at}/key`, {method: "POST", body: data, headers: {Accept: "application/json"}});
    told = await answer.json();
  } catch { told = {wrong: "This was not kept: the desk did not answer. Press Enter again."}; }
  fault.textContent = told.wrong ?? "";
  if (told.wrong !== undefined) { input(line).focus(); return false; }
  if (input(line).value === data.get("value")) {
    input(line).value = told.value;
    line.classList.add("kept");
  }
  line.classList.toggle("differs", Boolean(told.differs));
  return true;
}

// Of a row what was read surely is kept at one stroke; what is blind or open is not.
async function keepRow(line) {
  const group = lines().filter((one) => one.closest(".group") === line.closest(".group"));
  for (const one of group.slice(group.indexOf(line))) {
    if (one !== line && (!("read" in one.dataset) || one.classList.contains("kept"))) {
      if (one.classList.contains("kept")) continue;
      break;
    }
    if (!await keep(one)) return;
  }
  onward(line);
}

function fill(line, value) {
  input(line).value = value;
  line.classList.remove("kept", "differs");
}

async function fromImage(n, box) {
  const line = active;
  if (!line || "blind" in line.dataset) return;
  const data = new FormData(line);
  for (const [name, value] of Object.entries({...box, field: line.dataset.field})) data.set(name, value);
  const answer = await fetch(`${at}/pages/${n}/words`, {method: "POST", body: data});
  if (!answer.ok) return;
  const {text} = await answer.json();
  if (text) { fill(line, text); line.querySelector("[name=page]").value = n; }
  input(line).focus();
}

function another(table) {
  const made = root.querySelector(`template[data-table="${table}"]`), row = made.dataset.row++;
  const copy = document.importNode(made.content, true).firstElementChild;
  const walk = document.createTreeWalker(copy, NodeFilter.SHOW_ELEMENT);
  for (let node = walk.currentNode; node; node = walk.nextNode())
    for (const one of [...node.attributes]) if (one.value.includes("ROW")) node.setAttribute(one.name, one.value.replace("ROW", row));
  const title = copy.querySelector("h2");
  title.textContent = title.textContent.replace("ROW", row);
  root.querySelector(`.another[data-table="${table}"]`).closest("p").before(copy);
  for (const line of copy.querySelectorAll("form.line")) { line.querySelector("[name=page]").value = sheets.n; listen(line); }
  input(copy.querySelector("form.line")).focus();
}

// What is on its way arrives first.
function finish(event) {
  const form = event.target;
  if (form.dataset.sent) return;
  event.preventDefault();
  keeping.then(() => { form.dataset.sent = "yes"; form.submit(); });
}
addEventListener("pageshow", () => { delete root.querySelector("[action$='/finish']").dataset.sent; });
