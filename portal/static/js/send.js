/* Forms are sent from the page, which stays until the answer is there: a lost line loses nothing that was typed.
   Answers: where to go next (X-Go-To), the page with what is to be mended, a file, or "signed out" (401).
   Events for the other scripts: page:leaving, page:shown (another page stands here now), page:unsent, page:sent.
   Without this script a form is sent as ever. */
const HEADER = "X-Sent-By-Script";
const SLOW = 8000;
const TOO_LONG = 60000;
const bar = () => document.getElementById("send-bar");
let signedOut = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post" || !bar()) return;
  event.preventDefault();
  if (form.dataset.sending !== "yes") send(form, event.submitter);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("#send-bar [data-hide]")) say("");
});

async function send(form, submitter) {
  const button = submitter || form.querySelector("[type=submit]");
  busy(form, button, true);
  const slow = setTimeout(() => say("slow"), SLOW);
  try {
    if (signedOut && !(await signedInAgain(form))) return;
    await take(await post(form, submitter), form);
  } catch (error) {
    tell(form, "page:unsent");
    say("lost");
    if (!(error instanceof TypeError) && error.name !== "AbortError") throw error;
  } finally {
    clearTimeout(slow);
    busy(form, button, false);
  }
}

async function post(form, submitter) {
  const body = new FormData(form);
  if (submitter && submitter.name) body.append(submitter.name, submitter.value);
  const files = [...body.values()].some((value) => value instanceof File && value.size > 0);
  const stop = new AbortController();
  const timer = files ? 0 : setTimeout(() => stop.abort(), TOO_LONG);
  try {
    return await fetch(form.getAttribute("action") || location.href, {
      method: "POST",
      body: files ? body : new URLSearchParams([...body].filter(([, value]) => typeof value === "string")),
      headers: { [HEADER]: "1" },
      redirect: "manual",
      signal: stop.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function take(answer, form) {
  const next = answer.headers.get("X-Go-To");
  if (next) {
    tell(form, "page:sent");
    return go(next);
  }
  if (answer.status === 401) {
    signedOut = true;
    tell(form, "page:unsent");
    return say("ended");
  }
  if ((answer.headers.get("Content-Disposition") || "").startsWith("attachment")) return save(answer);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.status >= 500 || answer.status === 429 || answer.status === 413) {
    tell(form, "page:unsent");
    const words = [...page.querySelectorAll("#main h1, #main p")].map((one) => one.textContent.trim());
    return say("refused", words.join(" – "));
  }
  if (answer.status < 300) tell(form, "page:sent");
  show(page);
}

/* Another page stands where this one stood; its scripts are those of this page. */
function show(page) {
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  document.dispatchEvent(new Event("page:shown"));
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
  else window.scrollTo(0, 0);
}

function go(address) {
  const to = new URL(address, location.href);
  document.dispatchEvent(new Event("page:leaving"));
  say("");
  if (to.hash && to.pathname === location.pathname && to.search === location.search) {
    history.replaceState(null, "", to);
    location.reload();
  } else location.assign(to);
}

async function save(answer) {
  const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition"));
  const plain = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = named ? decodeURIComponent(named[1]) : plain ? plain[1] : "";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), TOO_LONG);
  say("");
}

/* Signed in again in another tab: the form takes the token of the new session, at the same desk only. */
async function signedInAgain(form) {
  const now = await (await fetch(bar().dataset.session)).json();
  if (!now.left || now.desk !== bar().dataset.desk) {
    tell(form, "page:unsent");
    say(now.left ? "other" : "ended");
    return false;
  }
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = now.token;
  signedOut = false;
  return true;
}

function busy(form, button, on) {
  form.dataset.sending = on ? "yes" : "";
  if (!button) return;
  button.toggleAttribute("aria-busy", on);
  if (on) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

function say(what, words = "") {
  const box = bar();
  if (!box) return;
  for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== what;
  if (words) box.querySelector("[data-words]").textContent = words;
  box.hidden = !what;
}

function tell(form, name) {
  form.dispatchEvent(new Event(name, { bubbles: true }));
}
