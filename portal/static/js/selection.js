/* The bulk bar of a list: shown while rows are ticked, with their number. Without a script it is always there. */
function selection(root) {
  const bar = root.querySelector("[data-bulk]");
  if (!bar) return;
  const all = root.querySelector("[data-pick-all]");
  const boxes = [...root.querySelectorAll("[data-pick]")];
  const words = bar.querySelector("[data-bulk-count]");
  const show = () => {
    const picked = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-picked", box.checked));
    bar.hidden = picked.length === 0;
    document.querySelector(".ita-shell").classList.toggle("has-bulk", picked.length > 0);
    words.textContent = bar.dataset.bulk.replace("#", picked.length.toLocaleString("en"));
    if (all) {
      all.checked = picked.length > 0 && picked.length === boxes.length;
      all.indeterminate = picked.length > 0 && picked.length < boxes.length;
    }
  };
  root.addEventListener("change", (event) => {
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
    if (event.target === all || event.target.matches("[data-pick]")) show();
  });
  const clear = bar.querySelector("[data-bulk-clear]");
  if (clear) {
    clear.hidden = false;
    clear.addEventListener("click", () => {
      boxes.forEach((box) => { box.checked = false; });
      show();
      if (boxes[0]) boxes[0].focus();
    });
  }
  if (all) all.hidden = false;
  show();
}

selection(document);
document.addEventListener("page:shown", () => selection(document));
