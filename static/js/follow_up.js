/** A code scanned from paper comes behind the # of the address, which no server ever sees: it fills the field. */

const field = document.querySelector("[data-from-address]");
const code = decodeURIComponent(window.location.hash.slice(1));

if (field && /^[A-Z0-9]{4}-[A-Z0-9]{4}$/.test(code)) {
  field.value = code;
  field.form.querySelector("button").focus();
  history.replaceState(null, "", window.location.pathname);
}
