// Adds to the quiz what the server does anyway: saves each answer as it is typed, and counts the time down.
(() => {
  const form = document.getElementById("question");
  const status = document.getElementById("saved");
  const clock = document.getElementById("time-left");

  if (form && status) {
    let waiting;
    const save = async () => {
      try {
        const answer = await fetch(form.action, {
          method: "POST", body: new FormData(form), headers: { "X-Saved-As-Typed": "1" },
        });
        if (answer.status === 409) window.location.assign(window.location.pathname);
        else status.textContent = answer.status === 204 ? form.dataset.saved : "";
      } catch {
        status.textContent = "";
      }
    };
    form.addEventListener("input", () => {
      status.textContent = "";
      form.elements.shown.value = ""; // changed here, so it is kept from now on
      clearTimeout(waiting);
      waiting = setTimeout(save, 600);
    });
    form.addEventListener("submit", () => clearTimeout(waiting));
  }

  if (clock) {
    const words = clock.querySelector("b");
    const end = Date.now() + 1000 * Number(clock.dataset.seconds);
    const tick = setInterval(() => {
      const left = Math.round((end - Date.now()) / 1000);
      if (left < 60 && left >= 0) words.textContent = `0:${String(left).padStart(2, "0")}`;
      if (left < 0) {
        clearInterval(tick);
        window.location.assign(window.location.pathname);
      }
    }, 1000);
  }
})();
