// Runs before the first paint: the look chosen on this device, where the page does not bring one of its own.
(() => {
  const root = document.documentElement;
  for (const name of ["theme", "font", "size"]) {
    try {
      const chosen = localStorage.getItem(`look:${name}`);
      if (chosen && !root.dataset[name]) root.dataset[name] = chosen;
    } catch { return; }   // storage is switched off
  }
})();
