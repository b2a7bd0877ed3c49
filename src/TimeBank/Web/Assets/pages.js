// What makes pages more comfortable. Every page works without it.

// A letter's address keeps what is secret after the #, which never reaches the server by itself: it goes into the field that waits for it, and out of sight.
const secret = location.hash.slice(1);
const waiting = document.querySelector("[data-from-address]");
if (secret.includes("=") && waiting) {
  if (!waiting.value)
    waiting.value = new URLSearchParams(secret).get("code") ?? secret;
  history.replaceState(null, "", location.pathname + location.search);
}

// What changes elsewhere changes here: the page is asked for anew, and the parts of it that live take what it says now.
for (const part of document.querySelectorAll("[data-live]")) {
  new EventSource(part.dataset.live).onmessage = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected)
      return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-live], [data-alive]"))
      old.replaceChildren(...(now.getElementById(old.id)?.childNodes ?? old.childNodes));
  };
}

// Saturday's list: names are completed while they are typed, Enter goes to the line below, the last line is never the last, and what all
// have together is said while it grows; how amounts are written, the server knows.
const grid = document.querySelector("[data-grid]");
if (grid) {
  const names = document.getElementById("people");
  let asked = "";
  grid.addEventListener("input", async event => {
    const said = event.target.value.trim();
    if (event.target.name !== "Who" || said.length < 2 || said === asked)
      return;
    asked = said;
    const answer = await fetch(`${grid.dataset.grid}&limit=8&text=${encodeURIComponent(said)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || said !== asked)
      return;
    const { items } = await answer.json();
    names.replaceChildren(...items.map(one => Object.assign(document.createElement("option"), { value: one.name })));
  });
  grid.addEventListener("keydown", event => {
    if (event.key !== "Enter" || !event.target.name)
      return;
    event.preventDefault();
    const row = event.target.closest("tr");
    const column = event.target.closest("td").cellIndex;
    const below = row.nextElementSibling ?? row.parentElement.appendChild(another(row));
    below.cells[column].querySelector("input, select").focus();
  });
  const form = grid.closest("form");
  let counted = 0;
  form.addEventListener("change", async () => {
    const mine = ++counted;
    const body = new URLSearchParams(new FormData(form));
    body.set("Do", grid.dataset.count);
    const answer = await fetch(location.href, { method: "POST", body, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected || mine !== counted)
      return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("together");
    if (now)
      document.getElementById("together").textContent = now.textContent;
  });
}

function another(row) {
  const copy = row.cloneNode(true);
  for (const wrong of copy.querySelectorAll(".wrong"))
    wrong.remove();
  for (const field of copy.querySelectorAll("input")) {
    field.value = "";
    field.removeAttribute("value");
    field.removeAttribute("aria-invalid");
    field.removeAttribute("autofocus");
    field.removeAttribute("aria-describedby");
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\p{Nd}+$/u, () => String(row.parentElement.rows.length + 1)));
  }
  return copy;
}

// Who goes back and sends the same form once more sends what was sent already: it counts once.
const sent = form => `sent ${location.pathname} ${form.querySelector("[name=_handler]")?.value}`;
addEventListener("submit", ({ target: form }) => {
  const key = form.querySelector("[name=Key]");
  if (key)
    sessionStorage.setItem(sent(form), JSON.stringify([key.value, filled(form)]));
});
for (const form of document.querySelectorAll("form"))
  form.addEventListener("submit", () => sameAgain(form), { capture: true });

function sameAgain(form) {
  const before = JSON.parse(sessionStorage.getItem(sent(form)) ?? "[]");
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward" && before[1] === filled(form))
    form.querySelector("[name=Key]").value = before[0];
}

// What somebody filled in, without the proof and the key, which are new each time.
function filled(form) {
  return JSON.stringify([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "Key" && !name.startsWith("__")));
}

// A passkey opens without a password. Who has a browser without them reads nothing of them.
if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const part of document.querySelectorAll("[data-with-passkeys]"))
    part.hidden = false;
  const onClick = (button, ask) => button?.addEventListener("click", async () => {
    const { form } = button;
    const wrong = form.querySelector(".wrong[role=alert]");
    try {
      wrong.hidden = true;
      form.elements.Credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch {
      // The owner thought better of it, or the device has none: either way it is said.
      wrong.hidden = false;
    }
  });
  const make = document.querySelector("[data-passkey-make]");
  onClick(make, () => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(make.dataset.passkeyMake)) }));
  const show = document.querySelector("[data-passkey-show]");
  onClick(show, async form => {
    const { options, state } = await (await fetch(show.dataset.passkeyShow, { method: "POST" })).json();
    form.elements.State.value = state;
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  });
}

// Without a connection a page says so, and what was kept on somebody's own device stays readable.
if ("serviceWorker" in navigator && document.body.dataset.worker)
  navigator.serviceWorker.register(document.body.dataset.worker);

// Where others use the device, too, nobody's hours stay on the screen: it is left by the button with which one leaves.
const { leave } = document.body.dataset;
const out = document.querySelector("form[action='/sign-out']");
if (leave && out) {
  const longest = 10 * 60 * 1000;
  let last = Date.now();
  for (const sign of ["pointerdown", "keydown", "wheel", "touchmove"])
    addEventListener(sign, () => last = Date.now(), { passive: true });
  const looking = setInterval(() => {
    if (Date.now() - last < longest)
      return;
    clearInterval(looking);
    out.elements.Left.value = leave;
    out.submit();
  }, 10_000);
}
