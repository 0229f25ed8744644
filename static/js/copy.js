/** <button data-copy="#code" data-copied="Code copié" hidden>: shown where copying works, copies that element's words. */

if (navigator.clipboard) {
  document.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", copy);
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  document.getElementById("announcer").textContent = button.dataset.copied;
  button.lastChild.textContent = ` ${button.dataset.copied}`;
}
