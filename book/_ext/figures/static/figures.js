// A figure or formula wider than its place scrolls; only then can the keyboard stop at it.
(() => {
  const formula = () => ({ zh: "公式", en: "Formula" })[document.documentElement.dataset.bookLang] || "公式 | Formula";
  const update = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    const name = box.dataset.alt ? { "aria-labelledby": box.dataset.alt } : { "aria-label": formula() };
    const attributes = { tabindex: "0", role: "group", ...name };
    for (const [name, value] of Object.entries(attributes)) {
      if (scrolls) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  };
  const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => update(target)));
  const watch = (place) => place.querySelectorAll(".fig-scroll, .math-scroll").forEach((box) => observer.observe(box));
  watch(document);
  document.addEventListener("brought", ({ target }) => watch(target));   // solutions, `_ext/solutions`
})();
