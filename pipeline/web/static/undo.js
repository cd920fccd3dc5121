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
