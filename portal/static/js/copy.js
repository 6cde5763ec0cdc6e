/* <button data-copy="text" data-copied="words" hidden>: copies a link; appears only where copying works. */
function copying(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const words = button.querySelector("[data-words]") || button;
      const before = words.textContent;
      words.textContent = button.dataset.copied;
      setTimeout(() => { words.textContent = before; }, 3000);
    });
  }
}

copying(document);
document.addEventListener("page:shown", () => copying(document));
