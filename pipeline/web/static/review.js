// The review screen as one: pages, page, form, keys. Works without this, but slower.

import {Sheets} from "./sheets.js";
import {Fields} from "./fields.js";
import {Options} from "./options.js";
import {keys} from "./keys.js";

const root = document.querySelector(".review");
const form = document.querySelector("#answer");
const here = `/documents/${root.dataset.document}`;
const WAIT = 120, DRAFT = 400, LOOK = 700; // ms: between keys, of rest, between looks

async function send(path, fields) {
  const data = new FormData(), token = document.querySelector("meta[name=csrf-token]").content;
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return fetch(path, {method: "POST", body: data, headers: {"X-CSRF-Token": token}});
}

function text(tag, words, kind) {
  const node = document.createElement(tag);
  node.textContent = words;
  if (kind) node.className = kind;
  return node;
}

root.classList.add("live");
let fields = null;
const kept = new Map(); // how the server holds a page to stand, where it was turned here
let turning = null; // the turns that are on their way
const sheets = new Sheets(root, fromImage, form ? keepTurn : null);
document.addEventListener("submit", afterTurns, true);

if (form) {
  fields = new Fields(form, (field) => sheets.light(field));
  searchPatients();
  searchTypes();
}
keys({form, fields, sheets}); // before the draft: what it forbids is not sent
if (form) {
  keepDraft();
  fields.begin(root.dataset.doubt);
}
for (const row of document.querySelectorAll(".waterfall tr[data-box]"))
  row.addEventListener("click", () => sheets.look(+row.dataset.page, row.dataset.box));
if ("beingRead" in root.dataset) waitForReading();

// A turn stays, for the next who looks and in what is filed; one after the other.
function keepTurn(n, turn) {
  const before = turning ?? Promise.resolve();
  const mine = before.then(() => send(`${here}/pages/${n}/turn`, {turn})).catch(() => null).then((answer) => {
    if (answer?.ok) kept.set(n, turn); else notTurned(n);
    if (turning === mine) turning = null;
  });
  turning = mine;
}

function notTurned(n) {
  const stood = kept.get(n) ?? +sheets.figures[n - 1].querySelector("svg").dataset.turn;
  sheets.stand(n, stood);
  const told = text("p", "The page could not be turned: it is answered, or in other hands. Load it again.", "wrong");
  told.setAttribute("role", "alert");
  root.querySelector(".work").prepend(told);
}

// Nothing is sent before the turns: what is answered or cut cannot be turned any more.
async function afterTurns(event) {
  if (!turning) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const {target, submitter} = event;
  while (turning) await turning;
  target.requestSubmit(submitter);
}

async function fromImage(n, box) {
  const field = fields?.marked;
  const input = field && fields.input(field);
  if (!input || field === "stay") return;
  const answer = await send(`${here}/pages/${n}/words`, {...box, field});
  if (!answer.ok) return;
  const {text: words} = await answer.json();
  if (!words) return;
  const more = input.value && field === "patient" ? `${input.value} ` : "";
  input.value = more + words;
  input.focus();
  input.dispatchEvent(new Event("input", {bubbles: true}));
  if (field === "date") fields.changed(input);
}

function searchPatients() {
  const input = form.querySelector("#search");
  let last = 0;
  new Options(input, document.querySelector("#found"), async (words) => {
    const mine = ++last;
    await new Promise((done) => setTimeout(done, WAIT));
    if (mine !== last) return [];
    const answer = await send(`${here}/people`, {text: words});
    if (!answer.ok) return [];
    return (await answer.json()).map((one) => ({...one, told: told(one)}));
  }, (one) => choosePatient(one, input), fileIt);
}

// As Shift with a number: file when that was the last thing to choose.
function fileIt() {
  if (!fields.open.length) form.querySelector("#file").click();
}

