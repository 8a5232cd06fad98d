/* Runs once for each part of the documents panel and of the filters; `element`, `trigger` and
   `watch` come from Gradio. As in page.js, what happens is decided on the server. */

const part = ["tabs", "tools", "added", "library", "chips", "filters"].find((id) =>
  element.closest(`#${id}`)
);
const side = document.getElementById("side");
const narrow = window.matchMedia("(max-width: 899px)");

function select(name) {
  side.dataset.tab = name;
  for (const tab of side.querySelectorAll("[role=tab]")) {
    const chosen = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
}

function find() {
  const finder = element.querySelector(".finder");
  const rows = [...document.querySelectorAll("#library li")];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain(finder.querySelector("input").value).split(/\s+/);
  let found = 0;
  for (const row of rows) {
    const text = plain(row.textContent);
    const hidden = !words.every((word) => text.includes(word));
    if (row.hidden !== hidden) row.hidden = hidden;
    found += !hidden;
  }
  const told = found < rows.length ? `${found} of ${rows.length}` : "";
  const status = finder.querySelector("[role=status]");
  if (status.textContent !== told) status.textContent = told;
}

/* Gradio changes what is there into what is new, whenever that comes: so the list is narrowed
   again after each change, its own included, which changes nothing the second time. */
function finding() {
  element.addEventListener("input", find);
  new MutationObserver(find).observe(element.closest("#documents"), {
    attributeFilter: ["hidden"],
    characterData: true,
    childList: true,
    subtree: true,
  });
}

/* Which of the tabs is seen, and the ways to them from elsewhere on the page. */
function tabs() {
  for (const name of ["source", "documents"]) {
    const panel = document.getElementById(name);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${name}`);
  }
  let chosen = "";
  const choose = (name) => { chosen = name; select(name); };
  const list = () => trigger("show_documents");
  const show = () => { choose("documents"); list(); };
  const begin = () => {
    select(chosen || element.querySelector("[aria-selected=true]").dataset.tab);
    if (side.dataset.tab === "documents") list();
  };
  begin();
  watch("value", begin); // what the page is loaded with may be older than the store
  // A list that was asked for before the change may arrive after the one that knows of it.
  document.addEventListener("documents-added", list);
  element.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    if (tab.dataset.tab === "documents") show(); else choose("source");
  });
  element.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const other = element.querySelector("[role=tab][aria-selected=false]");
    other.click();
    other.focus();
  });
  /* The list is hidden while one reads; so the text gets the focus, and Escape leads back. */
  let reading = "";
  const source = document.getElementById("source");
  function focus() {
    if (!reading || !source.querySelector(`[data-library="${reading}"]`)) return;
    reading = "";
    source.querySelector(".text").focus({ preventScroll: true });
  }
  new MutationObserver(focus).observe(source, { childList: true, subtree: true });
  source.addEventListener("keydown", (event) => {
    if (event.key === "Escape") source.querySelector("[data-library]")?.click();
  });
  /* Before others see the click: they may measure what is shown. */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open], [data-read]")) choose("source");
    reading = event.target.closest("[data-read]")?.dataset.read ?? "";
    focus();
    if (event.target.closest("[data-chat]")) {
      const box = document.querySelector("#question textarea");
      box.focus({ preventScroll: true });
      box.scrollIntoView({ block: "end" });
    }
    const way = event.target.closest("[data-library]");
    if (!way) return;
    show();
    if (narrow.matches) side.scrollIntoView();
    const adder = document.querySelector("#tools .adder");
    const row = document.querySelector(`#library [data-read="${way.dataset.library}"]`);
    if (way.dataset.library === "add" && adder) {
      adder.open = true;
      adder.querySelector("[data-choose]").focus();
    } else {
      (row || document.getElementById("tab-documents")).focus();
    }
  }, true);
}

