/** Rows as tab-separated text for a spreadsheet: no cell may bring its own tabs, line ends or formulas. */
export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(tsvCell).join("\t")).join("\r\n");
}

function tsvCell(text: string): string {
  const plain = text.replace(/[\t\r\n]+/g, " ");
  // A negative number stays a number; anything else that a spreadsheet would run is made text.
  return /^[=+@-]/.test(plain) && !/^-?[\d.,\s]+$/.test(plain) ? `'${plain}` : plain;
}
