/** An exact decimal without leading zeros (`0033402.264` to `33402.264`, `-063` to `-63`); `undefined` for other text. */
export function findDecimal(text: string): string | undefined {
  let at = 0;
  const negative = text.charCodeAt(0) === 0x2d;
  if (negative || text.charCodeAt(0) === 0x2b) at++;
  let point = -1;
  let significant = -1;
  let digits = 0;
  let nonZero = false;
  for (let index = at; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x2e && point < 0) point = index;
    else if (code >= 0x30 && code <= 0x39) {
      digits++;
      if (code !== 0x30) nonZero = true;
      if (significant < 0 && point < 0 && code !== 0x30) significant = index;
    } else return undefined;
  }
  if (digits === 0) return undefined;
  const end = point < 0 ? text.length : point;
  const whole = significant < 0 ? "0" : text.slice(significant, end);
  const fraction = point < 0 ? "" : text.slice(point + 1);
  const plain = fraction === "" ? whole : `${whole}.${fraction}`;
  return negative && nonZero ? `-${plain}` : plain;
}
