import { Button, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, type Tariff, type TariffTerms } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";
import { dayOf } from "../time/zone.ts";

interface Start {
  readonly code: string;
  readonly name: string;
  readonly terms: TariffTerms;
}

const codeLengthMax = 40;
const nameLengthMax = 120;
/** What a copy's name has more than that of its original. */
const copyWordsMax = 12;
const codePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** A new tariff that begins as a template or as a copy of another one; its page opens then, where all of it is changed. */
export function AddTariff({ copy, onEnd }: { readonly copy?: Start; readonly onEnd: () => void }) {
  const { t } = useLocale();
  const templates = useQuery({
    queryKey: ["tariffs", "templates"],
    queryFn: ({ signal }) => api.tariffTemplates(signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: copy === undefined,
  });
  const tariffs = useQuery({
    queryKey: ["tariffs"],
    queryFn: ({ signal }) => api.tariffs(signal),
    enabled: copy === undefined,
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const tariffId = chosen?.startsWith("#") ? Number(chosen.slice(1)) : undefined;
  const original = useQuery({
    queryKey: ["tariffs", tariffId],
    queryFn: ({ signal }) => api.tariff(tariffId!, signal),
    enabled: tariffId !== undefined,
  });
  const template = templates.data?.rows.find(({ code }) => code === chosen);
  const start =
    copy ?? template ?? (tariffId !== undefined && original.data ? lastOf(t, original.data) : undefined);
  return (
    <div className="e-stack">
      {templates.isError ? (
        <ProblemNotice error={templates.error} onRetry={() => void templates.refetch()} />
      ) : null}
      {original.isError ? (
        <ProblemNotice error={original.error} onRetry={() => void original.refetch()} />
      ) : null}
      {copy ? null : (
        <Select
          label={t("tariffs.template")}
          searchable
          data={[
            {
              group: t("tariffs.templates"),
              items: (templates.data?.rows ?? []).map(({ code, name }) => ({ value: code, label: name })),
            },
            {
              group: t("tariffs.copy-of"),
              items: (tariffs.data?.rows ?? [])
                .filter(({ versions }) => versions > 0)
                .map(({ tariffId, code, name }) => ({ value: `#${tariffId}`, label: `${code} · ${name}` })),
            },
          ]}
          value={chosen}
          onChange={setChosen}
        />
      )}
      {chosen !== null && start === undefined && !original.isError ? <Waiting /> : null}
      {start ? <AddForm key={chosen ?? ""} start={start} onEnd={onEnd} /> : null}
    </div>
  );
}

/** The last version of a tariff under a code that it does not have. */
export function lastOf(
  t: ReturnType<typeof useLocale>["t"],
  { code, name, versions }: Pick<Tariff, "code" | "name" | "versions">,
): Start | undefined {
  const last = versions.at(-1);
  return (
    last && {
      code: `${code.slice(0, codeLengthMax - 2)}-2`,
      name: t("tariffs.copy-name", { name: name.slice(0, nameLengthMax - copyWordsMax) }),
      terms: last.terms,
    }
  );
}

function AddForm({ start, onEnd }: { readonly start: Start; readonly onEnd: () => void }) {
  const { t, zone } = useLocale();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const today = dayOf(useNow(60_000), zone);
  const [code, setCode] = useState(start.code);
  const [name, setName] = useState(start.name);
  const [fromDay, setFromDay] = useState(`${today.slice(0, 7)}-01`);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const missing = {
    code: !codePattern.test(code),
    name: name.trim() === "",
    from: fromDay === "",
    reason: reason.trim().length < 3,
  };
  const add = useMutation({
    mutationFn: () =>
      api.addTariff({
        code,
        name: name.trim(),
        fromDay,
        toDay: null,
        terms: start.terms,
        reason: reason.trim(),
      }),
    onSuccess: async ({ tariffId }) => {
      notifications.show({ message: t("tariffs.saved") });
      await queries.invalidateQueries({ queryKey: ["tariffs"] });
      onEnd();
      void navigate({ to: "/cfg/tariffs/$tariffId", params: { tariffId } });
    },
  });
  return (
    <form
      className="e-stack"
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        setTried(true);
        if (!Object.values(missing).includes(true)) add.mutate();
      }}
    >
      {add.isError ? <ProblemNotice error={add.error} /> : null}
      <TextInput
        label={t("tariffs.code")}
        value={code}
        maxLength={codeLengthMax}
        error={tried && missing.code ? t("tariffs.code-bad") : undefined}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <TextInput
        label={t("tariffs.name")}
        value={name}
        maxLength={nameLengthMax}
        error={tried && missing.name ? t("tariffs.fault.tariff.no-name") : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("tariffs.from")}
        type="date"
        value={fromDay}
        error={tried && missing.from ? t("tariffs.from-missing") : undefined}
        onChange={(event) => setFromDay(event.currentTarget.value)}
      />
      <TextInput
        label={t("tariffs.reason")}
        description={t("tariffs.reason-help")}
        value={reason}
        maxLength={500}
        error={tried && missing.reason ? t("tariffs.reason-missing") : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" loading={add.isPending}>
        {t("tariffs.save")}
      </Button>
    </form>
  );
}
