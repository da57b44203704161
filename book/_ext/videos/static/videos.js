/* A time mark opens the lecture beside the text. Nothing is asked of the lecture's host
   before the click; without this script, or with a modifier key, the mark is a link. */
(() => {
  "use strict";
  const PLAYER = "https://player.bilibili.com/player.html";
  let box = null, opener = null;

  function address(mark) {
    const url = new URL(mark.href);
    const bvid = (url.pathname.match(/BV\w+/) || [])[0];
    const query = new URLSearchParams({
      bvid, p: url.searchParams.get("p"), t: url.searchParams.get("t") || "0",
      autoplay: "1", danmaku: "0",
    });
    return bvid && `${PLAYER}?${query}`;
  }
  function close() {
    box.remove();
    box = null;
    /* Its mark, or the mark's twin if the language was switched meanwhile. */
    const twins = [...document.querySelectorAll("a.video-mark")].filter((mark) => mark.href === opener.href);
    const shown = [opener, ...twins].find((mark) => mark.getClientRects().length);
    if (shown) shown.focus();
  }
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }
  function open(mark, source) {
    if (box) box.remove();
    opener = mark;
    const button = make("button", { type: "button", class: "lecture-close" }, "关闭 | Close");
    button.addEventListener("click", close);
    const link = make("a", { href: mark.href, target: "_blank", rel: "noopener" },
      "在新窗口打开 | Open in a new window");
    box = make("section", { class: "lecture", "aria-label": "课程录像 | Recorded lecture" },
      make("div", { class: "lecture-bar" }, make("p", {}, mark.textContent), link, button),
      make("iframe", { src: source, title: mark.textContent, allow: "autoplay; fullscreen" }));
    document.body.append(box);
    button.focus();
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest && event.target.closest("a.video-mark");
    if (!mark || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const source = address(mark);
    if (!source) return;
    event.preventDefault();
    open(mark, source);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box) close();
  });
})();
