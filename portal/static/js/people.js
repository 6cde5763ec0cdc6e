/* [data-people]: the sum of the groups, and how many answers the survey then needs, as one types; without this
   script both are said once the form was sent. The bands are the round's (portal/surveys/minimum_words.py). */
function show(place) {
  const typed = [...place.querySelectorAll("input.form-control")].map((field) => arabic(field.value));
  const whole = typed.every((text) => /^\d+$/.test(text));
  const people = whole ? typed.reduce((sum, text) => sum + Number(text), 0) : 0;
  const sum = place.querySelector("[data-people-sum]");
  if (sum) sum.textContent = whole ? people.toLocaleString("en") : "–";
  const said = place.querySelector("[data-people-needed]");
  const needed = people ? minimum(people, JSON.parse(place.dataset.bands)) : null;
  said.hidden = needed === null;
  if (needed !== null) said.textContent = said.dataset.words.replace("{}", needed.toLocaleString("en"));
}

/* As models/minimum_sample.py: the first band that reaches so far, a share rounded up, never more than there are. */
function minimum(people, bands) {
  const band = bands.find(([upto]) => upto === null || people <= upto);
  if (!band) return null;
  const [, fixed, percent] = band;
  const wanted = percent === null ? fixed : Math.ceil(Number(((people * Number(percent)) / 100).toFixed(6)));
  return Math.min(people, wanted);
}

/* Thai digits are numbers too; commas and spaces say nothing. */
function arabic(text) {
  return text.replace(/[\s,]/g, "").replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));
}

document.addEventListener("input", (event) => {
  const place = event.target.closest("[data-people]");
  if (place) show(place);
});
