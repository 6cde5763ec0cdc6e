/* Questions before an act.
   <form data-confirm="words">   asks the words in a dialog of its own; its button repeats the form's verb. */
function confirmations(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-confirm]");
    if (!form || form.dataset.asked === "yes") return;
    event.preventDefault();
    ask(form, event.submitter);
  });
}

function ask(form, submitter) {
  const button = submitter || form.querySelector("[type=submit]");
  const dialog = document.createElement("dialog");
  dialog.className = "ita-dialog";
  const words = document.createElement("p");
  words.id = "confirm-words";
  words.textContent = form.dataset.confirm;
  const yes = document.createElement("button");
  yes.type = "button";
  yes.className = button.className.includes("risk") ? "btn btn-risk-solid" : "btn btn-primary";
  yes.textContent = button.textContent.trim();
  const no = document.createElement("button");
  no.type = "button";
  no.className = "btn btn-quiet";
  no.textContent = form.dataset.confirmBack;
  const row = document.createElement("div");
  row.className = "ita-row";
  row.append(yes, no);
  dialog.setAttribute("aria-labelledby", "confirm-words");
  dialog.append(words, row);
  document.body.append(dialog);
  dialog.addEventListener("close", () => { dialog.remove(); button.focus(); });
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    form.dataset.asked = "yes";
    dialog.close();
    form.requestSubmit(button);
    delete form.dataset.asked;
  });
  dialog.showModal();
}

confirmations(document);
