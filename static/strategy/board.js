/* Drag a card to another column, beside the menu that does it without script; Escape closes the menu.

   A card has data-card and, for each column it may go to, a button or link with data-to (the column's
   data-state). Dropping it there presses that button; other columns do not take it. */
(() => {
  "use strict";

  const board = document.querySelector("[data-board]");
  if (!board) return;
  let held = null;

  const way = (column) => held && column && held.querySelector(`[data-to="${column.dataset.state}"]`);
  const columnOf = (event) => event.target.closest("[data-state]");

  for (const card of board.querySelectorAll("[data-card]")) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      held = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.querySelector("a").textContent);
      card.classList.add("held");
    });
    card.addEventListener("dragend", () => {
      card.classList.remove("held");
      for (const column of board.querySelectorAll(".takes")) column.classList.remove("takes");
      held = null;
    });
  }
  board.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  board.addEventListener("dragover", (event) => {
    const column = columnOf(event);
    for (const other of board.querySelectorAll(".takes")) {
      if (other !== column) other.classList.remove("takes");
    }
    if (!way(column)) return;
    event.preventDefault();
    column.classList.add("takes");
  });
  board.addEventListener("drop", (event) => {
    const button = way(columnOf(event));
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
