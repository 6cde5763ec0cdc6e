/* A button that shows what was typed into a password field. */
function passwords(root) {
  for (const button of root.querySelectorAll("[data-show-password]")) {
    const field = document.getElementById(button.getAttribute("aria-controls"));
    const words = button.querySelector("[data-show]");
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      words.textContent = shown ? words.dataset.show : words.dataset.hide;
      button.setAttribute("aria-pressed", String(!shown));
    });
    if (field.form) field.form.addEventListener("submit", () => { field.type = "password"; });
  }
}

passwords(document);
document.addEventListener("page:shown", () => passwords(document));
