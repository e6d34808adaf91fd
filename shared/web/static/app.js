// What pages do beyond links and forms: keys, drafts, asking before an act, parts that change in place, news of a list.
// Everything works without it; it only presses what the page shows.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const account = document.body.dataset.account;
const seen = (element) => element.checkVisibility({ visibilityProperty: true });
const clock = (at = new Date()) => at.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false });

function say(name, values = {}) {
  const sentence = one(`[data-say="${name}"]`, one("#words").content).textContent;
  return sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function made(tag, text = "", of = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, of);
}

// Keys (screens.md §3): single letters only where the account has them on, never while somebody types.
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
let chord = "";

function press(key) {
  const here = one("tr[data-cur]"), named = `[data-key="${key}"]`;
  const offered = [...(here ? all(named, here) : []), ...all(named)];
  const folded = (element) => element.closest("details:not([open])");
  const found = offered.find(seen) ?? offered.find((element) => folded(element) && seen(folded(element)))
    ?? one(`#nav ${named}`); // the menu of a narrow screen is folded away, its links are there all the same
  if (!found) return false;
  folded(found)?.setAttribute("open", "");
  const form = found.matches("button") && found.form;
  if (form) (all(`${TYPING}, input`, form).find(seen) ?? found).focus(); // no letter does an act by itself
  else if (found.matches("fieldset, section, form")) one(`${TYPING}, button`, found)?.focus();
  else if (found.matches(TYPING)) found.focus();
  else found.click();
  return true;
}

function rows() {
  return all("main table.stack tbody tr:not(.grp)").filter(seen);
}

function go(to) {
  const listed = rows(), at = listed.findIndex((row) => row.hasAttribute("data-cur"));
  const next = listed[Math.max(0, Math.min(listed.length - 1, at < 0 ? 0 : at + to))];
  if (!next) return false;
  leave();
  next.dataset.cur = "";
  one("a, button, input", one(".m", next) ?? next)?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function leave() {
  all("tr[data-cur]").forEach((row) => row.removeAttribute("data-cur"));
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  x: () => one("tr[data-cur] [type=checkbox]")?.click() ?? true,
  Enter: () => document.activeElement === document.body && (one("tr[data-cur] .m a, tr[data-cur] a")?.click() ?? true),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.(TYPING);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form") ?? one("main form[data-keyed]");
    const button = form && one("button.pri:not([aria-disabled]), button:not([type=button], [aria-disabled])", form);
    if (button) event.preventDefault(), form.requestSubmit(button);
    return;
  }
  if (event.key === "Escape") {
    leave();
    if (typing?.matches("[type=search]")) typing.blur();
    else if (!typing && !one("dialog[open], [popover]:popover-open")) press("Escape");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing || one("dialog[open]")) return;
  if (!("keys" in document.body.dataset) && event.key !== "Enter") return;
  const key = chord + event.key;
  chord = event.key === "g" && !chord ? "g " : "";
  if (chord) return;
  if (key.length === 1 || key.startsWith("g ") || key === "Enter") {
    if (KEYS[key]?.() || (key !== "Enter" && press(key))) event.preventDefault();
  }
});

// Drafts: kept in this browser for this account alone until it is sent or signed out; sealed fields never.
const MINE = `draft ${account} `;
const keepable = (form) => [...form.elements].filter((field) => // in a form, or a field, that is marked
  field.name && field.closest("[data-draft]") && !field.closest("[data-no-draft]")
  && field.matches("textarea, select, input") && !field.matches("[type=hidden], [type=password], [type=file], [readonly]"));
const value = (field) => field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value;
const named = (field) => field.matches("[type=checkbox], [type=radio]") ? `${field.name}=${field.value}` : field.name;
const put = (field, kept) => { field.matches("[type=checkbox], [type=radio]") ? field.checked = kept : field.value = kept; };
const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("draft "));
const drafted = (root) => all("form", root).filter((form) => form.matches("[data-draft]") || one("[data-draft]", form));
const draftKey = (form) => `${MINE}${form.dataset.draft || new URL(form.action).pathname}`;

