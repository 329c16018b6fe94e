/* Drag to order, beside the buttons that do it without script.

   A list has data-order (the address), its form with the stamp inside it, and items with data-key; each
   item has a button with data-grip, which is hidden until this script runs. With the keyboard: space or
   enter takes the item up and puts it down, the arrows move it, escape puts it back. */
(() => {
  "use strict";

  function arrange(list) {
    const form = document.getElementById(list.dataset.order);
    const status = form.querySelector("[role=status]");
    const items = () => [...list.querySelectorAll(":scope > [data-key]")];
    const keys = () => items().map((item) => item.dataset.key);
    let held = null;
    let before = [];

    function say(words) {
      status.textContent = words;
    }

    function place(item) {
      return `${items().indexOf(item) + 1} / ${items().length}`;
    }

    function take(item) {
      held = item;
      before = items();
      item.classList.add("held");
      item.querySelector("[data-grip]").setAttribute("aria-pressed", "true");
    }

    function drop() {
      const grip = held.querySelector("[data-grip]");
      held.classList.remove("held");
      grip.setAttribute("aria-pressed", "false");
      held = null;
    }

    function putBack() {
      for (const item of before) list.append(item);
      drop();
      say("");
    }

    async function save() {
      const grip = held.querySelector("[data-grip]");
      const moved = items().some((item, index) => item !== before[index]);
      drop();
      if (!moved) return;
      const body = new FormData(form);
      for (const key of keys()) body.append("key", key);
      try {
        const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
        if (!answer.ok) throw new Error("not saved");
        say(form.dataset.saved);
      } catch {
        for (const item of before) list.append(item);
        say(form.dataset.failed);
      }
      grip.focus();
    }

    function shift(step) {
      const all = items();
      const there = all[all.indexOf(held) + step];
      if (!there) return;
      pass(there);
      say(place(held));
    }

    /* Moves the others, not the held one, which would lose the pointer and the focus. */
    function pass(target) {
      const all = items();
      const [from, to] = [all.indexOf(held), all.indexOf(target)];
      if (to > from) held.before(...all.slice(from + 1, to + 1));
      else held.after(...all.slice(to, from));
    }

    function follow(event) {
      const target = items().find((item) => {
        const box = item.getBoundingClientRect();
        return item !== held && event.clientY >= box.top && event.clientY <= box.bottom;
      });
      if (!target) return;
      const box = target.getBoundingClientRect();
      const isBelow = items().indexOf(target) > items().indexOf(held);
      const past = event.clientY - box.top > box.height / 2;
      if (isBelow === past) pass(target);
    }

    for (const item of items()) {
      const grip = item.querySelector("[data-grip]");
      grip.hidden = false;
      grip.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        grip.focus();
        grip.setPointerCapture(event.pointerId);
        take(item);
      });
      grip.addEventListener("pointermove", (event) => {
        if (held === item) follow(event);
      });
      grip.addEventListener("pointerup", () => {
        if (held === item) save();
      });
      grip.addEventListener("pointercancel", () => {
        if (held === item) putBack();
      });
      grip.addEventListener("keydown", (event) => {
        const isHeld = held === item;
        if (event.key === " " || event.key === "Enter") {
          event.preventDefault();
          if (isHeld) save();
          else {
            take(item);
            say(`${form.dataset.held} ${place(item)}`);
          }
        } else if (isHeld && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
          event.preventDefault();
          shift(event.key === "ArrowUp" ? -1 : 1);
        } else if (isHeld && event.key === "Escape") putBack();
      });
    }
  }

  for (const list of document.querySelectorAll("[data-order]")) arrange(list);
})();
