// A list walked by keys: what is right is agreed to, what is not is opened.

const SETTLE = 250; // ms after a page came, in which a key on its way is not meant for it
const NEXT = ["j", "ArrowDown", "ArrowRight"], BEFORE = ["k", "ArrowUp", "ArrowLeft"];
const born = performance.now();
const papers = [...document.querySelectorAll(".walk > li")];
const dialog = document.querySelector("#keys");
let marked = null, onTheirWay = 0;

function mark(paper, follow = true) {
  if (!paper) return;
  marked?.removeAttribute("aria-current");
  marked = paper;
  paper.setAttribute("aria-current", "true");
  paper.focus({preventScroll: true});
  if (follow) paper.scrollIntoView({block: "nearest"});
}

function step(by) { mark(papers[papers.indexOf(marked) + by]); }

// The next that nobody has agreed to or stumbled over.
function advance() {
  const at = papers.indexOf(marked), order = [...papers.slice(at + 1), ...papers.slice(0, at + 1)];
  mark(order.find((paper) => !paper.dataset.done));
}

// When all are agreed to, what follows; u has a moment to come before.
function finish() {
  if (!onTheirWay && papers.every((paper) => paper.dataset.done === "agreed")) setTimeout(() => location.reload(), 600);
}

async function agree(form) {
  const paper = form.closest("li"), told = paper.querySelector(".told");
  if (paper.dataset.done) return;
  paper.dataset.done = "sent";
  onTheirWay++;
  advance();
  const answer = await fetch(form.action, {method: "POST", body: new FormData(form), redirect: "manual", keepalive: true}).catch(() => null);
  onTheirWay--;
  if (answer?.status === 401) { location.reload(); return; }
  const kept = answer?.type === "opaqueredirect"; // it leads back here: it was kept
  paper.dataset.done = kept ? "agreed" : "refused";
  form.querySelector("button").hidden = true;
  told.textContent = kept ? "Sent." : await why(answer);
  told.classList.toggle("wrong", !kept);
  const back = paper.querySelector(".back");
  if (kept && back) { back.hidden = false; papers.last = back; }
  finish();
}

async function why(answer) {
  if (!answer) return "The desk did not answer: load the page again.";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("main h1, main p")?.textContent.trim() || "It was not kept: open it.";
}

for (const form of document.querySelectorAll(".agree"))
  form.addEventListener("submit", (event) => { event.preventDefault(); if (performance.now() - born >= SETTLE) agree(form); });
for (const paper of papers) paper.addEventListener("focusin", () => { if (marked !== paper) mark(paper); });
document.querySelector(".open-keys").addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (event.target.closest("input, textarea, select")) return;
  const {key} = event;
  if (NEXT.includes(key)) step(1);
  else if (BEFORE.includes(key)) step(-1);
  else if (event.repeat || performance.now() - born < SETTLE) return; // one key, one answer
  else if (key === "Enter" && !event.target.closest("button, a, summary")) right();
  else if (key === "o") marked?.querySelector("a.open").click();
  else if (key === "u") (papers.last?.querySelector("button") ?? document.querySelector("#undo"))?.click();
  else if (key === "f") document.querySelector('[data-key="f"]')?.click();
  else if (key === "q") location.href = "/";
  else if (key === "?") dialog.showModal();
  else return;
  event.preventDefault();
});

function right() {
  const form = marked?.querySelector(".agree");
  if (form) agree(form); else marked?.querySelector("a.open").click();
}

mark(papers[0], false);
