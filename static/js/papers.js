/**
 * <details data-pdf="/address" data-title="...">: shows a PDF in its place, fetched once it is opened. Only where the
 * browser has a viewer of its own, as <html data-shows-pdf> says: elsewhere a frame would save the file instead.
 */

export function startPapers() {
  if (navigator.pdfViewerEnabled) document.documentElement.dataset.showsPdf = "yes";
  document.addEventListener("toggle", show, true);
}

function show({ target }) {
  if (!target.dataset?.pdf || !target.open || target.querySelector("iframe")) return;
  const frame = document.createElement("iframe");
  frame.className = "seen";
  frame.title = target.dataset.title;
  frame.src = target.dataset.pdf;
  target.append(frame);
}
