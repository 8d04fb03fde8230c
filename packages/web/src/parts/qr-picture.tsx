import encodeQr from "qr";

/** Made here: the secret in it goes to nobody who draws pictures. */
export function QrPicture(props: {
  readonly text: string;
  readonly label: string;
  readonly sizePx?: number;
}) {
  const rows = encodeQr(props.text, "raw", { border: 4 });
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("");
  return (
    <svg
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      width={props.sizePx ?? 208}
      height={props.sizePx ?? 208}
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