function keep(form) {
  const typed = keepable(form).filter((field) => value(field) !== form.begun.get(field));
  if (typed.length === 0) localStorage.removeItem(draftKey(form));
  else localStorage.setItem(draftKey(form), JSON.stringify({
    at: Date.now(), typed: Object.fromEntries(typed.map((field) => [named(field), value(field)])) }));
}

function recall(form) {
  form.begun = new Map(keepable(form).map((field) => [field, value(field)]));
  form.addEventListener("input", () => keep(form));
  const kept = JSON.parse(localStorage.getItem(draftKey(form)) ?? "null");
  if (!kept || one(".errs")) return; // after an error the page itself holds what was typed
  const back = keepable(form).filter((field) => named(field) in kept.typed && value(field) !== kept.typed[named(field)]);
  if (back.length === 0) return;
  back.forEach((field) => put(field, kept.typed[named(field)]));
  form.closest("details")?.setAttribute("open", "");
  const drop = made("button", say("drop"), { type: "button", className: "btn s" });
  const told = made("p", say("draft", { at: clock(new Date(kept.at)) }), { className: "hint row" });
  told.setAttribute("role", "status");
  told.append(" ", drop);
  form.prepend(told);
  drop.addEventListener("click", () => {
    form.begun.forEach((was, field) => put(field, was));
    localStorage.removeItem(draftKey(form));
    told.remove();
  });
}

function forgetOthers() {
  if (new URLSearchParams(location.search).has("done")) {
    const sent = sessionStorage.getItem("sent");
    if (sent) localStorage.removeItem(sent);
  }
  sessionStorage.removeItem("sent");
  if (account) drafts().filter((key) => !key.startsWith(MINE)).forEach((key) => localStorage.removeItem(key));
}

// Forms: asked about first where marked, sent once, parts of this page swapped where marked.
function confirmed(form, button, question) {
  const dialog = made("dialog");
  const yes = made("button", say("yes"), { className: "btn pri", value: "yes" });
  const buttons = made("form", "", { method: "dialog", className: "row gap" });
  buttons.append(yes, made("button", say("no"), { className: "btn" }));
  dialog.append(made("h2", question || say("sure"), { id: "asked" }), buttons);
  dialog.setAttribute("aria-labelledby", "asked");
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "yes") return button?.focus();
    form.sure = true;
    form.requestSubmit(button);
  });
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (form.method === "dialog") return;
  const question = button?.dataset.confirm ?? form.dataset.confirm;
  if (question !== undefined && !form.sure) {
    event.preventDefault();
    return confirmed(form, button, question);
  }
  form.sure = false;
  if (form.dataset.swap && form.method === "get") {
    event.preventDefault();
    const asked = new URL(form.action);
    asked.search = new URLSearchParams(new FormData(form, button));
    return show(asked.href, form.dataset.swap);
  }
  if (form.sent) return event.preventDefault();
  form.sent = true;
  if (form.hasAttribute("data-forget")) drafts().forEach((key) => localStorage.removeItem(key));
  if (form.begun) sessionStorage.setItem("sent", draftKey(form));
});
addEventListener("pageshow", () => all("form").forEach((form) => { form.sent = false; }));

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.href, link.dataset.swap);
});
addEventListener("popstate", () => location.reload());

