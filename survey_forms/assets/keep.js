(function (d) {
  "use strict";
  // answers kept on this device, only when asked: choices and the form's value, never the ID
  var f = d.getElementById("f"), box = d.getElementById("k"), offer = d.getElementById("o");
  if (!f || !box || location.pathname.indexOf("/s/") !== 0) return;
  var on = box.querySelector("input"), mark = "ita-answers ", key = mark + location.pathname.split("/")[2];
  var DAY = 864e5, ends = Date.now() + (f.dataset.u || 86400) * 1000, store, until = 0, timer;

  function read(name) {
    try {
      var kept = JSON.parse(store.getItem(name));
      return kept && kept.until > Date.now() && kept.a ? kept : null;
    } catch (e) { return null; }
  }
  // what is older than its day goes, of whatever survey it is
  function sweep() {
    Object.keys(store).forEach(function (name) {
      if (name.indexOf(mark) === 0 && !read(name)) store.removeItem(name);
    });
  }
  function forget() {
    clearTimeout(timer);
    on.checked = false;
    offer.hidden = true;
    store.removeItem(key);
  }
  function keep(end) {
    until = end;
    on.checked = true;
    offer.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(forget, until - Date.now());
    save();
  }
  function save() {
    if (!on.checked) return;
    var a = {};
    f.querySelectorAll(".q input:checked").forEach(function (i) { a[i.name] = i.value; });
    try {
      store.setItem(key, JSON.stringify({ until: until, v: f.dataset.v, t: f.t.value, a: a }));
    } catch (e) { forget(); }
  }
  function take(kept) {
    f.querySelectorAll(".q input").forEach(function (i) { i.checked = kept.a[i.name] === i.value; });
    f.t.value = kept.t;
    keep(kept.until);
    f.dispatchEvent(new Event("change"));
    d.getElementById("id").focus();
  }

  try {
    store = localStorage;
    sweep();
  } catch (e) { return; }
  var found = read(key);
  if (found && found.v !== f.dataset.v) {
    store.removeItem(key);
    found = null;
  }
  box.hidden = false;
  if (found && found.t === f.t.value) keep(found.until);
  else if (found && !d.querySelector(".err")) offer.hidden = false;

  offer.querySelector("[data-y]").onclick = function () { take(found); };
  offer.querySelector("[data-x]").onclick = function () {
    forget();
    d.getElementById("id").focus();
  };
  on.onchange = function () {
    if (on.checked) keep(Math.min(Date.now() + DAY, ends));
    else forget();
  };
  f.addEventListener("change", save);
  f.addEventListener("done", forget);
})(document);
