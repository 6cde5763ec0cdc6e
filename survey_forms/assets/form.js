(function (d) {
  "use strict";
  var f = d.getElementById("f"), p = d.getElementById("p"), id = d.getElementById("id");
  if (!f || !p) return;
  var bar = p.querySelector("progress"), shown = p.querySelector("b"), at = 0, far = 0;
  var steps = [].slice.call(f.querySelectorAll("section"));
  var nav = d.getElementById("a"), say = d.getElementById("m"), last = d.getElementById("z");
  var back = nav.querySelector("[data-b]"), next = nav.querySelector("[data-n]"), go = last.querySelector("button");
  // entered and not sent; left for good; being sent; sends itself again; a reply laid over the form
  var dirty = 0, gone = 0, busy = 0, again, over, main = d.querySelector("main"), words = go.textContent;

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
    if (id.dataset.g.indexOf(v[0]) < 0) return id.dataset.f;
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
      e.setAttribute("role", "alert");
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

  // one section at a time; each is a step of the browser's own Back
  function show(i, quiet) {
    at = i;
    far = Math.max(far, i);
    steps.forEach(function (s, n) { s.hidden = n !== i; });
    back.hidden = i === 0;
    next.hidden = i === steps.length - 1;
    last.hidden = !next.hidden;
    tell("");
    if (quiet) return;
    var h = steps[i].querySelector("h2");
    h.tabIndex = -1;
    h.focus({ preventScroll: true });
    scrollTo(0, f.offsetTop - 16);
  }
  function tell(text, calm) {
    say.textContent = text;
    say.className = calm ? "m" : "m x";
  }
  function open(step) {
    return [].filter.call(step.querySelectorAll(".q"), function (q) { return !q.querySelector(":checked"); });
  }
  function stuck(i) {
    if (i === 0 && !tellId()) {
      id.focus();
      d.getElementById("ide").scrollIntoView({ block: "center" });
      return true;
    }
    var left = open(steps[i]);
    if (!left.length) return false;
    tell(nav.dataset.m.replace("#", left.length));
    left[0].querySelector("h3").focus();
    return true;
  }
  function push(state) {
    state.n = ((history.state || {}).n || 0) + 1;
    history.pushState(state, "");
  }
  function forward() {
    if (stuck(at)) return;
    push({ i: at + 1 });
    show(at + 1);
  }
  function jump(i, quiet) {
    history.replaceState({ i: i, n: (history.state || {}).n }, "");
    show(i, quiet);
  }
  back.onclick = function () {
    if ((history.state || {}).n) history.back();
    else jump(at - 1);
  };
  next.onclick = forward;
  addEventListener("popstate", function (e) {
    uncover();
    if (e.state) show(Math.min(e.state.i, far));
  });

  // sent from inside the page, so that a lost line loses nothing; twice sent is sent once
  function send() {
    clearTimeout(again);
    if (busy) return;
    for (var i = 0; i < steps.length; i++) if (i ? open(steps[i]).length : idTrouble()) return jump(i), stuck(i);
    busy = 1;
    go.textContent = go.dataset.s;
    tell(go.dataset.s, true);
    if (!self.fetch || !self.AbortController) return setTimeout(rest, 9000), leave();
    var cut = new AbortController(), timer = setTimeout(function () { cut.abort(); }, 45000);
    fetch(f.action, { method: "POST", body: new URLSearchParams(new FormData(f)), signal: cut.signal })
      .then(function (r) { return r.text().then(function (text) { rest(); answered(r, text); }); })
      .catch(function () { rest(); cry(go.dataset.w); })
      .then(function () { clearTimeout(timer); });
  }
  function rest() {
    busy = 0;
    go.textContent = words;
    tell("");
  }
  function cry(text) {
    tell(text);
    say.scrollIntoView({ block: "center" });
  }
  function leave() {
    gone = 1;
    f.submit();
  }
  function answered(r, text) {
    if (r.ok && r.redirected) {
      wipe();
      return location.replace(r.url);
    }
    var page = new DOMParser().parseFromString(text, "text/html"), form = page.getElementById("f");
    if (!form) return r.status < 500 && page.querySelector("main .box") ? cover(page) : cry(go.dataset.w);
    if (page.querySelector(".bad")) return leave();
    f.t.value = form.t.value;
    cry(page.querySelector(".err p").textContent);
    retry(form);
  }
  function retry(form) {
    if (form.dataset.r) again = setTimeout(send, (+form.dataset.r + Math.random() * 10) * 1000);
  }

  // a refusal stands in front of the form, which is still there behind it
  function cover(page) {
    over = page.querySelector("main");
    if (page.querySelector("[data-end]")) done();
    main.hidden = true;
    main.after(over);
    d.body.className = "z";
    dirty = 0;
    push({ i: at });
    scrollTo(0, 0);
    over.addEventListener("submit", function (e) {
      if (!e.target.querySelector("[name=back]")) return;
      e.preventDefault();
      uncover();
      jump(0, true);
      id.focus();
    });
  }
  function uncover() {
    if (!over) return;
    over.remove();
    over = null;
    main.hidden = false;
    d.body.className = "";
    dirty = 1;
  }

  // sent, or never to be taken: what was kept of it on this device goes (keep.js)
  function done() {
    f.dispatchEvent(new Event("done"));
  }

  // nobody finds what somebody else has entered
  function wipe() {
    done();
    f.querySelectorAll(".q input").forEach(function (i) { i.checked = false; });
    id.value = "";
    dirty = far = 0;
    count();
    show(0, true);
  }
  addEventListener("pageshow", function (e) {
    if (e.persisted && gone) wipe();
    gone = 0;
  });
  addEventListener("beforeunload", function (e) {
    if (!dirty || gone) return;
    e.preventDefault();
    e.returnValue = "";
  });

  f.addEventListener("submit", function (e) {
    e.preventDefault();
    if (at < steps.length - 1) forward();
    else send();
  });
  f.addEventListener("input", function (e) { if (e.target.name) dirty = 1; });
  f.addEventListener("change", function (e) {
    var q = e.target.closest(".q"), m = q && q.querySelector(".e");
    if (m) { m.remove(); q.classList.remove("bad"); q.removeAttribute("aria-describedby"); }
    count();
  });
  d.addEventListener("click", function (e) {
    var a = e.target.closest(".err a"), t = a && d.getElementById(a.hash.slice(1));
    if (!t) return;
    e.preventDefault();
    jump(steps.indexOf(t.closest("section")), true);
    t.focus();
    t.scrollIntoView({ block: "center" });
  });

  p.hidden = false;
  count();
  history.scrollRestoration = "manual";
  var bad = f.querySelector(".bad"), err = d.querySelector(".err");
  var filled = id.value && !open(f).length;
  if (err) { far = steps.length - 1; dirty = 1; }
  jump(bad ? steps.indexOf(bad.closest("section")) : filled && err ? far : 0, true);
  if (err) err.focus();
  retry(f);
})(document);
