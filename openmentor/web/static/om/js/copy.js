// Shows the copy buttons (they need this script) and says when something was copied.
const reveal = (root) => {
  for (const button of root.querySelectorAll("[data-copies][hidden]")) button.hidden = false;
};
reveal(document);
document.addEventListener("htmx:afterSettle", ({ target }) => reveal(target));

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  label.textContent = "Copied";
  document.getElementById("announcer").textContent = "Copied";
  setTimeout(() => (label.textContent = before), 2000);
});
