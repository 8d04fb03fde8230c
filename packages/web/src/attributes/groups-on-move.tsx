import "./texts.ts";
import { Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { Problem } from "../api/problem.ts";
import { useLocale } from "../text/provider.tsx";

const answers = ["end", "keep"] as const;
type Answer = (typeof answers)[number];

/**
 * A move to a branch that groups of the point do not belong to is refused once, with their names: then somebody says whether it leaves
 * them. `asked` runs the move with what was said; `question` stands in the form.
 */
export function useGroupsOnMove() {
  const { t } = useLocale();
  const [names, setNames] = useState<string>();
  const [answer, setAnswer] = useState<Answer>();
  const asked = async <Result,>(move: (said: { groups?: Answer }) => Promise<Result>): Promise<Result> => {
    try {
      return await move(answer === undefined ? {} : { groups: answer });
    } catch (error) {
      if (error instanceof Problem && error.code === "point.leaves-groups") setNames(error.message);
      throw error;
    }
  };
  const question =
    names === undefined ? null : (
      <Radio.Group
        label={t("attributes.groups", { names })}
        value={answer ?? ""}
        onChange={(value) => setAnswer(answers.find((one) => one === value))}
      >
        <Stack gap="xs" mt="xs">
          {answers.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`attributes.groups-${one}`)}
              description={t(`attributes.groups-${one}-help`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    );
  return { asked, question };
}