/* Files and addresses go in a batch at a time; what comes meanwhile waits for the next. */
function adding() {
  const adder = () => element.querySelector(".adder");
  if (!adder()) return;
  const say = (words) => { element.querySelector(".sending").textContent = words; };
  const waiting = [];
  let busy = false;

  async function send(file) {
    if (file.size > Number(adder().dataset.limit)) return { why: "size" };
    try {
      const headers = {
        "content-type": "application/octet-stream",
        "x-file-name": encodeURIComponent(file.name),
      };
      const answer = await fetch("documents", { method: "POST", headers, body: file });
      return answer.ok ? await answer.json() : { why: answer.status === 413 ? "size" : "lost" };
    } catch {
      return { why: "lost" };
    }
  }

  async function next() {
    if (busy || !waiting.length) return;
    busy = true;
    const batch = waiting.splice(0);
    const given = { ids: [], addresses: [], refused: [] };
    for (const [at, one] of batch.entries()) {
      if (typeof one === "string") {
        given.addresses.push(one);
        continue;
      }
      say(`Sending ${at + 1} of ${batch.length}: ${one.name}`);
      const { id, why } = await send(one);
      if (id) given.ids.push(id); else given.refused.push([one.name, why]);
    }
    say("");
    trigger("add_documents", given);
  }

  function add(several) {
    waiting.push(...several);
    next();
  }

  document.addEventListener("documents-added", () => { busy = false; next(); });
  /* Gradio may make the elements inside anew, so it is heard here what is done to them. */
  element.addEventListener("click", (event) => {
    if (event.target.closest("[data-choose]")) element.querySelector("[type=file]").click();
  });
  element.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    add(event.target.files);
    event.target.value = "";
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = event.target.querySelector("input");
    add([address.value]);
    address.value = "";
  });

  /* A file that is dropped beside the field would take the place of the page. */
  const holdsFiles = (event) => event.dataTransfer && event.dataTransfer.types.includes("Files");
  const mark = (on) => document.body.classList.toggle("dropping", on);
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(false); });
  document.addEventListener("drop", (event) => {
    mark(false);
    if (!holdsFiles(event)) return;
    event.preventDefault();
    if (side.dataset.tab !== "documents") document.getElementById("tab-documents").click();
    adder().open = true;
    add(event.dataTransfer.files);
  });
}

function library() {
  let removing = false;
  element.addEventListener("click", (event) => {
    const target = (name) => event.target.closest(`[data-${name}]`);
    const dialog = element.querySelector("dialog");
    if (target("read")) {
      trigger("read", { id: target("read").dataset.read });
      if (narrow.matches) side.scrollIntoView();
    } else if (target("only")) {
      const button = target("only");
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
      trigger("only", { id: button.dataset.only });
    } else if (target("doubt")) {
      const row = target("doubt").closest("li");
      dialog.querySelector("bdi").textContent = row.querySelector(".read").textContent;
      dialog.dataset.document = target("doubt").dataset.doubt;
      dialog.showModal();
    } else if (target("sure")) {
      dialog.close();
      removing = true;
      trigger("discard", { id: dialog.dataset.document });
    } else if (target("keep")) {
      dialog.close();
    }
  });
  watch("value", () => {
    if (removing) element.querySelector("h2")?.focus();
    removing = false;
  });
}

/* The chips know which documents alone are asked; what the list shows may be older. */
function press() {
  const asked = [...document.querySelectorAll("#chips [data-lift=document]")].map(
    (chip) => chip.dataset.value
  );
  for (const button of document.querySelectorAll("#library [data-only]")) {
    button.setAttribute("aria-pressed", asked.includes(button.dataset.only));
  }
}

function chips() {
  watch("value", press);
  const back = () => document.querySelector("#question textarea").focus();
  element.addEventListener("click", (event) => {
    if (event.detail > 1) return; // a double click: the chip that has moved up is not meant
    const chip = event.target.closest("[data-lift]");
    if (chip) trigger("lift", { kind: chip.dataset.lift, value: chip.dataset.value });
    else if (event.target.closest("[data-unlimited]")) trigger("unlimited");
    else return;
    back();
  });
}

function filters() {
  let soon;
  let open = false;
  element.addEventListener("submit", (event) => event.preventDefault());
  element.addEventListener("toggle", (event) => { open = event.target.open; }, true);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    element.querySelector("details").open = false;
    element.querySelector("summary").focus();
  });
  element.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      const given = new FormData(element.querySelector("form"));
      trigger("limit", {
        languages: given.getAll("language"),
        publishers: given.getAll("publisher"),
        date_from: given.get("from"),
        date_to: given.get("to"),
      });
    }, 150);
  });
  watch("value", () => {
    element.querySelector("form")?.reset();
    const details = element.querySelector("details");
    if (details && open) details.open = true;
  });
}

if (part === "tabs") tabs();
if (part === "tools") {
  adding();
  finding();
}
if (part === "library") library();
if (part === "chips") chips();
if (part === "filters") filters();
if (part === "added") {
  watch("value", () => {
    if (element.querySelector("[data-finished]")) document.dispatchEvent(new Event("documents-added"));
  });
}
