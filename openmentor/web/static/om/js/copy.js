// Copies the text that a button belongs to, and says so.
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
