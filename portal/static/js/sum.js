/* <form data-sum>: what its numbers make together, as they are typed; without this script it is said once they are sent. */
const RIGHT = 100;

function add(form) {
  const fields = [...form.querySelectorAll("input.form-control")];
  const numbers = fields.map((field) => Number(arabic(field.value)) || 0);
  const sum = Math.round(numbers.reduce((one, other) => one + other, 0) * 1000) / 1000;
  form.querySelector("[data-sum-shown]").textContent = String(sum);
  form.querySelector("[data-sum-right]").hidden = sum !== RIGHT;
  form.querySelector("[data-sum-wrong]").hidden = sum === RIGHT;
}

/* Thai digits are numbers too. */
function arabic(text) {
  return text.trim().replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-sum]");
  if (form) add(form);
});
