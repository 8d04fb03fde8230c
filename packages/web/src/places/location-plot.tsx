import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, type LocationRow } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { plotOf } from "./plot.ts";
import type { LocationsSearch } from "./search.ts";

const shownMax = 500;
const size = { width: 960, height: 320, edge: 18 };
const colours = { intact: "var(--e-ok)", broken: "var(--e-bad)", none: "var(--e-muted)" } as const;

/** Where the first locations of a list lie: positions alone, no picture from elsewhere. The list below says the same and is for the keys. */
export function LocationPlot({ asked }: { readonly asked: Omit<LocationsSearch, "plot"> }) {
  const { t, f } = useLocale();
  const navigate = useNavigate();
  const found = useQuery({
    queryKey: ["locations", "plot", asked],
    queryFn: ({ signal }) => api.locations({ ...asked, limit: shownMax }, signal),
    placeholderData: (before) => before,
  });
  if (found.isError) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const { marks, scaleM, scaleWidth } = plotOf(found.data.rows, size);
  if (marks.length === 0) return <p className="e-muted">{t("places.plot-none")}</p>;
  const what = t("places.plot-what", { count: marks.length });
  const open = ({ locationId }: LocationRow) =>
    void navigate({ to: "/cfg/locations/$locationId", params: { locationId }, search: {} });
  return (
    <figure className="e-panel" style={{ margin: "0 0 12px" }}>
      <svg
        role="img"
        aria-label={what}
        viewBox={`0 0 ${size.width} ${size.height}`}
        style={{ width: "100%", height: "auto", display: "block" }}
      >
        {marks.map(({ row, x, y }) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse alone.
          <g key={row.locationId} onClick={() => open(row)} style={{ cursor: "pointer" }}>
            <title>{`${row.address} · ${t(`places.seal-${row.sealState}`)}`}</title>
            {row.sealState === "broken" ? (
              <rect x={x - 5} y={y - 5} width="10" height="10" fill={colours.broken} />
            ) : (
              <circle
                cx={x}
                cy={y}
                r="5"
                fill={row.sealState === "intact" ? colours.intact : "none"}
                stroke={colours[row.sealState]}
                strokeWidth="2"
              />
            )}
          </g>
        ))}
        <path d={`M${size.edge} ${size.height - 8} h${scaleWidth}`} stroke="currentColor" strokeWidth="2" />
        <text x={size.edge} y={size.height - 13} fontSize="12" fill="currentColor">
          {scaleM >= 1_000 ? `${f.number(scaleM / 1_000)} km` : `${f.number(scaleM)} m`}
        </text>
      </svg>
      <figcaption className="e-small e-muted" style={{ padding: "0 12px 8px" }}>
        {what}
      </figcaption>
    </figure>
  );
}
