/* The phone's menu and the small menus of the top bar; both open without a script (#menu, <details>). */
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
    if (event.key !== "Escape") return;
    const side = root.getElementById("menu");
    if (side && side.classList.contains("is-open")) toggle(false);
    const open = root.querySelector("details.ita-pop[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
  const closePops = (target) => {
    for (const pop of root.querySelectorAll("details.ita-pop[open]")) if (!pop.contains(target)) pop.open = false;
  };
}

menus(document);
