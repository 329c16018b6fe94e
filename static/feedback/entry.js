/* Fast entry of sheets: a digit chooses the answer in that place of a question and goes on to the next,
   Enter goes on, and on the last question sends the form. Without it Tab and the arrow keys do as well. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-entry]");
  if (!form) return;

  const stops = () => [...form.querySelectorAll("fieldset, textarea, button[type=submit]")];
  const stopOf = (element) => element.closest("fieldset") || element;

  function enter(stop) {
    const target = stop.matches("fieldset") ? stop.querySelector("input:checked") || stop.querySelector("input") : stop;
    target?.focus();
  }

  function goOn(from) {
    const all = stops();
    const next = all[all.indexOf(stopOf(from)) + 1];
    if (!next) return;
    if (next.matches("button")) form.requestSubmit(next);
    else enter(next);
  }

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const question = field.closest("fieldset");
    if (event.key === "Enter" && !event.shiftKey && (question || field.matches("textarea"))) {
      event.preventDefault();
      goOn(field);
    } else if (question && /^[0-9]$/.test(event.key) && field.type === "radio") {
      const place = (Number(event.key) || 10) - 1;
      const choice = question.querySelectorAll("input")[place];
      if (!choice) return;
      event.preventDefault();
      choice.checked = true;
      goOn(choice);
    }
  });

  if (!document.querySelector(".errors")) enter(stops()[0]);
})();
