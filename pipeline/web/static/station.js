// The station's page looks for a change each second, and says green or red aloud.
const LOOK = 1000; // ms
const TONES = { green: [[880, 0.25]], red: [[220, 0.3], [220, 0.3], [220, 0.5]], count: [[440, 0.2]] };
const board = document.querySelector(".board");
const button = document.querySelector("#sound");
const audio = new AudioContext();

function say(state) {
  let at = audio.currentTime;
  for (const [pitch, seconds] of TONES[state] ?? []) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.3, at);
    loudness.gain.setValueAtTime(0, at + seconds);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds + 0.1;
  }
}

function said() {
  if (sessionStorage.getItem("said") === board.dataset.key) return;
  if (audio.state !== "running") {
    if (button) button.hidden = false;
    return;
  }
  sessionStorage.setItem("said", board.dataset.key);
  say(board.dataset.state);
}

button?.addEventListener("click", async () => {
  await audio.resume();
  button.hidden = true;
  say("green");
});
audio.addEventListener("statechange", said);

async function look() {
  try {
    const name = new URLSearchParams(location.search).get("name") ?? "";
    const answer = await fetch(`/station/state?name=${encodeURIComponent(name)}`);
    const now = await answer.json();
    const typing = document.activeElement?.matches("input, select");
    if (answer.ok && now.key !== board.dataset.key && !typing) location.reload();
  } catch {
    // the desk is away for a moment: the next look will tell
  }
}

said();
setInterval(look, LOOK);
