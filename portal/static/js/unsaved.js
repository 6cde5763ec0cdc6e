/* Leaving a changed form asks first: <form data-unsaved>. The browser's own words are used. */
function unsaved(root) {
  for (const form of root.querySelectorAll("form[data-unsaved]")) {
    let changed = false;
    const warn = (event) => { if (changed) event.preventDefault(); };
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("change", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", warn);
  }
}

unsaved(document);
