/* An interview's answers until they are sealed: in the page, and after a consent once per device on it, encrypted.
   <form data-draft="name" data-draft-key="secret of account and interview">, beside it #draft with its words.
   The key of a draft is made from a key of this device that no script can read out, and the server's part. */
const STORE = "ita-drafts";
const CONSENT = "ita-draft-consent";
const KEPT_FOR = 12 * 3600 * 1000;
const form = () => document.querySelector("form[data-draft]");
const box = () => document.getElementById("draft");

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function room(kind, mode) {
  const open = indexedDB.open(STORE, 1);
  open.onupgradeneeded = () => { open.result.createObjectStore("keys"); open.result.createObjectStore("drafts"); };
  return (await asked(open)).transaction(kind, mode).objectStore(kind);
}

async function deviceKey() {
  const found = await asked((await room("keys", "readonly")).get("device"));
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  await asked((await room("keys", "readwrite")).add(made, "device"));
  return made;
}

async function keyOf(one) {
  const part = new TextEncoder().encode(one.dataset.draftKey);
  const bytes = await crypto.subtle.sign("HMAC", await deviceKey(), part);
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function keep(one) {
  const chosen = [...one.querySelectorAll("input[type=radio]:checked")].map((radio) => [radio.name, radio.value]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(chosen));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(one), plain);
  await asked((await room("drafts", "readwrite")).put({ iv, sealed, at: Date.now() }, one.dataset.draft));
}

async function restore(one) {
  const found = await asked((await room("drafts", "readonly")).get(one.dataset.draft));
  if (!found || Date.now() - found.at > KEPT_FOR) return 0;
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, await keyOf(one), found.sealed);
  let count = 0;
  for (const [name, value] of JSON.parse(new TextDecoder().decode(plain))) {
    const radios = [...one.querySelectorAll("input[type=radio]")].filter((radio) => radio.name === name);
    const radio = radios.find((each) => each.value === value);
    if (!radio || radios.some((each) => each.checked)) continue;
    radio.checked = true;
    count += 1;
  }
  if (count) one.dispatchEvent(new Event("change", { bubbles: true }));
  return count;
}

async function erase(name) {
  await asked((await room("drafts", "readwrite")).delete(name));
}

async function eraseOld() {
  const drafts = await room("drafts", "readwrite");
  const walk = drafts.openCursor();
  walk.onsuccess = () => {
    if (!walk.result) return;
    if (Date.now() - walk.result.value.at > KEPT_FOR) walk.result.delete();
    walk.result.continue();
  };
}

function say(what, count = 0) {
  for (const part of box().querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== what && !(part.dataset.when === "back" && count > 0);
  }
  for (const place of box().querySelectorAll("[data-count]")) place.textContent = String(count);
  box().hidden = false;
}

async function begin() {
  const one = form();
  if (!one || !box() || !window.indexedDB || !window.crypto?.subtle) return;
  const consent = localStorage.getItem(CONSENT);
  await eraseOld();
  const count = consent === "yes" ? await restore(one).catch(() => 0) : 0;
  // a page that came back (another language, a question without an answer) is kept as it is shown
  if (consent === "yes" && one.querySelector("input[type=radio]:checked")) await keep(one);
  if (consent === null) say("ask");
  else say(consent === "yes" ? "kept" : "no", count);
}

document.addEventListener("change", (event) => {
  if (form()?.contains(event.target) && localStorage.getItem(CONSENT) === "yes") keep(form());
});
document.addEventListener("page:sent", () => {
  if (form()) erase(form().dataset.draft);
});
document.addEventListener("click", async (event) => {
  const answer = event.target.closest("#draft [data-consent]")?.dataset.consent;
  if (!answer) return;
  localStorage.setItem(CONSENT, answer);
  if (answer === "yes") await keep(form());
  else await erase(form().dataset.draft);
  say(answer === "yes" ? "kept" : "no");
});
document.addEventListener("page:shown", begin);
begin();
