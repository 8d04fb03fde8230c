import { Link } from "@tanstack/react-router";
import type { Concentrator } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { MeterMark } from "./marks.tsx";
import { type TopologyNode, topologyOf } from "./topology.ts";

/** Lines, local modules and meters as a list of lists: each screen reader and each keyboard knows how to walk one. */
export function TopologyTree({ meters }: { readonly meters: Concentrator["meterList"] }) {
  const { t } = useLocale();
  return (
    <ul className="e-topology" aria-label={t("equipment.tree")}>
      {topologyOf(meters).map(({ line, nodes }) => (
        <li key={line}>
          <strong>{t("equipment.line", { line })}</strong>
          <ul>
            {nodes.map((node) => (
              <Node key={node.meter.logicalDevice} {...node} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Node({ meter, below }: TopologyNode) {
  const { t } = useLocale();
  const place =
    meter.input !== null
      ? t("equipment.input", { input: meter.input })
      : meter.address
        ? t("equipment.address", { address: meter.address })
        : "";
  return (
    <li>
      <span className="e-topology-node" data-differs={meter.state === "known" ? undefined : ""}>
        <MeterMark state={meter.state} />
        <span>{meter.name}</span>
        <span className="e-muted e-small">{[meter.model, place].filter(Boolean).join(" · ")}</span>
        {meter.pointId !== null && meter.pod !== null ? (
          <Link to="/points/$pointId" params={{ pointId: meter.pointId }} search={{}}>
            {meter.pod}
          </Link>
        ) : below.length > 0 ? null : (
          <span className="e-muted e-small">{t("equipment.not-adopted")}</span>
        )}
      </span>
      {below.length > 0 ? (
        <ul>
          {below.map((node) => (
            <Node key={node.meter.logicalDevice} {...node} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}
