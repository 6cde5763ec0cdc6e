/* <select data-cites="id of a text field">: a letter that is found by number or subject becomes a line of that field at
   once. Without this script the chosen letter is added when the form is saved. */
function citing(select) {
  const field = document.getElementById(select.dataset.cites);
  const told = select.parentElement.querySelector("[data-told]");
  const finder = window.TomSelect && finding(select);
  select.addEventListener("change", () => {
    const line = select.value && (finder ? finder.options[select.value] : select.selectedOptions[0].dataset).cite;
    if (!line) return;
    const lines = field.value.split("\n").map((one) => one.trim()).filter(Boolean);
    if (!lines.includes(line)) lines.push(line);
    field.value = lines.join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    told.textContent = told.dataset.told + " " + line;
    if (finder) finder.clear(true);
    else select.value = "";
  });
}

/* The select as a field that one types into: the letters of the page, and those that the server finds. */
function finding(select) {
  select.setAttribute("aria-hidden", "true"); // the field that stands for it has the label
  return new window.TomSelect(select, {
    valueField: "value",
    labelField: "text",
    score: (typed) => (letter) => (fits(letter.text, typed) ? 1 : 0),
    maxOptions: 20,
    loadThrottle: 250,
    placeholder: select.dataset.placeholder,
    shouldLoad: (typed) => typed.trim().length > 1,
    load: async (typed, done) => {
      const url = new URL(select.dataset.found, location.href);
      url.searchParams.set("query", typed);
      try {
        done(await (await fetch(url, { headers: { Accept: "application/json" } })).json());
      } catch {
        done();
      }
    },
    render: {
      no_results: () => said("no-results", select.dataset.nothing),
      loading: () => said("spinner", select.dataset.loading),
    },
  });
}

function fits(text, typed) {
  const words = arabic(typed).toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => text.toLowerCase().includes(word));
}

/* Numbers of letters are kept with the digits 0–9. */
function arabic(text) {
  return text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));
}

/* A line of the list that cannot be chosen; a list box may hold nothing but options. */
function said(name, words) {
  const line = Object.assign(document.createElement("div"), { className: name, textContent: words });
  line.setAttribute("role", "option");
  line.setAttribute("aria-disabled", "true");
  return line;
}

document.querySelectorAll("select[data-cites]").forEach(citing);
