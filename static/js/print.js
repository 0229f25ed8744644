/** <button data-print hidden>: shown where printing works, prints the page. */

export function startPrint() {
  document.addEventListener("click", (event) => event.target.closest?.("[data-print]") && window.print());
  document.addEventListener("htmx:afterSettle", reveal);
  reveal();
  if (document.body.dataset.printNow !== undefined) window.print();
}

function reveal() {
  document.querySelectorAll("[data-print][hidden]").forEach((button) => { button.hidden = false; });
}
