/* <form data-passkey="create|get" data-options="address">: before it is sent, the device makes a passkey or signs
   with one; what it says goes into the field "passkey". Without WebAuthn a form to sign stays hidden. */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function read(options) {
  const wanted = options.publicKey;
  wanted.challenge = bytes(wanted.challenge);
  if (wanted.user) wanted.user.id = bytes(wanted.user.id);
  for (const list of [wanted.allowCredentials, wanted.excludeCredentials]) {
    for (const key of list || []) key.id = bytes(key.id);
  }
  return options;
}

function written(made) {
  const said = made.response;
  const response = { clientDataJSON: text(said.clientDataJSON) };
  if (said.attestationObject) response.attestationObject = text(said.attestationObject);
  else {
    response.authenticatorData = text(said.authenticatorData);
    response.signature = text(said.signature);
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
}

async function ask(form) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body, redirect: "manual" });
  if (!answer.ok) throw new Error("no options");
  const options = read(await answer.json());
  const made = await navigator.credentials[form.dataset.passkey](options);
  form.elements.passkey.value = written(made);
}

function take(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.passkey.value || (form.elements.name && !form.elements.name.value.trim())) return;
    event.preventDefault();
    failed.hidden = true;
    try {
      await ask(form);
    } catch {
      failed.hidden = false;
      return;
    }
    form.requestSubmit(form.querySelector("[type=submit]"));
  });
}

const begin = () => document.querySelectorAll("form[data-passkey]").forEach(take);
begin();
document.addEventListener("page:shown", begin);
document.addEventListener("page:unsent", (event) => {
  const field = event.target.elements && event.target.elements.passkey;
  if (field) field.value = "";
});
