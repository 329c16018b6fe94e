/* The kiosk's memory: cards that were not confirmed yet, and the hours in which it ran.

   A card is deleted here only after the server has said that it is stored (200, 201) or was erased since
   (410); never by age. What the server will not take (409, 422) is kept and counted for a colleague. */
const kioskStore = (() => {
  "use strict";
  const TAKES_NONE = new Set([404, 429, 502, 503, 504]);
  const MOST_HOURS = 24 * 31; // older ones say nothing, and a server takes a thousand fields at most
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("charterwell-kiosk", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("cards", { keyPath: "uid" });
      request.result.createObjectStore("hours", { keyPath: "hour" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function work(store, mode, action) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const request = action(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  const put = (store, row) => work(store, "readwrite", (rows) => rows.put(row));
  const remove = (store, key) => work(store, "readwrite", (rows) => rows.delete(key));
  const all = (store) => work(store, "readonly", (rows) => rows.getAll());

  /* uid: a version 4 UUID, made once and sent with every attempt. */
  function keep(collector, fields) {
    return put("cards", { uid: crypto.randomUUID(), collector, fields, answered_at: new Date().toISOString() });
  }

  async function cardsOf(collector) {
    const cards = (await all("cards")).filter((card) => card.collector === collector);
    return cards.sort((one, other) => one.answered_at.localeCompare(other.answered_at));
  }

  async function count(collector) {
    const cards = await cardsOf(collector);
    const refused = cards.filter((card) => card.refused).length;
    return { waiting: cards.length - refused, refused };
  }

  function markHour() {
    const now = new Date();
    now.setUTCMinutes(0, 0, 0);
    return put("hours", { hour: now.toISOString() });
  }

  async function post(address, fields) {
    const body = new URLSearchParams(fields);
    body.append("sent_at", new Date().toISOString());
    return fetch(address, { method: "POST", body, credentials: "omit", cache: "no-store" });
  }

  /* A card that the server breaks on holds no other up; where it takes none at all we stop and try later. */
  async function send(collector, address, again = false) {
    let broken = 0;
    for (const card of await cardsOf(collector)) {
      if (card.refused && !again) continue;
      const answer = await post(address, [...card.fields, ["uid", card.uid], ["answered_at", card.answered_at]]);
      if (answer.ok || answer.status === 410) await remove("cards", card.uid);
      else if (answer.status === 409 || answer.status === 422) await put("cards", { ...card, refused: answer.status });
      else if (TAKES_NONE.has(answer.status)) throw new Error(`not confirmed: ${answer.status}`);
      else broken = answer.status;
    }
    if (broken) throw new Error(`not confirmed: ${broken}`);
  }

  /* Resolves to what the server says; throws where it cannot be reached. */
  async function contact(collector, address) {
    const hours = await all("hours");
    const { waiting, refused } = await count(collector);
    const told = hours.slice(-MOST_HOURS).map((row) => ["hour", row.hour]);
    const answer = await post(address, [["waiting", waiting], ["refused", refused], ...told]);
    if (!answer.ok) throw new Error(`no contact: ${answer.status}`);
    for (const row of hours.slice(0, -1)) await remove("hours", row.hour);
    return answer.json();
  }

  return { keep, count, markHour, send, contact };
})();
