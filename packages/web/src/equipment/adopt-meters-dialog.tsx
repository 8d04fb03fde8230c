import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ClipboardEvent, useEffect, useState } from "react";
import { api, type Concentrator, type MetersAdopted } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice } from "../parts/notices.tsx";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";

export type FoundMeter = Concentrator["meterList"][number];

/** Gives meters that a concentrator found their points: codes are typed or pasted as a column, checked, and then taken over. */
export function AdoptMetersDialog(props: {
  readonly gatewayId: number;
  readonly meters: readonly FoundMeter[];
  readonly opened: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useLocale();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="xl"
      title={t("meters.adopt", { count: props.meters.length })}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <AdoptForm {...props} />
    </Modal>
  );
}

function AdoptForm(props: {
  readonly gatewayId: number;
  readonly meters: readonly FoundMeter[];
  readonly onClose: () => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { gatewayId, meters } = props;
  const [pods, setPods] = useState<ReadonlyMap<number, string>>(new Map());
  const podOf = (meter: FoundMeter) => pods.get(meter.logicalDevice)?.trim() ?? "";
  const wanted = meters.filter((meter) => /^\S+$/.test(podOf(meter)));
  const body = (dryRun: boolean) => ({
    meters: wanted.map((meter) => ({ logicalDevice: meter.logicalDevice, pod: podOf(meter) })),
    dryRun,
  });
  const check = useMutation({ mutationFn: () => api.adoptMeters(gatewayId, body(true)) });
  const adopt = useMutation({
    mutationFn: () => api.adoptMeters(gatewayId, body(false)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["equipment"] }),
  });
  const { reset } = check;
  // What was checked is not what stands there any more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of a code ends the check.
  useEffect(() => reset(), [pods, reset]);
  const type = (nth: number, lines: readonly string[]) => {
    const next = new Map(pods);
    for (const [offset, line] of lines.entries()) {
      const meter = meters[nth + offset];
      if (meter) next.set(meter.logicalDevice, line);
    }
    setPods(next);
  };
  const paste = (nth: number) => (event: ClipboardEvent) => {
    const lines = event.clipboardData.getData("text").split(/\r?\n/).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    type(nth, lines);
  };
  const told = new Map((adopt.data ?? check.data)?.meters.map((row) => [row.logicalDevice, row]));
  const good = (check.data?.meters ?? []).filter(({ outcome }) => outcome !== "refused").length;
  return (
    <form
      className="e-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (check.data) adopt.mutate();
        else check.mutate();
      }}
    >
      {check.isError ? <ProblemNotice error={check.error} /> : null}
      {adopt.isError ? <ProblemNotice error={adopt.error} /> : null}
      <p>{t("meters.adopt-lead")}</p>
      <ul className="e-stack" style={{ gap: 12 }}>
        {meters.map((meter, nth) => {
          const row = told.get(meter.logicalDevice);
          return (
            <li key={meter.logicalDevice} className="e-row" style={{ alignItems: "end" }}>
              <TextInput
                label={t("meters.pod-of", { name: meter.name })}
                description={[meter.model, meter.line, meter.address].filter(Boolean).join(" · ")}
                maxLength={60}
                style={{ flex: "1 1 240px", maxWidth: 360 }}
                readOnly={adopt.isSuccess}
                value={pods.get(meter.logicalDevice) ?? ""}
                onChange={(event) => type(nth, [event.currentTarget.value])}
                onPaste={paste(nth)}
              />
              <span style={{ paddingBottom: 8 }}>
                {row ? <Outcome row={row} done={adopt.isSuccess} /> : null}
              </span>
            </li>
          );
        })}
      </ul>
      <div role="status">
        {check.data && !adopt.data
          ? t("meters.checked", { good, bad: check.data.meters.length - good })
          : null}
      </div>
      <div className="e-row">
        {adopt.isSuccess ? (
          <Button onClick={props.onClose}>{t("common.close")}</Button>
        ) : (
          <>
            <Button
              type="submit"
              disabled={wanted.length === 0 || (check.data !== undefined && good === 0)}
              loading={check.isPending || adopt.isPending}
            >
              {check.data ? t("meters.adopt", { count: good }) : t("meters.check", { count: wanted.length })}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t("common.cancel")}
            </Button>
          </>
        )}
      </div>
    </form>
  );
}

function Outcome(props: { readonly row: MetersAdopted["meters"][number]; readonly done: boolean }) {
  const { t } = useLocale();
  const { outcome, errorCode, pointId } = props.row;
  if (outcome === "refused")
    return (
      <Mark shape="■" tone="bad">
        {t(problemWords(errorCode ?? "").what)}
      </Mark>
    );
  return (
    <Mark shape="●" tone="ok">
      {props.done && pointId !== null ? (
        <Link to="/points/$pointId" params={{ pointId }} search={{}}>
          {t("meters.adopted")}
        </Link>
      ) : (
        t(`meters.${outcome}`)
      )}
    </Mark>
  );
}
