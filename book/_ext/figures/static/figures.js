// A figure wider than the screen scrolls; only then can the keyboard stop at it.
(() => {
  const boxes = document.querySelectorAll(".fig-scroll");
  const update = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    const attributes = { tabindex: "0", role: "group", "aria-labelledby": box.dataset.alt };
    for (const [name, value] of Object.entries(attributes)) {
      if (scrolls) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  };
  const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => update(target)));
  boxes.forEach((box) => observer.observe(box));
})();
