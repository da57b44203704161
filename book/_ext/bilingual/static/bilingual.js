/* The switch 中文 | English | 双语, and the words that a style sheet cannot hide:
   the window's title, tooltips, labels for screen readers, texts made by scripts. */
(function () {
  "use strict";
  const root = document.documentElement;
  const KEY = "book-lang", SEPARATOR = " | ", HAN = /[\u3400-\u9fff]/;
  const ATTRIBUTES = ["title", "aria-label", "alt", "placeholder", "data-bs-title",
    "data-bs-original-title", "data-tooltip", "data-toggle-hint", "data-title"];
  const OPAQUE = "script, style, pre, code, textarea, svg, .bi-sep, math";
  /* What other scripts write in one language only. */
  const ONE_LANGUAGE = { "Toggle hidden content": "展开或收起 | Show or hide" };
  if (!root.dataset.bookLang) return;              // a book in one language

  const halves = (text) => {
    const parts = (text || "").split(SEPARATOR);
    return parts.length === 2 && HAN.test(parts[0]) && !HAN.test(parts[1]) ? parts : null;
  };
  const pick = (text, mode) => {
    const pair = halves(text);
    return pair && mode !== "both" ? pair[mode === "zh" ? 0 : 1] : text;
  };

  /* Attributes: remember the whole text, show the half. */
  const whole = new WeakMap();
  function attributes(element) {
    for (const name of ATTRIBUTES) {
      if (!element.hasAttribute(name)) continue;
      const known = whole.get(element) || whole.set(element, {}).get(element);
      const now = ONE_LANGUAGE[element.getAttribute(name)] || element.getAttribute(name);
      if (halves(now)) known[name] = now;          // set by the page or by a script
      else if (!known[name] || !halves(known[name]).includes(now)) continue;
      const wanted = pick(known[name], root.dataset.bookLang);
      if (element.getAttribute(name) !== wanted) element.setAttribute(name, wanted);
    }
  }
  /* Texts that scripts write: mark their halves as the page's own are marked. */
  function text(node) {
    const pair = halves(node.data.trim());
    if (!pair || !node.parentElement || node.parentElement.closest(OPAQUE)) return;
    const make = (name, lang, words) => {
      const span = document.createElement("span");
      span.className = name;
      if (lang) span.lang = lang;
      span.textContent = words;
      return span;
    };
    node.replaceWith(make("zh", "zh-CN", pair[0]), make("bi-sep", "", SEPARATOR), make("en", "en", pair[1]));
  }
  function visit(node) {
    if (node.nodeType === Node.TEXT_NODE) return text(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    texts.forEach(text);
    attributes(node);
    node.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join()).forEach(attributes);
  }

  const fullTitle = document.title;
  const title = (mode) => fullTitle.split(" — ").map((part) => {
    const number = (part.match(/^[\d.]+\s+/) || [""])[0];   // belongs to both halves
    return number + pick(part.slice(number.length), mode);
  }).join(" — ");

  /* Where the reader is: the first block in sight, or its twin when it is hidden. */
  const HEADER = 64;
  const isShown = (block) => block && block.getClientRects().length > 0;
  function place() {
    if (!scrollY) return () => {};                 // and nothing need be laid out to know it
    const blocks = [...document.querySelectorAll("article section > :not(section)")].filter(isShown);
    const block = blocks.find((each) => each.getBoundingClientRect().bottom > HEADER);
    const before = block && block.getBoundingClientRect().top;
    return () => {
      const twin = block && [block, block.nextElementSibling, block.previousElementSibling].find(isShown);
      if (twin) scrollBy({ top: twin.getBoundingClientRect().top - before, behavior: "instant" });
    };
  }

  function show(mode) {
    const stay = place();
    root.dataset.bookLang = mode;
    root.lang = mode === "en" ? "en" : root.dataset.pageLang || "zh-CN";
    stay();
    document.title = title(mode);
    visit(document.body);
    for (const button of document.querySelectorAll(".bi-switch button"))
      button.setAttribute("aria-pressed", String(button.value === mode));
  }
  function choose(mode) {
    show(mode);
    try { localStorage.setItem(KEY, mode); } catch (error) { /* lasts for this page */ }
    const url = new URL(location.href);
    if (url.searchParams.has("lang")) {
      url.searchParams.set("lang", mode);
      try { history.replaceState(null, "", url); } catch (error) { /* file:// */ }
    }
  }

  /* Words inside other scripts: give them both halves before they are used. */
  function scripts() {
    try {                                          // sphinx-copybutton
      const zh = messages["zh-CN"], en = messages.en;
      for (const key in zh) {
        const both = zh[key] + SEPARATOR + en[key];
        ONE_LANGUAGE[zh[key]] = ONE_LANGUAGE[en[key]] = both;   // buttons that it has made
        zh[key] = en[key] = both;
      }
    } catch (error) { /* not on this page */ }
    try {                                          // Sphinx's search
      const all = Documentation.TRANSLATIONS;
      for (const key of Object.keys(all)) {
        const zh = all[key];
        Object.defineProperty(all, key, { enumerable: true, get: () =>
          root.dataset.bookLang === "en" ? key : zh });
      }
    } catch (error) { /* not on this page */ }
  }

  function bar() {
    let box = document.querySelector(".bi-switch");
    if (box) return box;
    box = document.createElement("div");           // a theme without a place for it
    box.className = "bi-switch bi-float";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "语言 | Language");
    for (const [mode, name] of [["zh", "中文"], ["en", "English"], ["both", "双语"]]) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", value: mode, textContent: name });
      box.append(button);
    }
    document.body.append(box);
    return box;
  }

  scripts();
  bar();
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest(".bi-switch button");
    if (button) choose(button.value);
  });
  window.addEventListener("storage", (event) => {  // chosen in another window
    if (event.key === KEY && /^(zh|en|both)$/.test(event.newValue)) show(event.newValue);
  });
  show(root.dataset.bookLang);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") attributes(change.target);
      else change.addedNodes.forEach(visit);
    }
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ATTRIBUTES });
})();
