/* When the page has come, the blocks that waited are laid out one by one while nothing else
   happens; then the page is whole, and the browser's distances are true. */
(function () {
  "use strict";
  const root = document.documentElement;
  if (!("near" in root.dataset) || !window.requestIdleCallback) return;
  const ENOUGH = 10;                               // milliseconds for one more block

  function start() {
    const blocks = [...document.querySelectorAll("article section > *")]
      .filter((block) => getComputedStyle(block).contentVisibility === "auto");
    function some(idle) {
      while (blocks.length && idle.timeRemaining() > ENOUGH) {
        const block = blocks.shift();
        block.style.contentVisibility = "visible";
        block.getBoundingClientRect();             // now, not at the end of the task
      }
      if (blocks.length) return requestIdleCallback(some);
      delete root.dataset.near;
      dispatchEvent(new Event("resize"));          // who has measured too early measures again
    }
    requestIdleCallback(some);
  }
  addEventListener("load", start);
})();
