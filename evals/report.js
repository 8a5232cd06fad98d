// Filters of the questions, and the question that the address names opened at once.
(() => {
  "use strict";
  const form = document.getElementById("filters");
  const questions = [...document.querySelectorAll(".question")];
  const ofEngine = [...document.querySelectorAll("[data-engine]")];
  const count = document.getElementById("count");

  function filter() {
    const engine = form.elements.engine.value;
    const kind = form.elements.kind.value;
    const wrong = form.elements.wrong.value;
    let shown = 0;
    for (const question of questions) {
      const fits =
        (!kind || question.dataset.kind === kind) &&
        (!wrong || question.dataset.wrong.split(" ").includes(wrong));
      question.hidden = !fits;
      shown += fits;
    }
    for (const part of ofEngine) part.hidden = engine !== "" && part.dataset.engine !== engine;
    count.textContent = `${shown} of ${questions.length} questions shown`;
  }

  function named() {
    const id = location.hash.slice(1);
    if (!id) return null;
    const found = document.getElementById(id);
    if (found) return found;
    try {
      return document.getElementById(decodeURIComponent(id));
    } catch {
      return null;
    }
  }

  function reveal() {
    const target = named();
    if (!target) return;
    if (target.closest("[hidden]")) {
      form.reset();
      filter();
    }
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    target.scrollIntoView();
    (target.querySelector(":scope > summary") || target).focus({ preventScroll: true });
  }

  form.hidden = false;
  form.addEventListener("change", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  // The address does not change when the same link is followed again.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) reveal();
  });
  document.getElementById("open-all").addEventListener("click", () => {
    const shown = questions.filter((question) => !question.hidden);
    const open = shown.some((question) => !question.open);
    for (const question of shown) question.open = open;
  });
  filter();
  reveal();
})();
