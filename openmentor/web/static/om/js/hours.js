// Arrow keys in a grid of hours: one hour takes part in tabbing, the arrows move between hours,
// Space ticks. Without this script the hours are plain checkboxes.
const boxes = (grid) => [...grid.querySelectorAll("input")];

const ready = () => {
  for (const grid of document.querySelectorAll("[data-hours]")) {
    const all = boxes(grid);
    const stop = all.find((box) => box.checked) ?? all[0];
    for (const box of all) box.tabIndex = box === stop ? 0 : -1;
  }
};

const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-hours] input");
  const step = steps[event.key];
  if (!box || !step) return;
  event.preventDefault();
  const table = box.closest("table");
  let { cellIndex: column, parentElement: { rowIndex: row } } = box.closest("td");
  for (;;) {
    row += step[0];
    column += step[1];
    const cell = table.rows[row]?.cells[column];
    if (!cell) return;
    const next = cell.querySelector("input");
    if (!next) continue;
    box.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    return;
  }
});

document.addEventListener("htmx:afterSettle", ready);
ready();
