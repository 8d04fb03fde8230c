interface Asked {
  readonly queryKey: readonly unknown[];
}

/**
 * What a query shows until its answer is there: the answer before it, when that was about the same subject. `subject` is the beginning of
 * both keys. A group's figures below another group's name would mislead.
 */
export const formerOf =
  (...subject: readonly unknown[]) =>
  <Data>(data: Data | undefined, asked: Asked | undefined): Data | undefined =>
    asked && subject.every((part, nth) => asked.queryKey[nth] === part) ? data : undefined;
