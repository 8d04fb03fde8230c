/** One interface class: attribute 1 is `logical_name`; names are the standard's own spelling. */
export interface CosemClass {
  readonly id: number;
  readonly name: string;
  /** From attribute 1 on. */
  readonly attributes: readonly string[];
  /** From method 1 on. */
  readonly methods: readonly string[];
}
