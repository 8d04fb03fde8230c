import { Button, NativeSelect, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { fieldOfInstant, instantOfField } from "../log/search.ts";
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
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { query, options } = useTypeOptions();
  const [typeId, setTypeId] = useState("");
  const [state, setState] = useState<"stock" | "manufacturing">("stock");
  const [at, setAt] = useState(() => fieldOfInstant(new Date().toISOString(), zone));
  const [given, setGiven] = useState({ serial: "", year: "", place: "", reason: "" });
  const chosen = Number(typeId || options?.[0]?.value);
  const from = instantOfField(at, zone);
  const complete =
    chosen > 0 &&
    given.serial.trim() !== "" &&
    given.reason.trim().length >= 3 &&
    from !== undefined &&
    (given.year === "" || /^(19[5-9]\d|20\d{2})$/.test(given.year));
  const add = useMutation({
    mutationFn: () =>
      api.addMeter({
        meterTypeId: chosen,
        serial: given.serial.trim(),
        midYear: given.year === "" ? null : Number(given.year),
        state,
        at: from ?? "",
        place: given.place.trim(),
        reason: given.reason.trim(),
      }),
    onSuccess: async ({ meterId }) => {
      notifications.show({ message: t("meters.added") });
      await queries.invalidateQueries({ queryKey: ["meters"] });
      onEnd();
      void navigate({ to: "/cfg/meters/$meterId", params: { meterId } });
    },
  });
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (options?.length === 0) return <p>{t("types.none-do")}</p>;
  const field = (key: keyof typeof given, label: string) => (
    <TextInput
      label={label}
      value={given[key]}
      autoComplete="off"
      onChange={(event) => {
        const { value } = event.currentTarget;
        setGiven((known) => ({ ...known, [key]: value }));
      }}
    />
  );
  return (
    <form
      className="e-stack"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (complete) add.mutate();
      }}
    >
      {add.isError ? <ProblemNotice error={add.error} /> : null}
      <div className="e-log-filters">
        <NativeSelect
          label={t("meters.type")}
          value={typeId}
          data={options ?? []}
          onChange={(event) => setTypeId(event.currentTarget.value)}
        />
        {field("serial", t("meters.serial"))}
        {field("year", t("meters.mid-year"))}
        <NativeSelect
          label={t("meters.state")}
          value={state}
          data={[
            { value: "stock", label: t("meters.state-stock") },
            { value: "manufacturing", label: t("meters.state-manufacturing") },
          ]}
          onChange={(event) => setState(event.currentTarget.value === "stock" ? "stock" : "manufacturing")}
        />
        <TextInput
          type="datetime-local"
          label={t("meters.at")}
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        {field("place", t("meters.place"))}
      </div>
      {field("reason", t("meters.reason"))}
      <div className="e-row">
        <Button type="submit" loading={add.isPending} disabled={!complete}>
          {t("meters.save")}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
