// The keyboard: one key, one thing; nothing while somebody types, but Escape.

const SETTLE = 250; // ms after a page came, in which a key on its way is not meant for it
const VIEWS = {j: "next", PageDown: "next", k: "previous", PageUp: "previous", "+": "in", "=": "in", "-": "out", 0: "fit", w: "width"};
const TURNS = {r: "rotate", R: "back"};
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
const FIELDS = {p: "patient", t: "type", d: "date", e: "stay"};
const PANELS = {n: "unknown", c: "unreadable", y: "reject", h: "hold", x: "aside"};

export function keys({form, fields, sheets}) {
  const born = performance.now();
  const dialog = document.querySelector("#keys");
  let panel = null; // whose numbers are meant
  document.querySelector(".open-keys")?.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
  form?.addEventListener("submit", (event) => { if (performance.now() - born < SETTLE) event.preventDefault(); });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.repeat && !(event.key in VIEWS) && !(event.key in ARROWS)) { event.preventDefault(); return; }
    if (event.key === "Escape") { leave(event.target); return; }
    if (typing(event.target) && !untouched(event)) return;
    if (press(event)) event.preventDefault();
  });

  function leave(target) {
    panel = null;
    if (typing(target)) (target.closest("fieldset[data-field]") ?? document.querySelector("#file"))?.focus();
  }

  function press(event) {
    const {key} = event;
    if (event.shiftKey && /^Digit[1-9]$/.test(event.code)) return andFile(event.code.at(-1));
    if (/^[1-9]$/.test(key)) return number(key);
    if (key in VIEWS) { sheets.act(VIEWS[key]); return true; }
    if (key in TURNS) { sheets.act(TURNS[key]); return true; }
    if (key in ARROWS && event.target.type !== "radio") { sheets.move(...ARROWS[key]); return true; }
    if (key === "?") { dialog.showModal(); return true; }
    if (key === "q") { location.href = "/"; return true; }
    if (key === "s") return click(document.querySelector(`[data-split="${sheets.n}"]`));
    if (key === "v") { document.querySelector("#evidence")?.scrollIntoView(); return true; }
    if (key === "o") return focus(document.querySelector("#notes"));
    if (key in FIELDS && fields) return focus(fields.input(FIELDS[key]));
    if (key in PANELS) return open(document.getElementById(PANELS[key]));
    if (key === "Enter") return enter(event.target);
    return click(document.querySelector(`[data-key="${CSS.escape(key)}"]`));
  }

  function number(key) {
    if (panel) return click(panel.querySelector(`[data-nth="${key}"]`));
    return fields ? fields.choose(key) : false;
  }

  // Choose, and file when that was the last thing to choose.
  function andFile(nth) {
    if (!number(nth)) return false;
    if (fields && !panel && !fields.open.length) form.querySelector("#file").click();
    return true;
  }

  function open(found) {
    if (!found) return false;
    panel = found;
    if (found.tagName === "DETAILS") found.open = true;
    found.scrollIntoView({block: "nearest"});
    const wanted = found.querySelector("button[data-nth]") ?? found.querySelector("input:not([type=hidden])");
    return focus(wanted);
  }

  // On a button or link Enter is the browser's; elsewhere it leads to what is open.
  function enter(target) {
    if (!fields || target.closest("button, a, summary, input, select")) return false;
    if (fields.open.length) fields.advance(); else form.querySelector("#file").click();
    return true;
  }

  function focus(node) { node?.focus(); return Boolean(node); }
  function click(node) { node?.click(); return Boolean(node); }
}

function typing(node) {
  if (node.tagName === "TEXTAREA" || node.tagName === "SELECT") return true;
  return node.tagName === "INPUT" && !["radio", "checkbox", "hidden"].includes(node.type);
}

// In the type's input Shift with a number chooses, as long as nothing was typed there;
// a number alone may begin a LOINC code.
function untouched(event) {
  const {target} = event;
  if (target.id !== "type-search" || !event.shiftKey || !/^Digit[1-9]$/.test(event.code)) return false;
  return target.selectionStart === 0 && target.selectionEnd === target.value.length;
}
