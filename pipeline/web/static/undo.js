// What was sent may be taken back: says how long, and goes when it is too late.

const forms = [...document.querySelectorAll(".undo form")];

function tick() {
  for (const form of forms) {
    const left = Math.ceil((new Date(form.dataset.until) - Date.now()) / 1000);
    form.hidden = left <= 0;
    form.querySelector(".left").textContent = left > 0 ? `(${left} s)` : "";
  }
}

tick();
if (forms.length) setInterval(tick, 500);

// Where a page has a sheet of keys, it presses these itself.
if (!document.querySelector("#keys"))
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("input, textarea, select")) return;
    if (event.key === "u" || event.key === "f") document.querySelector(`[data-key="${event.key}"]`)?.click();
  });
