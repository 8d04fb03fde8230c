import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { api } from "../api/client.ts";
import { ChangeForm, Field, ReasonField } from "../parts/change-form.tsx";
import { useLocale } from "../text/provider.tsx";

const directions = ["import", "export", "both"] as const;

/** A point of measure at a location, entered by hand; its meter comes with a device or an exchange. */
export function PointForm(props: { readonly locationId: number; readonly onEnd: () => void }) {
  const { t } = useLocale();
  const { locationId, onEnd } = props;
  const [pod, setPod] = useState("");
  const [name, setName] = useState("");
  const [phases, setPhases] = useState<1 | 3>(1);
  const [direction, setDirection] = useState<(typeof directions)[number]>("import");
  const [reason, setReason] = useState("");
  const given = { pod: pod.trim(), name: name.trim(), phases, direction, reason: reason.trim() };
  const isCode = /^\S{1,60}$/.test(given.pod);
  return (
    <ChangeForm
      changes={[["location"], ["locations"], ["points"]]}
      onEnd={onEnd}
      complete={isCode && given.reason.length >= 3}
      run={() => api.addPoint(locationId, given)}
    >
      <Field
        label={t("points.pod")}
        value={pod}
        wrong={given.pod === "" || isCode ? undefined : t("places.pod-wrong")}
        onChange={setPod}
      />
      <Field label={t("points.name")} value={name} onChange={setName} />
      <NativeSelect
        label={t("places.phases")}
        value={String(phases)}
        data={["1", "3"]}
        onChange={(event) => setPhases(event.currentTarget.value === "3" ? 3 : 1)}
      />
      <NativeSelect
        label={t("places.direction")}
        value={direction}
        data={directions.map((value) => ({ value, label: t(`direction.${value}`) }))}
        onChange={({ currentTarget: { value } }) =>
          setDirection(directions.find((one) => one === value) ?? "import")
        }
      />
      <ReasonField value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
