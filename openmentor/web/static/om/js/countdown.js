// Counts down how long a time is held, says so at a few moments, and tells when it is over.
const clock = document.querySelector("[data-countdown]");
const ends = Date.now() + Number(clock.dataset.countdown) * 1000;
const moments = [300, 60].filter((seconds) => seconds < Number(clock.dataset.countdown));
const two = (number) => String(number).padStart(2, "0");

const say = (words) => (document.getElementById("announcer").textContent = words);

function written(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return (hours ? `${hours}:${two(minutes)}` : minutes) + `:${two(seconds % 60)}`;
}

function finish() {
  for (const part of document.querySelectorAll("[data-while-held]")) part.hidden = true;
  const over = document.getElementById("over");
  over.hidden = false;
  over.focus();
  say("The time is free again.");
}

function tick() {
  const seconds = Math.max(0, Math.round((ends - Date.now()) / 1000));
  clock.textContent = written(seconds);
  if (seconds <= moments[0]) {
    const minutes = moments.shift() / 60;
    say(`${minutes} ${minutes === 1 ? "minute" : "minutes"} left to pay.`);
  }
  if (seconds) setTimeout(tick, 1000);
  else finish();
}

tick();
