(function (d) {
  "use strict";
  var f = d.getElementById("f"), p = d.getElementById("p"), id = d.getElementById("id");
  if (!f || !p) return;
  var bar = p.querySelector("progress"), shown = p.querySelector("b"), at = 0;
  var steps = [].slice.call(f.querySelectorAll("section"));

  function count() {
    bar.value = f.querySelectorAll(".q input:checked").length;
    shown.textContent = bar.value;
  }

  // the ID: told early, in the page only
  function idTrouble() {
    var v = id.value.replace(/[๐-๙]/g, function (c) { return c.charCodeAt(0) - 3664; });
    v = v.replace(/[\s\-._\/\u2010-\u2015\u2212\u200b-\u200d\u2060]/g, "");
    if (!v) return id.dataset.e;
    if (!/^\d+$/.test(v)) return id.dataset.d;
    if (v.length !== 13) return id.dataset.l.replace("#", v.length);
    for (var i = 0, sum = 0; i < 12; i++) sum += v[i] * (13 - i);
    return (11 - sum % 11) % 10 === +v[12] ? "" : id.dataset.c;
  }
  function tellId() {
    var text = idTrouble(), e = d.getElementById("ide");
    if (!e) {
      if (!text) return true;
      e = d.createElement("p");
      e.className = "e";
      e.id = "ide";
      id.after(e);
    }
    e.hidden = !text;
    e.textContent = text;
    id.setAttribute("aria-invalid", !!text);
    id.setAttribute("aria-describedby", text ? "idh ide" : "idh");
    id.closest(".box").classList.toggle("bad", !!text);
    return !text;
  }
  id.addEventListener("change", tellId);

  // one section at a time
  function show(i, quiet) {
    at = i;
    steps.forEach(function (s, n) { s.hidden = n !== i; });
    back.hidden = i === 0;
    next.hidden = i === steps.length - 1;
    last.hidden = !next.hidden;
    say.textContent = "";
    if (quiet) return;
    var h = steps[i].querySelector("h2");
    h.tabIndex = -1;
    h.focus({ preventScroll: true });
    scrollTo(0, f.offsetTop - 16);
  }
  function open(step) {
    return [].filter.call(step.querySelectorAll(".q"), function (q) { return !q.querySelector(":checked"); });
  }
  function forward() {
    if (at === 0 && !tellId()) return id.focus();
    var left = open(steps[at]);
    if (!left.length) return show(at + 1);
    say.textContent = nav.dataset.m.replace("#", left.length);
    left[0].querySelector("h3").focus();
  }
  var nav = d.getElementById("a"), say = d.getElementById("m"), last = d.getElementById("z");
  var back = nav.querySelector("[data-b]"), next = nav.querySelector("[data-n]");
  back.onclick = function () { show(at - 1); };
  next.onclick = forward;
  f.addEventListener("submit", function (e) {
    if (at < steps.length - 1) { e.preventDefault(); forward(); }
  });
  f.addEventListener("change", function (e) {
    var q = e.target.closest(".q"), m = q && q.querySelector(".e");
    if (m) { m.remove(); q.classList.remove("bad"); }
    count();
  });
  d.addEventListener("click", function (e) {
    var a = e.target.closest(".err a"), t = a && d.getElementById(a.hash.slice(1));
    if (!t) return;
    e.preventDefault();
    show(steps.indexOf(t.closest("section")), true);
    t.focus();
    t.scrollIntoView({ block: "center" });
  });

  p.hidden = false;
  count();
  var bad = f.querySelector(".bad"), err = d.querySelector(".err");
  var filled = id.value && !open(f).length;
  show(bad ? steps.indexOf(bad.closest("section")) : filled && err ? steps.length - 1 : 0, true);
  if (err) err.focus();
  if (f.dataset.r) setTimeout(function () { f.submit(); }, (+f.dataset.r + Math.random() * 10) * 1000);
})(document);
