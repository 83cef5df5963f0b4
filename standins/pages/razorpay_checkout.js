// Stands in for https://checkout.razorpay.com/v1/checkout.js: the same object, another payment page.
(function () {
  "use strict";
  const origin = new URL(document.currentScript.src).origin;

  class Razorpay {
    constructor(options) {
      this.options = options;
      this.listeners = {};
      this.frame = null;
      this.heard = this.heard.bind(this);
    }

    on(name, listener) {
      (this.listeners[name] ??= []).push(listener);
    }

    open() {
      const { order_id, key, description = "" } = this.options;
      const asked = new URLSearchParams({ order_id, key_id: key, description });
      this.frame = document.createElement("iframe");
      this.frame.title = "Razorpay Checkout";
      this.frame.src = `${origin}/v1/checkout/frame?${asked}`;
      Object.assign(this.frame.style, {
        position: "fixed", inset: "0", width: "100%", height: "100%", border: "0", zIndex: "2147483647",
      });
      window.addEventListener("message", this.heard);
      document.body.append(this.frame);
      this.frame.focus();
    }

    close() {
      window.removeEventListener("message", this.heard);
      this.frame?.remove();
      this.frame = null;
    }

    heard(event) {
      if (event.origin !== origin || event.source !== this.frame?.contentWindow) return;
      const { answer, dismissed } = event.data;
      if (answer?.error) {
        for (const listener of this.listeners["payment.failed"] ?? []) listener(answer);
        return;
      }
      this.close();
      if (dismissed) this.options.modal?.ondismiss?.();
      else this.options.handler?.(answer);
    }
  }

  window.Razorpay = Razorpay;
})();
