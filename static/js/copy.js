/** <button data-copy="#code" data-copied="Code copié" hidden>: shown where copying works, copies that element's words. */

if (navigator.clipboard) {
  document.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", copy);
}

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
  document.getElementById("announcer").textContent = button.dataset.copied;
  button.lastChild.textContent = ` ${button.dataset.copied}`;
}
