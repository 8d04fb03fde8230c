/** The only name one edit away (a letter more, fewer, other, or two swapped; case does not count), if there is one. */
export function propose(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let found: string | undefined;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    if (other === wanted) return candidate;
    if (found === undefined && oneEdit(wanted, other)) found = candidate;
  }
  return found;
}

function oneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 1) return false;
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  if (a.length === b.length) {
    const swapped = a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
    return swapped || a.slice(at + 1) === b.slice(at + 1);
  }
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  return long.slice(at + 1) === short.slice(at);
}
