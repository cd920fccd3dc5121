// A STAT paper that waits too long is told on any page that loads this, with a sound.
const LOOK = 15000; // ms

function beep() {
  const audio = new AudioContext();
  if (audio.state !== "running") return; // nobody has touched this page yet
  const tone = audio.createOscillator();
  tone.frequency.value = 660;
  tone.connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}

async function look() {
  let minutes = 0;
  try {
    const answer = await fetch("/queue/alarm");
    if (!answer.ok) return;
    minutes = (await answer.json()).minutes;
  } catch {
    return; // the desk is away for a moment
  }
  const shown = document.querySelector("#alarm");
  if (!minutes) {
    shown?.remove();
    return;
  }
  const told = shown ?? document.createElement("p");
  if (!shown) {
    told.id = "alarm";
    told.className = "alarm";
    told.setAttribute("role", "alert");
    document.querySelector("main").prepend(told);
    beep();
  }
  told.innerHTML = '<span class="stat">STAT</span> A paper that must not wait has waited for <span></span> minutes. <a href="/next">Take it</a>';
  told.querySelector("span:nth-of-type(2)").textContent = minutes;
}

setInterval(look, LOOK);
