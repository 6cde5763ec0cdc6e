/* Rows are dragged to another place: a [data-list] holds rows [data-code], each with a [data-grip]. Lists of one name exchange
   rows; data-in says in what a list stands. Let go, the form #acts is sent as the buttons of the row send it: the page that
   comes has the row at its place. Escape, or a place that is none, leaves all as it was. */
const EDGE = 90;
const STEP = 14;
const form = () => document.getElementById("acts");
let held = null;

function grips() {
  if (!form()) return;
  for (const grip of document.querySelectorAll("[data-grip]")) grip.hidden = false;
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button || held || !form()) return;
  event.preventDefault();
  const row = grip.closest("[data-code]");
  const mark = document.createElement("div");
  mark.className = "ita-mark-place";
  held = { row, mark, name: row.parentElement.dataset.list, x: event.clientX, y: event.clientY };
  row.classList.add("is-held");
  grip.setPointerCapture(event.pointerId);
  held.timer = setInterval(scroll, 30);
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  held.x = event.clientX;
  held.y = event.clientY;
  place();
});
document.addEventListener("pointerup", () => held && drop());
document.addEventListener("pointercancel", () => held && leave());
document.addEventListener("keydown", (event) => { if (held && event.key === "Escape") leave(); });

/* Near the edge of the screen the page goes along. */
function scroll() {
  const by = held.y < EDGE ? -STEP : held.y > innerHeight - EDGE ? STEP : 0;
  if (!by) return;
  window.scrollBy(0, by);
  place();
}

function place() {
  const { row, mark, name, x, y } = held;
  const below = document.elementFromPoint(x, y);
  if (!below) return;
  const lists = `[data-list="${CSS.escape(name)}"]`;
  const list = below.closest(lists) || below.closest("section")?.querySelector(lists);
  if (!list) return;
  const next = rows(list, row).find((other) => {
    const box = other.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  list.insertBefore(mark, next || null);
}

function rows(list, besides) {
  return [...list.children].filter((one) => one.dataset.code !== undefined && one !== besides);
}

function drop() {
  const { row, mark } = held;
  const list = mark.parentElement;
  if (!list || mark.nextElementSibling === row || mark.previousElementSibling === row) return leave();
  const before = rows(list, row).filter((one) => one.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING);
  const said = { act: "move", thing: list.dataset.thing, code: row.dataset.code, to: before.length + 1 };
  if (list.dataset.in) said.indicator = list.dataset.in;
  clearInterval(held.timer);
  send(said);
}

function send(said) {
  const button = document.createElement("button");
  button.name = "do";
  button.value = new URLSearchParams(said).toString();
  button.hidden = true;
  form().append(button);
  form().requestSubmit(button);
  button.remove();
  held.sent = true;
}

function leave() {
  clearInterval(held.timer);
  held.mark.remove();
  held.row.classList.remove("is-held");
  held = null;
}

document.addEventListener("page:unsent", () => held && leave());
document.addEventListener("page:shown", () => { held = null; grips(); });
grips();
