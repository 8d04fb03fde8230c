import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Concentrator } from "../api/client.ts";
import { ProblemNotice } from "../parts/notices.tsx";
import { useMay } from "../session.ts";
import { useLocale } from "../text/provider.tsx";
import { AdoptMetersDialog, type FoundMeter } from "./adopt-meters-dialog.tsx";
import { ExchangeDialog, type SeenExchange } from "./exchange-dialog.tsx";

/** The work list of one concentrator: what the field says otherwise than we know. */
export function DifferencesPanel({ concentrator }: { readonly concentrator: Concentrator }) {
  const { t, f } = useLocale();
  const may = useMay();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [note, setNote] = useState("");
  // As they are when the dialog opens: what is adopted leaves the list behind it, and the dialog tells what became of each.
  const [adopting, setAdopting] = useState<readonly FoundMeter[]>();
  const [exchange, setExchange] = useState<SeenExchange>();
  const rows = concentrator.openDifferences;
  const picked = rows.filter(({ differenceId }) => chosen.has(differenceId));
  const acknowledge = useMutation({
    mutationFn: () =>
      api.acknowledgeDifferences({
        differenceIds: picked.map(({ differenceId }) => differenceId),
        ...(note.trim() === "" ? {} : { note: note.trim() }),
      }),
    onSuccess: async () => {
      setChosen(new Set());
      setNote("");
      await queries.invalidateQueries({ queryKey: ["equipment"] });
    },
  });
  const isOurs = concentrator.state !== "quarantine" && concentrator.state !== "retired";
  const mayAdopt = isOurs && may("equipment.change") && may("devices.change");
  const modules = new Set(concentrator.meterList.map(({ module }) => module));
  const adoptable = concentrator.meterList.filter(
    (meter) =>
      meter.deviceId === null &&
      !modules.has(meter.logicalDevice) &&
      meter.state !== "exchanged" &&
      meter.state !== "removed",
  );
  // Those that were chosen; all that nobody adopted, when none was.
  const chosenNew = adoptable.filter((meter) =>
    picked.some(({ logicalDevice }) => logicalDevice === meter.logicalDevice),
  );
  const toAdopt = chosenNew.length > 0 ? chosenNew : adoptable;
  const toggle = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <section className="e-panel" aria-labelledby="differences">
      <div className="e-panel-head">
        <h2 id="differences">{t("equipment.work")}</h2>
      </div>
      {rows.length === 0 ? <p className="e-panel-body e-muted">{t("equipment.work-none")}</p> : null}
      {acknowledge.isError ? <ProblemNotice error={acknowledge.error} /> : null}
      {rows.length > 0 ? (
        <ul className="e-panel-body e-stack" style={{ gap: 8 }}>
          {rows.map((row) => {
            const what = t(`difference.${row.kind}`);
            const place = row.was === null || row.was === row.is ? row.is : null;
            const facts = (
              <>
                <strong>{what}</strong> {row.name}{" "}
                <span className="e-muted e-small">
                  {[
                    row.was !== null && row.is !== null && row.was !== row.is
                      ? t("equipment.was-is", { was: row.was, is: row.is })
                      : place,
                    f.instant(Date.parse(row.at)),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </>
            );
            return (
              <li key={row.differenceId} className="e-row" style={{ justifyContent: "space-between" }}>
                {may("equipment.change") ? (
                  <Checkbox
                    label={facts}
                    checked={chosen.has(row.differenceId)}
                    onChange={() => toggle(row.differenceId)}
                  />
                ) : (
                  <span>{facts}</span>
                )}
                <AcceptButton
                  seen={mayAdopt && row.kind === "exchanged" ? exchangeOf(concentrator, row) : undefined}
                  onOpen={setExchange}
                />
              </li>
            );
          })}
        </ul>
      ) : null}
      {mayAdopt && adoptable.length > 0 ? (
        <div className="e-panel-body e-row">
          <Button variant="default" onClick={() => setAdopting(toAdopt)}>
            {t("meters.adopt", { count: toAdopt.length })}
          </Button>
        </div>
      ) : null}
      <AdoptMetersDialog
        gatewayId={concentrator.gatewayId}
        meters={adopting ?? []}
        opened={adopting !== undefined}
        onClose={() => setAdopting(undefined)}
      />
      <ExchangeDialog
        gatewayId={concentrator.gatewayId}
        exchange={exchange}
        onClose={() => setExchange(undefined)}
      />
      {rows.length > 0 && may("equipment.change") ? (
        <form
          className="e-panel-body e-row"
          style={{ alignItems: "end" }}
          onSubmit={(event) => {
            event.preventDefault();
            acknowledge.mutate();
          }}
        >
          <TextInput
            label={t("equipment.note")}
            maxLength={500}
            style={{ flex: "1 1 220px" }}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" disabled={picked.length === 0} loading={acknowledge.isPending}>
            {t("equipment.acknowledge", { count: picked.length })}
          </Button>
        </form>
      ) : null}
    </section>
  );
}

type Difference = Concentrator["openDifferences"][number];

/** The meter that stands where the exchanged one stood, when the old one is at a point. */
function exchangeOf(concentrator: Concentrator, row: Difference): SeenExchange | undefined {
  const { meterList } = concentrator;
  const old = meterList.find(({ logicalDevice }) => logicalDevice === row.logicalDevice);
  if (!old || old.pointId === null) return undefined;
  const fresh = meterList.find(
    (meter) =>
      meter !== old &&
      meter.deviceId === null &&
      meter.state !== "exchanged" &&
      meter.state !== "removed" &&
      [meter.line, meter.address, meter.module, meter.input].join() ===
        [old.line, old.address, old.module, old.input].join(),
  );
  return fresh && { old, fresh, at: row.at };
}

function AcceptButton(props: {
  readonly seen: SeenExchange | undefined;
  readonly onOpen: (seen: SeenExchange) => void;
}) {
  const { t } = useLocale();
  const { seen, onOpen } = props;
  if (!seen) return null;
  return (
    <Button size="xs" variant="default" onClick={() => onOpen(seen)}>
      {t("meters.exchange")}
    </Button>
  );
}
