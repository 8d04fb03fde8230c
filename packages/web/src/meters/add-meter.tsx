import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
import { ChangeForm, Field, isReason, ReasonField } from "../parts/change-form.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

/** The types of today's catalogue, for fields to choose from. */
export function useTypeOptions() {
  const query = useQuery({
    queryKey: ["meter-types", "now"],
    queryFn: ({ signal }) => api.meterTypes(undefined, signal),
  });
  const options = query.data?.rows.map(({ meterTypeId, manufacturer, name }) => ({
    value: String(meterTypeId),
    label: `${manufacturer} ${name}`,
  }));
  return { query, options };
}

/** One meter that came into the store, or onto the line. */
export function AddMeter({ onEnd }: { readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const navigate = useNavigate();
  const { query, options } = useTypeOptions();
  const [typeId, setTypeId] = useState("");
  const [state, setState] = useState<"stock" | "manufacturing">("stock");
  const [at, setAt] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [given, setGiven] = useState({ serial: "", year: "", place: "", reason: "" });
  const chosen = Number(typeId || options?.[0]?.value);
  const from = instantOfField(at, zone);
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (options?.length === 0) return <p>{t("types.none-do")}</p>;
  const field = (key: keyof typeof given) => ({
    value: given[key],
    onChange: (value: string) => setGiven((known) => ({ ...known, [key]: value })),
  });
  return (
    <ChangeForm
      changes={[["meters"]]}
      run={() =>
        api.addMeter({
          meterTypeId: chosen,
          serial: given.serial.trim(),
          midYear: given.year === "" ? null : Number(given.year),
          state,
          at: from ?? "",
          place: given.place.trim(),
          reason: given.reason.trim(),
        })
      }
      complete={
        chosen > 0 &&
        given.serial.trim() !== "" &&
        isReason(given.reason) &&
        from !== undefined &&
        (given.year === "" || /^(19[5-9]\d|20\d{2})$/.test(given.year))
      }
      done={() => t("meters.added")}
      onEnd={onEnd}
      onDone={({ meterId }) => void navigate({ to: "/cfg/meters/$meterId", params: { meterId } })}
    >
      <div className="e-log-filters">
        <NativeSelect
          label={t("meters.type")}
          value={typeId}
          data={options ?? []}
          onChange={(event) => setTypeId(event.currentTarget.value)}
        />
        <Field label={t("meters.serial")} {...field("serial")} />
        <Field figures label={t("meters.mid-year")} {...field("year")} />
        <NativeSelect
          label={t("meters.state")}
          value={state}
          data={[
            { value: "stock", label: t("meters.state-stock") },
            { value: "manufacturing", label: t("meters.state-manufacturing") },
          ]}
          onChange={(event) => setState(event.currentTarget.value === "stock" ? "stock" : "manufacturing")}
        />
        <Field type="datetime-local" label={t("meters.at")} value={at} onChange={setAt} />
        <Field label={t("meters.place")} {...field("place")} />
      </div>
      <ReasonField {...field("reason")} />
    </ChangeForm>
  );
}
