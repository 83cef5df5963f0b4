// Menus are <details>: this closes them on Escape, on a click elsewhere and when focus leaves.
const open = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of open()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("focusin", ({ target }) => {
  for (const menu of open()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A row of links that is wider than the screen shows the current one.
for (const current of document.querySelectorAll("nav [aria-current=page]")) {
  const row = current.closest("nav");
  const offset = current.getBoundingClientRect().left - row.getBoundingClientRect().left;
  row.scrollLeft = offset - (row.clientWidth - current.offsetWidth) / 2;
}
