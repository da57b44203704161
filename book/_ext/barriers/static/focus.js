/* Where the focus goes when a button is pressed or a panel closes. */
(() => {
  "use strict";
  /* The theme takes the focus from its buttons when they are pressed, so that their tooltips
     go. Who presses them by keyboard would begin again at the top, and the panel that a
     button opens would not know whom to give the focus back. */
  const blur = HTMLElement.prototype.blur;
  HTMLButtonElement.prototype.blur = function () {
    if (!this.matches(":focus-visible")) blur.call(this);
  };

  /* clipboard.js copies from a field of its own, which has the focus and then is gone. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copybtn");
    if (button && document.activeElement === document.body) button.focus();
  });

  /* A panel gives the focus back to its button, also when a link of it was followed: then
     it belongs to the place where the link leads. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("dialog a[href^='#']");
    const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!place) return;
    link.closest("dialog").addEventListener("close", () => {
      const heading = place.querySelector("h1, h2, h3, h4, h5, h6") || place;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }, { once: true });
  }, true);
})();
