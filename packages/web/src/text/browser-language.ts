/**
 * A browser whose system has no language at all names itself "en-US@posix", which Intl refuses: libraries that format by
 * the browser's language while they are loaded would take the page down with them. Our own formats never ask for it.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
