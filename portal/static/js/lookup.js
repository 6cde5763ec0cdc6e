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
        no_results: () => Object.assign(document.createElement("div"), { className: "no-results", textContent: select.dataset.nothing }),
        loading: () => Object.assign(document.createElement("div"), { className: "spinner", textContent: select.dataset.loading }),
      },
    });
  }
}

lookups(document);
