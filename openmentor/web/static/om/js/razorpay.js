// Opens Razorpay's checkout over the page, and hands what it answers to our server to judge.
const form = document.querySelector("[data-razorpay]");
const left = document.querySelector("[data-razorpay-left]");
const options = JSON.parse(document.getElementById("razorpay-options").textContent);
const secondsHeld = Number(document.querySelector("[data-countdown]").dataset.countdown);
const ends = Date.now() + secondsHeld * 1000;

function open() {
  if (!window.Razorpay) {
    form.querySelector("[data-razorpay-missing]").hidden = false;
    return;
  }
  const checkout = new window.Razorpay({
    ...options,
    name: form.dataset.name,
    timeout: Math.max(1, Math.floor((ends - Date.now()) / 1000)),
    handler(answer) {
      for (const [name, value] of Object.entries(answer)) {
        if (form.elements[name]) form.elements[name].value = value;
      }
      form.submit();
    },
    // A payment may be under way all the same, or have failed: the server asks.
    modal: { ondismiss: () => left.submit() },
  });
  checkout.open();
}

form.querySelector("button").addEventListener("click", open);
if ("opensAtOnce" in form.dataset) {
  history.replaceState(null, "", location.pathname);
  open();
}
