/* <form data-live>: its preview and faults follow what is typed into <textarea data-words>; without this script a
   button shows them. <button data-insert="words" data-after="words"> puts words where the person writes, a fault's
   link goes to its place. */
const WAIT = 800;
let timer = 0;
let asked = null;

const form = () => document.querySelector("form[data-live]");
const text = () => form()?.querySelector("textarea[data-words]");

async function look(one) {
  asked?.abort();
  asked = new AbortController();
  const body = new URLSearchParams([...new FormData(one)].filter(([, value]) => typeof value === "string"));
  body.set("do", "preview");
  try {
    const answer = await fetch(location.href, {
      method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual", signal: asked.signal,
    });
    if (answer.status !== 200) return; // signed out, or the line is cut: saving says so
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["faults", "preview"]) {
      const part = parts.getElementById(id);
      if (part) document.getElementById(id).replaceWith(document.adoptNode(part));
    }
  } catch (error) {
    if (!(error instanceof TypeError) && error.name !== "AbortError") throw error;
  }
}

function later(event) {
  const one = event.target.closest("form[data-live]");
  if (!one) return;
  clearTimeout(timer);
  timer = setTimeout(() => { if (one.isConnected) look(one); }, WAIT);
}

function insert(button) {
  const field = text();
  const { selectionStart: begin, selectionEnd: end } = field;
  const chosen = field.value.slice(begin, end);
  const after = button.dataset.after || "";
  field.focus();
  field.setRangeText(button.dataset.insert + (after ? chosen + after : ""), begin, end, "end");
  if (after) field.selectionStart = field.selectionEnd = field.selectionEnd - after.length;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Lines and signs are counted from 1; a sign outside the first plane is one. */
function go(link) {
  const field = text();
  const lines = field.value.split("\n").slice(0, Number(link.dataset.line));
  const last = lines.pop() ?? "";
  const begin = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const place = begin + [...last].slice(0, Number(link.dataset.column) - 1).join("").length;
  field.focus();
  field.setSelectionRange(place, Math.min(place + 1, begin + last.length));
  const share = place / Math.max(field.value.length, 1);
  field.scrollTop = Math.max(0, share * field.scrollHeight - field.clientHeight / 2);
  field.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", later);
document.addEventListener("change", later);
document.addEventListener("submit", () => clearTimeout(timer));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button && text()) return insert(button);
  const link = event.target.closest("#faults a[data-line]");
  if (link && text()) {
    event.preventDefault();
    go(link);
  }
});

/* What was typed before this script came, or came back with Back, is looked at as well. */
if (text() && text().value !== text().defaultValue) look(form());
