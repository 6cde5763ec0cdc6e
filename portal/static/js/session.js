/* Some minutes before a session ends a bar says so, with one press to stay. The time is the server's. */
const EVERY = 5000;
const ASK_AGAIN = 20000;
const bar = () => document.getElementById("session-bar");
let idle = 0;
let last = 0;
let asked = 0;

function learn(left, most) {
  idle = Date.now() + left * 1000;
  last = Date.now() + most * 1000;
}

async function look() {
  const box = bar();
  if (!box) return;
  const warn = Number(box.dataset.warn) * 1000;
  if (Math.min(idle, last) - Date.now() <= warn && Date.now() - asked > ASK_AGAIN) {
    asked = Date.now();
    try {
      const now = await (await fetch(box.dataset.session)).json();
      learn(now.left, now.last); // another tab may have been in use
    } catch {
      // no line: what is known here goes on
    }
  }
  const left = Math.min(idle, last) - Date.now();
  const state = left <= 0 ? "ended" : last <= idle ? "last" : "idle";
  for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  const minutes = String(Math.max(1, Math.ceil(left / 60000)));
  for (const place of box.querySelectorAll("[data-minutes]")) {
    if (place.textContent !== minutes) place.textContent = minutes;
  }
  box.hidden = left > warn;
}

async function stay() {
  const box = bar();
  try {
    const now = await (await fetch(box.dataset.session)).json();
    const body = new URLSearchParams({ csrf_token: now.token });
    const answer = await fetch(box.dataset.stay, { method: "POST", body, redirect: "manual" });
    if (answer.ok) {
      const then = await answer.json();
      learn(then.left, then.last);
    }
  } catch {
    asked = 0;
  }
  look();
}

function begin() {
  const box = bar();
  if (!box) return;
  learn(Number(box.dataset.left), Number(box.dataset.last));
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-stay]")) stay();
  });
  look();
}

begin();
document.addEventListener("page:shown", begin);
document.addEventListener("visibilitychange", look);
setInterval(look, EVERY);
