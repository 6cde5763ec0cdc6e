/* A code in the address's fragment (of a slip's QR code or a mail), which no server sees: it goes into the field and
   out of the address. <form data-fragment="go"> is then sent by itself, <form data-fragment> waits for the person.
   <form data-once> is sent once: a second tap while the answer is on its way does nothing. */
const CODE = /^#([A-Za-z0-9-]{12,20})$/;

function take() {
  const found = CODE.exec(location.hash);
  const form = document.querySelector("form[data-fragment]");
  if (!found || !form) return;
  history.replaceState(null, "", location.pathname + location.search);
  const field = form.querySelector("[name=code]");
  field.value = found[1];
  if (form.dataset.fragment === "go") form.requestSubmit();
  else (form.querySelector("[type=password]") || field).focus();
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent === "yes") event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) form.dataset.sent = "";
});
window.addEventListener("hashchange", take);
take();
