/* The phone's menu and the small menus of the top bar, which open without a script (#menu, <details>); "/" for the search box. */
function menus(root) {
  const toggle = (open) => {
    const side = root.getElementById("menu");
    side.classList.toggle("is-open", open);
    if (!open && location.hash === "#menu") history.replaceState(null, "", location.pathname + location.search);
    const target = open ? side.querySelector("[data-close-menu]") : root.querySelector("[data-open-menu]");
    if (target) target.focus();
  };
  root.addEventListener("click", (event) => {
    if (!root.getElementById("menu")) return closePops(event.target);
    if (event.target.closest("[data-open-menu]")) { event.preventDefault(); toggle(true); }
    if (event.target.closest("[data-close-menu]")) { event.preventDefault(); toggle(false); }
    return closePops(event.target);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) find(event);
    if (event.key !== "Escape") return;
    const side = root.getElementById("menu");
    if (side && side.classList.contains("is-open")) toggle(false);
    const open = root.querySelector("details.ita-pop[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
  /* "/" leads to the search box, but where something is typed or chosen it is a sign like any other */
  const find = (event) => {
    const box = root.getElementById("find");
    if (!box || !box.offsetParent || event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  };
  const closePops = (target) => {
    for (const pop of root.querySelectorAll("details.ita-pop[open]")) if (!pop.contains(target)) pop.open = false;
  };
}

menus(document);
