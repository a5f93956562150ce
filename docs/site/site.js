// What the theme leaves out for those who read with ears or with keys alone.
window.addEventListener("load", () => {
  for (const caption of document.querySelectorAll("[role=heading]:not([aria-level])")) {
    caption.setAttribute("aria-level", "2");
  }
  const names = { "sidebar-drawer": "All pages", "toc-drawer": "On this page" };
  for (const [drawer, name] of Object.entries(names)) {
    document.querySelector(`aside.${drawer}`)?.setAttribute("aria-label", name);
  }
  for (const block of document.querySelectorAll("pre, .table-wrapper, .output")) {
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
  }
});
