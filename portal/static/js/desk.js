/* Another tab changed the desk: the page says so before somebody types on. Tabs tell each other; nothing is stored. */
function desks() {
  const bar = () => document.getElementById("desk-bar");
  if (!("BroadcastChannel" in window)) return;
  const line = new BroadcastChannel("desk");
  const tell = () => { if (bar()) line.postMessage(bar().dataset.desk); };
  line.addEventListener("message", (event) => {
    if (bar()) bar().hidden = event.data === bar().dataset.desk;
  });
  document.addEventListener("page:shown", tell);
  tell();
}

desks();
