/* <button data-print hidden>: prints the page; appears only where printing works. */
function printing(root) {
  if (!window.print) return;
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

printing(document);
document.addEventListener("page:shown", () => printing(document));
