/* What stood in `onclick`, which the page's policy forbids: print, full screen. */
document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest("[data-run]");
  if (button && typeof window[button.dataset.run] === "function") window[button.dataset.run]();
});
