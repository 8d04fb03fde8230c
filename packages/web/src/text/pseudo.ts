const accents: Readonly<Record<string, string>> = {
  a: "á", b: "ƀ", c: "ç", d: "ð", e: "é", f: "ƒ", g: "ĝ", h: "ĥ", i: "í", j: "ĵ", k: "ķ", l: "ļ", m: "ɱ", n: "ñ", o: "ó",
  p: "þ", r: "ŕ", s: "š", t: "ţ", u: "ú", v: "ṽ", w: "ŵ", x: "ẋ", y: "ý", z: "ž",
  A: "Á", B: "Ɓ", C: "Ç", D: "Ð", E: "É", F: "Ƒ", G: "Ĝ", H: "Ĥ", I: "Í", L: "Ļ", M: "Ṁ", N: "Ñ", O: "Ó", P: "Þ", R: "Ŕ",
  S: "Š", T: "Ţ", U: "Ú", V: "Ṽ", W: "Ŵ", Z: "Ž",
}; // biome-ignore format: a table

/**
 * A finished text made 40 % longer and visibly foreign, for the tests: what is clipped shows, and so does what never
 * went through the catalogue.
 */
export function pseudo(text: string): string {
  const accented = Array.from(text, (letter) => accents[letter] ?? letter).join("");
  return `⟦${accented}${"·".repeat(Math.ceil(text.length * 0.4))}⟧`;
}
