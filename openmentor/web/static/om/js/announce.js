// After htmx swaps a part of the page: move focus to what is new and say what changed.
// In the new part, [data-focus] takes focus and [data-announce] is read out.
const speaker = () => document.getElementById("announcer");

document.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  const inside = (selector) => (elt.matches(selector) ? elt : elt.querySelector(selector));
  const focused = inside("[data-focus]");
  if (focused) {
    if (!focused.matches("a[href], button, input, select, textarea, summary, [tabindex]")) {
      focused.tabIndex = -1;
    }
    focused.focus();
  }
  const words = inside("[data-announce]");
  if (words) speaker().textContent = words.dataset.announce || words.textContent.trim();
});

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    document.getElementById("offline").hidden = false;
  });
}
document.addEventListener("htmx:afterOnLoad", () => {
  document.getElementById("offline").hidden = true;
});

// Refusals are pages or parts of pages too: show them where the answer would have been.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if ([400, 403, 404, 409, 410, 422, 429].includes(detail.xhr.status)) detail.shouldSwap = true;
});

document.querySelector("[data-focus-first]")?.focus();
