/**
 * Chosen files outlast an answer that asks to correct something. <form data-holds-files> is sent by itself when files
 * were chosen: where the server took it, its next page opens; where it asks for something, the page changes around the
 * files, since no page can choose them again. Any other answer is the browser's own, which sends the form as ever.
 */

const TO_CORRECT = 422;
const AT_ONCE = { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 };

export function startChosen() {
  if (window.htmx?.swap) document.addEventListener("submit", onSubmit);
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || !form.matches?.("form[data-holds-files]") || !chosen(form).length) return;
  event.preventDefault();
  send(form, event.submitter);
}

function chosen(form) {
  return [...form.querySelectorAll('input[type="file"]')].filter((input) => input.files.length);
}

async function send(form, submitter) {
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter), headers: { "X-Only-Leads": "1" } });
    if (answer.redirected) return window.location.assign(answer.url);
    if (answer.status !== TO_CORRECT) throw new Error(answer.statusText);
    show(await answer.text(), chosen(form));
  } catch {
    if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
    HTMLFormElement.prototype.submit.call(form);
  }
}

/** The page as the server asks for it, with the files still chosen but those it refuses. */
function show(page, inputs) {
  window.htmx.swap(document.getElementById("main"), page, AT_ONCE, { select: "#main" });
  const kept = inputs.filter((input) => {
    const empty = document.getElementById(input.id);
    if (!empty || empty.ariaInvalid === "true") return false;
    empty.replaceWith(input);
    return true;
  });
  if (kept.length === inputs.length) document.querySelector("[data-lost-files]")?.remove();
  document.querySelector("#main [autofocus]")?.focus();
}
