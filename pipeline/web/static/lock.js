// Locks the desk when nobody moved for [web] idle_minutes, in any of its windows.
// A screen that holds something unsent keeps it when it hears the event "desk:lock".
const idle = Number(document.body.dataset.idleMinutes) * 60_000;
const token = document.querySelector('meta[name="csrf-token"]').content;
const SHARED = "desk.moved"; // the windows of one browser idle together
const LOOK = Math.min(5_000, idle / 4);
const TELL = Math.min(60_000, idle / 3); // a reader asks the server for nothing
let told = Date.now();

const moved = () => localStorage.setItem(SHARED, String(Date.now()));
const lastMove = () => Number(localStorage.getItem(SHARED)) || 0;
const say = (path) => fetch(path, { method: "POST", headers: { "X-CSRF-Token": token } });

async function lock() {
  dispatchEvent(new Event("desk:lock"));
  clearInterval(looking);
  await say("/lock").catch(() => {});
  location.replace(`/unlock?next=${encodeURIComponent(location.pathname)}`);
}

async function look() {
  const now = Date.now();
  if (now - lastMove() >= idle) {
    await lock();
  } else if (lastMove() > told && now - told >= TELL) {
    told = now;
    const answer = await say("/alive").catch(() => null);
    if (answer?.status === 401) await lock();
  }
}

// a page that the browser kept for its back button asks again who is here
addEventListener("pageshow", (shown) => shown.persisted && location.reload());
moved();
for (const move of ["pointerdown", "pointermove", "keydown", "wheel"]) {
  addEventListener(move, moved, { passive: true });
}
const looking = setInterval(look, LOOK);
