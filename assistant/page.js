/* Runs once for each of the page's own parts; `element`, `trigger` and
   `watch` come from Gradio. What happens is decided on the server: here clicks are passed
   on, and the reader's eye and focus are brought to what came back. */

const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const narrow = window.matchMedia("(max-width: 899px)");
const isSource = element.closest("#source") !== null;
const isTaken = element.closest("#taken") !== null;

function reveal() {
  const cited = document.getElementById("cited");
  if (!cited) return;
  if (narrow.matches) document.getElementById("source").scrollIntoView();
  const text = cited.closest(".text");
  const above = cited.getBoundingClientRect().top - text.getBoundingClientRect().top;
  text.scrollTo({ top: text.scrollTop + above - text.clientHeight / 4 });
}

function back() {
  const showing = document.querySelector("#source [data-showing]");
  const place = showing && showing.dataset.showing;
  const marker = document.querySelector(`#conversation [data-open="${place}"]`);
  if (!marker) return;
  marker.focus({ preventScroll: true });
  marker.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

element.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    event.preventDefault();
    const showing = document.querySelector("#source [data-showing]");
    if (showing && showing.dataset.showing === opener.dataset.open) reveal();
    trigger("open", { place: opener.dataset.open });
  } else if (event.target.closest("[data-back]")) {
    back();
  } else if (event.target.closest("[data-recall]")) {
    trigger("recall", { id: event.target.closest("[data-recall]").dataset.recall });
    document.querySelector("#question textarea").focus();
  } else if (event.target.closest("[data-forget]")) {
    trigger("forget", { id: event.target.closest("[data-forget]").dataset.forget });
  } else if (event.target.closest("[data-save]")) {
    trigger("save", { form: event.target.closest("[data-save]").dataset.save });
  }
});

/* What is taken along comes in base64: to the clipboard, or as a file where it has a name. */
async function take(parcel) {
  const bytes = Uint8Array.from(atob(parcel.content), (letter) => letter.charCodeAt(0));
  if (!parcel.name) {
    try {
      await navigator.clipboard.writeText(new TextDecoder().decode(bytes));
      return "Copied with its citations.";
    } catch {
      return "The browser did not allow copying. Save the conversation instead.";
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: parcel.type }));
  link.download = parcel.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return `Saved as ${parcel.name}.`;
}

if (isTaken) {
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  element.after(said);
  watch("value", async () => {
    const parcel = element.querySelector("[data-content]");
    const message = element.querySelector("[data-said]");
    if (!parcel && !message) return;
    const told = parcel ? await take(parcel.dataset) : message.dataset.said;
    said.textContent = told;
    setTimeout(() => { if (said.textContent === told) said.textContent = ""; }, 6000);
  });
} else if (isSource) {
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") back();
  });
  watch("value", () => {
    reveal();
    const cited = document.getElementById("cited");
    // Someone who steps through the citations keeps the button under the finger.
    if (cited && !element.contains(document.activeElement)) cited.focus({ preventScroll: true });
  });
}
