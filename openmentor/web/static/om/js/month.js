// Arrow keys in a month of days: one day takes part in tabbing, the arrows move between free days,
// Page Up and Page Down turn the month. Without this script the days are plain links.
const days = (month) => [...month.querySelectorAll("td a")];

const ready = () => {
  for (const month of document.querySelectorAll("[data-month]")) {
    const all = days(month);
    const stop = month.querySelector("[aria-current=date]") ?? all[0];
    for (const day of all) day.tabIndex = day === stop ? 0 : -1;
  }
};

const cellOf = (day) => {
  const cell = day.closest("td");
  return { column: cell.cellIndex, row: cell.parentElement.rowIndex };
};

// The nearest free day in the direction of the key.
const towards = (key, from, all) => {
  const here = cellOf(from);
  const index = all.indexOf(from);
  const column = all.filter((day) => cellOf(day).column === here.column);
  const row = all.filter((day) => cellOf(day).row === here.row);
  const place = column.indexOf(from);
  return {
    ArrowLeft: all[index - 1],
    ArrowRight: all[index + 1],
    ArrowUp: column[place - 1],
    ArrowDown: column[place + 1],
    Home: row[0],
    End: row.at(-1),
  }[key];
};

let turned = false;

document.addEventListener("keydown", (event) => {
  const day = event.target.closest?.("[data-month] td a");
  if (!day || event.ctrlKey || event.metaKey || event.altKey) return;
  const page = { PageUp: "month-previous", PageDown: "month-next" }[event.key];
  if (page) {
    event.preventDefault();
    turned = true;
    document.getElementById(page)?.click();
    return;
  }
  const next = towards(event.key, day, days(day.closest("[data-month]")));
  if (next) {
    event.preventDefault();
    day.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  } else if (/^(Arrow|Home|End)/.test(event.key)) {
    event.preventDefault();
  }
});

document.addEventListener("htmx:afterSettle", () => {
  ready();
  if (turned) document.querySelector("[data-month] td a[tabindex='0']")?.focus();
  turned = false;
});

ready();
