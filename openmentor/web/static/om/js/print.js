// Prints the page, or saves it as a PDF, where a button asks for it.
document.querySelector("[data-prints]").addEventListener("click", () => window.print());
