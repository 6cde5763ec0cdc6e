/* A field that finds its row while one types: <select data-lookup="url">. Without a script a code can be typed. */
function lookups(root) {
  if (!window.TomSelect) return;
  for (const select of root.querySelectorAll("select[data-lookup]")) {
    select.setAttribute("aria-hidden", "true"); // the field that stands for it has the label
    new window.TomSelect(select, {
      valueField: "value",
      labelField: "text",
      searchField: [],
      score: () => () => 1,
      maxOptions: 20,
      loadThrottle: 250,
      placeholder: select.dataset.placeholder,
      allowEmptyOption: select.dataset.empty === "1",
      shouldLoad: (query) => query.length > 0,
      load: async (query, done) => {
        const url = new URL(select.dataset.lookup, location.href);
        url.searchParams.set("query", query);
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
}

/* A line of the list that cannot be chosen; a list box may hold nothing but options. */
function said(name, words) {
  const line = Object.assign(document.createElement("div"), { className: name, textContent: words });
  line.setAttribute("role", "option");
  line.setAttribute("aria-disabled", "true");
  return line;
}

lookups(document);
document.addEventListener("page:shown", () => lookups(document));
