/* What makes pages nicer; every page works without it. One small module per behaviour. */
import { confirmations } from "./confirm.js";
import { selection } from "./selection.js";
import { passwords } from "./password.js";
import { menus } from "./menu.js";
import { unsaved } from "./unsaved.js";
import { copying } from "./copy.js";
import { lookups } from "./lookup.js";

menus(document);
confirmations(document);
selection(document);
passwords(document);
unsaved(document);
copying(document);
lookups(document);

const first = document.querySelector("[data-focus]");
if (first) {
  document.title = `${first.dataset.title || ""} ${document.title}`.trim();
  first.focus();
}
