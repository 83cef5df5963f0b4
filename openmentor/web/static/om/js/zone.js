// Tells the server which zone this reader is in, once, and helps to choose another.
const renamed = {
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Europe/Kiev": "Europe/Kyiv",
};
const modern = (name) => renamed[name] ?? name;
const words = (name) => name.replaceAll("_", " ");

const detected = modern(Intl.DateTimeFormat().resolvedOptions().timeZone);
const { zone, zoneGuess } = document.documentElement.dataset;

for (const field of document.querySelectorAll("[data-detect-zone]")) {
  if (field.value === field.dataset.detectZone) field.value = detected;
}

for (const offer of document.querySelectorAll("[data-offer-zone]")) {
  offer.hidden = detected === zone;
  offer.querySelector("[name=zone]").value = detected;
  offer.querySelector("[data-zone-name]").textContent = words(detected);
}

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches("[data-zone-names]") || target.list.children.length) return;
  for (const name of Intl.supportedValuesOf("timeZone")) {
    target.list.append(new Option(words(modern(name))));
  }
});

if (zoneGuess !== undefined) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `zone=${detected}; path=/; max-age=31536000; samesite=lax${secure}`;
  const kept = document.cookie.includes("zone=");
  if (kept && detected !== zone && document.querySelector("main time")) location.reload();
}
