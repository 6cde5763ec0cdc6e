/* After a failed save the summary of errors is where reading begins. */
const first = document.querySelector("[data-focus]");
if (first) first.focus();