function told(one) {
  const nodes = [text("b", one.name), ` born ${one.born || "unknown"} · ${one.sex || "sex unknown"} · MRN ${one.mrn}`];
  if (one.where) nodes.push(text("span", one.where, "apart"));
  if (one.formerly.length) nodes.push(text("span", `formerly ${one.formerly.join("; ")}`, "apart"));
  if (one.died) nodes.push(text("span", `died ${one.died}`, "apart"));
  for (const kind of new Set([...one.alike, ...one.same_name.map((mrn) => `same name as MRN ${mrn}`)])) nodes.push(" ", text("strong", kind, "kind"));
  return nodes;
}

// The person stands in the form with all that tells them apart: this is the showing back.
function choosePatient(one, input) {
  const people = form.querySelector(".people");
  let radio = [...people.querySelectorAll("[name=mrn]")].find((other) => other.value === one.mrn);
  if (!radio) {
    people.querySelector(".candidate.looked-up")?.remove();
    const label = text("label", "", "candidate chosen looked-up"), words = document.createElement("span");
    radio = Object.assign(document.createElement("input"), {type: "radio", name: "mrn", value: one.mrn});
    radio.dataset.nth = people.children.length + 1;
    words.append(text("kbd", radio.dataset.nth), " ", ...one.told);
    label.append(radio, words);
    people.append(label);
  }
  radio.checked = true;
  form.querySelector("[name=confirmed]").value = one.mrn;
  input.value = "";
  fields.changed(radio);
  fields.advance();
}

function searchTypes() {
  const select = form.querySelector("#type");
  const all = [...select.options].filter((option) => option.value).map((option) => ({
    value: option.value, title: option.text, words: `${option.text} ${option.dataset.words}`.toLowerCase().split(/[\s_,/]+/),
  }));
  const input = Object.assign(document.createElement("input"), {id: "type-search", placeholder: "title, LOINC, key or synonym"});
  for (const [name, value] of Object.entries({role: "combobox", "aria-expanded": "false", "aria-controls": "types-found", "aria-autocomplete": "list", "aria-label": "Type"})) input.setAttribute(name, value);
  const list = Object.assign(document.createElement("ul"), {id: "types-found", className: "options", hidden: true});
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Types found");
  select.closest("label").after(input, list);
  select.closest("label").hidden = true;
  select.closest("label").style.display = "none";
  input.style.width = "100%";
  const show = () => { input.value = select.value ? select.selectedOptions[0].text : ""; };
  const options = new Options(input, list, (typed) => fitting(all, typed), (one) => { fields.set("type", one.value); fields.advance(); }, fileIt);
  options.first = true;
  select.addEventListener("change", show);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", show);
  show();
}

// Each typed word begins a word of the type; those whose title begins so come first.
function fitting(all, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fit = all.filter((one) => words.every((word) => one.words.some((own) => own.startsWith(word))));
  const rank = (one) => (one.title.toLowerCase().startsWith(typed.toLowerCase()) ? 0 : 1);
  return fit.sort((a, b) => rank(a) - rank(b)).slice(0, 12).map((one) => ({...one, told: [text("b", one.title), " ", text("span", one.value, "quiet")]}));
}

function keepDraft() {
  let timer = 0, sent = false;
  const keep = () => {
    if (sent) return;
    const data = new FormData(form);
    data.delete("action");
    navigator.sendBeacon(`${here}/draft`, data);
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(() => { timer = 0; keep(); }, DRAFT); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", () => { if (timer) keep(); });
  document.addEventListener("visibilitychange", () => { if (timer && document.hidden) keep(); });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent) event.preventDefault(); // a second Enter on its way
    sent = true;
    clearTimeout(timer);
    timer = 0;
  });
  addEventListener("pageshow", () => { sent = false; });
}

async function waitForReading() {
  for (;;) {
    await new Promise((done) => setTimeout(done, LOOK));
    const answer = await fetch(`${here}/read`);
    if (!answer.ok) return;
    if ((await answer.json()).read) { location.reload(); return; }
  }
}