// Parts of this page: the same address is asked for, and htmx puts the part of it in place without losing focus or scroll.
async function asked(address, headers = {}) {
  const answer = await fetch(address, { headers: { Accept: "text/html", ...headers }, credentials: "same-origin" });
  if (answer.redirected || !answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function put_in(page, part) {
  const fresh = one(part, page);
  if (!fresh || !one(part)) return location.reload();
  await htmx.swap({ text: fresh.outerHTML, target: one(part), swap: "outerMorph", sourceElement: document.body });
  begin(one(part));
}

async function show(address, part) {
  try {
    await put_in(await asked(address), part);
    history.pushState({}, "", address);
  } catch {
    location.assign(address);
  }
}

// News: the stream says only that something of the topic moved; then the page is asked, and what is new is told, not moved.
class News {
  constructor(bar) {
    this.bar = bar;
    this.told = one("[role=status]", bar);
    this.topic = bar.dataset.live.replace("sse:", "");
    this.last = bar.dataset.at;
    document.addEventListener("visibilitychange", () => document.hidden ? this.rest() : this.listen());
    addEventListener("pagehide", () => this.stop());
    this.listen();
  }

  listen() {
    clearTimeout(this.resting);
    if (this.stream && this.stream.readyState !== EventSource.CLOSED) return;
    this.stream = new EventSource(`/live?${new URLSearchParams({ topic: this.topic, after: this.last })}`);
    this.stream.addEventListener("open", () => this.found());
    this.stream.addEventListener("moved", (event) => this.moved(event));
    this.stream.addEventListener("gap", (event) => this.moved(event));
    this.stream.addEventListener("error", () => this.lose());
  }

  rest() { this.resting = setTimeout(() => this.stop(), 60_000); } // a page in the background holds no connection

  stop() {
    this.stream?.close();
    this.stream = null;
    clearTimeout(this.losing);
    this.losing = undefined; // else a line lost later would never be told
    clearTimeout(this.trying);
  }

  lose() {
    const since = clock();
    this.losing ??= setTimeout(() => { this.gone = true; this.tell(say("lost", { at: since })); }, 10_000);
    if (this.stream?.readyState === EventSource.CLOSED) this.trying = setTimeout(() => this.listen(), 30_000);
  }

  found() {
    clearTimeout(this.losing);
    this.losing = undefined;
    if (this.gone) { this.gone = false; this.tell(""); this.look(true); }
  }

  moved(event) {
    this.last = event.lastEventId;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.look(event.type === "gap"), 300 + Math.random() * 700); // not all pages at once
  }

  async look(again = false) {
    const part = this.bar.dataset.part;
    let page;
    try { page = await asked(location.href, { "Doithoai-Unattended": "1" }); } catch {
      this.soon = setTimeout(() => this.look(again), 5_000);
      return;
    }
    recount(page);
    const ids = (root) => all(`${part} [data-id]`, root).map((row) => row.dataset.id);
    const old = ids(document), fresh = ids(page).filter((id) => !old.includes(id)).length;
    const same = one(part)?.textContent === one(part, page)?.textContent;
    if (same) return again && this.tell(say("again"));
    const [sentence, action] = fresh ? [say("new", { n: fresh }), say("show-new", { n: fresh })] : [say("changed"), say("show")];
    const button = made("button", action, { type: "button", className: "btn s" });
    button.addEventListener("click", async () => { await put_in(page, part); this.tell(""); one(part).focus?.(); });
    this.tell(sentence, button);
  }

  tell(sentence, button) {
    this.told.hidden = !sentence;
    this.told.replaceChildren(...(sentence ? [made("span", sentence)] : []), ...(button ? [" ", button] : []));
  }
}

// Counts change in place, silently.
function recount(page) {
  for (const at of ["#nav a", ".tabs a"]) {
    const fresh = new Map(all(at, page).map((link) => [link.getAttribute("href"), link]));
    all(at).forEach((link) => link.replaceChildren(...(fresh.get(link.getAttribute("href")) ?? link).childNodes));
  }
  one(".stands")?.replaceChildren(...(one(".stands", page)?.childNodes ?? []));
}

function begin(root) {
  if (account) drafted(root).forEach(recall);
}

forgetOthers();
begin(document);
all("[data-live]").forEach((bar) => new News(bar));
one(".errs:not([autofocus])")?.focus(); // the others have it by themselves
