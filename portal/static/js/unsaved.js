/* Leaving a changed form asks first: <form data-unsaved>. The browser's own words are used.
   A form that send.js could not send stays changed; a page that it shows again is changed as before. */
const changed = new Set();
const note = (event) => {
  const form = event.target.closest("form[data-unsaved]");
  if (form) changed.add(form);
};
document.addEventListener("input", note);
document.addEventListener("change", note);
document.addEventListener("submit", (event) => changed.delete(event.target));
document.addEventListener("page:unsent", (event) => {
  if (event.target.matches("form[data-unsaved]")) changed.add(event.target);
});
document.addEventListener("page:shown", () => {
  for (const form of document.querySelectorAll("form[data-unsaved]")) changed.add(form);
});
document.addEventListener("page:leaving", () => changed.clear());
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
