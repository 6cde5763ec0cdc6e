/* <section data-compare> with <code data-sha256 data-same="words">: a file that is chosen or dropped is compared with
   these hashes. It is read and hashed here; nothing of it is sent anywhere. Without this script, or where the browser
   does not hash, the page says how to compare by hand (data-by-hand). */
const LARGEST = 64 * 2 ** 20;

function comparing(root) {
  for (const box of root.querySelectorAll("[data-compare]")) {
    if (!window.crypto || !crypto.subtle) continue;
    box.querySelector("[data-drop]").hidden = false;
    box.querySelector("[data-by-hand]").open = false;
    const field = box.querySelector("input[type=file]");
    field.addEventListener("change", () => compare(box, field.files[0]));
    dropping(box, field);
  }
}

/* The whole card takes what is dropped; a file that misses it would be opened in place of the page. */
function dropping(box, field) {
  let inside = 0;
  const light = (by) => {
    inside += by;
    box.classList.toggle("is-over", inside > 0);
  };
  box.addEventListener("dragenter", () => light(1));
  box.addEventListener("dragleave", () => light(-1));
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    light(-inside);
    if (event.dataTransfer.files.length === 0) return;
    field.value = "";
    compare(box, event.dataTransfer.files[0]);
  });
}

async function compare(box, file) {
  if (!file) return;
  const turn = (box.dataset.turn = String(Number(box.dataset.turn || 0) + 1)); // a later file is the one that counts
  say(box, "busy", file.name, "");
  const hash = await hashed(file);
  if (box.dataset.turn !== turn) return;
  if (hash === null) return say(box, "unread", file.name, "");
  const same = [...box.querySelectorAll("[data-sha256]")].find((one) => one.dataset.sha256 === hash);
  say(box, same ? "same" : "other", file.name, same ? same.dataset.same : hash);
}

/* The hash of a file; "" for one that is larger than any letter; null where it cannot be read. */
async function hashed(file) {
  if (file.size > LARGEST) return "";
  try {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return null;
  }
}

/* Show one of the prepared answers, with the file's name and what there is to add. */
function say(box, name, file, more) {
  for (const answer of box.querySelectorAll("[data-answer]")) {
    answer.hidden = answer.dataset.answer !== name;
    if (answer.hidden) continue;
    answer.querySelector("[data-file]").textContent = file;
    const place = answer.querySelector("[data-more]");
    if (place) place.textContent = more;
  }
}

comparing(document);
