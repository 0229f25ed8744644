/** The screens' names may run past the edge of a phone: the one being looked at is brought into sight. */

export function startTabs() {
  const current = document.querySelector(".topbar nav [aria-current]");
  current?.scrollIntoView({ block: "nearest", inline: "center" });
}
