/* Runs after page.js in the conversation alone: asking there, rating, and what keeps its place
   while the conversation is shown anew. */

// The fold-outs that the reader has opened, by name.
const unfolded = new Set();
let exchanges = 0;
let working = false;
let first = null;
let focused = document.activeElement;

const composer = () => document.querySelector("#question textarea");
const busy = () => element.querySelector('.exchange[aria-busy="true"]') !== null;

// Nothing is asked, here or in the box, nor rated while an answer is being made.
document.addEventListener("keydown", (event) => {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (sends && event.target === composer() && busy()) event.preventDefault();
}, true);

function ask(request) {
  if (busy()) return;
  clear();
  trigger("ask", request);
  composer().focus();
}

function clear() {
  unfolded.clear();
  for (const form of element.querySelectorAll("form")) form.reset();
}

function rate(place, verdict, note) {
  if (busy()) return;
  const [at, number] = place.split("-").map(Number);
  trigger("rate", { at, number, verdict, note });
}

function cancel(form) {
  const fold = form.closest("details");
  form.reset();
  fold.open = false;
  fold.querySelector("summary").focus();
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const given = button.dataset;
  if (given.ask !== undefined) {
    ask({ question: given.ask });
  } else if (given.again !== undefined) {
    ask({ at: Number(given.again) });
  } else if (given.copy !== undefined) {
    trigger("copy", { exchange: Number(given.copy) });
  } else if (given.cancel !== undefined) {
    cancel(button.form);
  } else if (given.rate !== undefined && button.ariaPressed !== "true") {
    const note = button.closest("details").querySelector("[name=text]");
    rate(given.rate, given.verdict, note ? note.value : "");
  }
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const { edit, correct, note, verdict } = event.target.dataset;
  const text = event.target.elements.text.value.trim();
  if (!text) return;
  if (edit !== undefined) ask({ at: Number(edit), question: text });
  else if (correct !== undefined) ask({ at: Number(correct), searched: text });
  else rate(note, verdict, text);
});

element.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (!form || event.isComposing) return;
  if (event.key === "Escape") {
    cancel(form);
  } else if (event.key === "Enter" && !event.shiftKey && event.target.tagName === "TEXTAREA") {
    event.preventDefault();
    form.requestSubmit();
  }
});

// A toggle does not bubble.
element.addEventListener("toggle", (event) => {
  const { open, dataset: { fold } } = event.target;
  if (!open) {
    unfolded.delete(fold);
  } else if (!unfolded.has(fold)) {
    unfolded.add(fold);
    event.target.querySelector("textarea")?.focus();
  }
}, true);

/* A preview stands above its marker, where it covers what has been read, if there is room. */
function place(event) {
  const cite = event.target.closest(".cite");
  if (!cite) return;
  const [marker, preview] = cite.children;
  const answer = cite.closest(".answer");
  const above = marker.getBoundingClientRect().top - preview.offsetHeight;
  preview.style.bottom = above > 0 ? `${answer.offsetHeight - marker.offsetTop}px` : "auto";
}

element.addEventListener("mouseover", place);
element.addEventListener("focusin", place);

document.addEventListener("focusin", (event) => { focused = event.target; });

/* "Ask" and "Stop" stand in one place: who was on the one goes on with the other. By now the
   one is hidden and may have lost the focus to the page. */
function swap(now) {
  const [from, to] = now ? ["ask", "stop"] : ["stop", "ask"];
  const still = [document.body, focused].includes(document.activeElement);
  if (still && focused?.id === from) document.getElementById(to).focus({ preventScroll: true });
}

/* What has to wait for the answer that is being made says so. */
function wait(now) {
  for (const button of element.querySelectorAll("[type=submit], [data-rate]")) {
    if (now) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

watch("value", () => {
  const all = element.querySelectorAll(".exchange");
  const now = busy();
  const opening = all.length ? all[0].querySelector(".question").textContent : null;
  if (opening !== first) clear();
  for (const fold of element.querySelectorAll("[data-fold]")) {
    if (unfolded.has(fold.dataset.fold)) fold.open = true;
  }
  wait(now);
  if (now !== working) requestAnimationFrame(() => swap(now));
  if ((all.length > exchanges || (now && !working)) && all.length > 1) {
    all[all.length - 1].scrollIntoView({ behavior: calm ? "auto" : "smooth" });
  }
  [exchanges, working, first] = [all.length, now, opening];
});
