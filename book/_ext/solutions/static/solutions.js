/* The solutions of a page lie in a script beside it; the first fold that is wanted brings all. */
(() => {
  "use strict";
  const ways = [...document.querySelectorAll(".solution-way")];
  if (!ways.length) return;
  let asked = false;

  /* Copy buttons, as sphinx-copybutton has put them where code stood when the page came. */
  function addButtons(place) {
    const model = document.querySelector(".copybtn");
    place.querySelectorAll("div.highlight pre").forEach((code, index) => {
      if (!model) return;
      code.id = `${place.id}-code${index}`;
      const button = model.cloneNode(true);
      button.dataset.clipboardTarget = `#${code.id}`;
      code.after(button);
    });
  }

  window.bringSolutions = (solutions) => {
    for (const way of ways) {
      const fold = way.parentElement;
      way.insertAdjacentHTML("afterend", solutions[fold.id]);
      way.remove();
      addButtons(fold);
      fold.dispatchEvent(new Event("brought", { bubbles: true }));
    }
    dispatchEvent(new Event("resize"));            // the theme looks again which code scrolls
    open();
  };

  /* Who follows a link into a solution wants to see it. */
  function open() {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = place && place.closest(".solution");
    if (!fold || fold === place) return;
    if (fold.querySelector(".solution-way")) return bring();
    if (fold.matches(".toggle-hidden")) fold.querySelector(".admonition-title").click();
    place.scrollIntoView();
  }

  function bring() {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = ways[0].dataset.script;
    script.onerror = () => { script.remove(); asked = false; };   // the way to the copy stays
    document.head.append(script);
  }

  /* sphinx-togglebutton knows its button and the empty part of the title, not the words in it. */
  document.addEventListener("click", (event) => {
    const title = event.target.closest(".solution > .admonition-title");
    if (!title || event.target === title || event.target.closest(".toggle-button")) return;
    event.stopPropagation();
    if (!event.target.closest("a")) title.querySelector(".toggle-button").click();
  }, true);

  for (const way of ways) {
    const title = way.parentElement.querySelector(".admonition-title");
    for (const sign of ["pointerenter", "focusin", "click"]) title.addEventListener(sign, bring);
  }
  addEventListener("beforeprint", bring);
  addEventListener("hashchange", open);
  addEventListener("DOMContentLoaded", open);      // when the folds have their buttons
})();
