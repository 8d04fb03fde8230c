import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { parseAst } from "vite";

/** Hits of one loop in one run beyond which it is called endless. Far above what a bounded decoder does with some KiB. */
const loopHitsMax = 2_000_000;

/** How often each place in the instrumented code was reached since the counters were last cleared. */
export class Counters {
  readonly hits = new Uint32Array(16_384);
  used = 0;
  /** Short strings and small numbers that stand in the sources: what the decoders compare with. */
  readonly literals = new Set<string>();

  clear(): void {
    this.hits.fill(0, 0, this.used);
  }

  /** All places together: a measure of work that is the same on every machine. */
  steps(): number {
    let steps = 0;
    for (let at = 0; at < this.used; at++) steps += this.hits[at]!;
    return steps;
  }
}

/** Thrown out of a loop that does not end. */
export class EndlessLoop extends Error {}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

const loops = new Set([
  "ForStatement",
  "ForOfStatement",
  "ForInStatement",
  "WhileStatement",
  "DoWhileStatement",
]);

/** Brings the counters into a module; on its first line, so that lines keep their numbers. */
const prologue = "const{hits:__hits,endless:__endless}=globalThis.energsysFuzz;";

/** Adds a counter to every function, branch, loop and alternative of a source in JavaScript. */
export function instrument(source: string, counters: Counters): string {
  const opening: { at: number; text: string }[] = [];
  const closing: { at: number; text: string }[] = [];
  const next = (): number => {
    if (counters.used === counters.hits.length) throw new Error("more places than counters");
    return counters.used++;
  };
  const count = (loop: boolean): string => {
    const place = next();
    return loop ? `if(++__hits[${place}]>${loopHitsMax})__endless();` : `__hits[${place}]++;`;
  };
  const statement = (node: Node, loop = false): void => {
    if (node.type === "BlockStatement") {
      opening.push({ at: node.start + 1, text: count(loop) });
      children(node);
      return;
    }
    opening.push({ at: node.start, text: `{${count(loop)}` });
    walk(node);
    closing.push({ at: node.end, text: "}" });
  };
  const expression = (node: Node): void => {
    opening.push({ at: node.start, text: `(__hits[${next()}]++,` });
    walk(node);
    closing.push({ at: node.end, text: ")" });
  };
  const children = (node: Node, except: readonly unknown[] = []): void => {
    for (const key of Object.keys(node)) {
      const value = node[key];
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child) && !except.includes(child)) walk(child);
      }
    }
  };
  const walk = (node: Node): void => {
    if (node.type === "Literal") takeLiteral(node, counters);
    if (node.type === "IfStatement") {
      const { consequent, alternate } = node as unknown as { consequent: Node; alternate: Node | null };
      children(node, [consequent, alternate]);
      statement(consequent);
      if (alternate) statement(alternate);
      else closing.push({ at: consequent.end, text: `else{${count(false)}}` });
    } else if (loops.has(node.type)) {
      const { body } = node as unknown as { body: Node };
      children(node, [body]);
      statement(body, true);
    } else if (node.type === "ConditionalExpression") {
      const { test, consequent, alternate } = node as unknown as Record<string, Node>;
      walk(test!);
      expression(consequent!);
      expression(alternate!);
    } else if (node.type === "LogicalExpression") {
      const { left, right } = node as unknown as Record<string, Node>;
      walk(left!);
      expression(right!);
    } else if (node.type === "ArrowFunctionExpression" && (node.body as Node).type !== "BlockStatement") {
      children(node, [node.body]);
      expression(node.body as Node);
    } else if (node.type === "BlockStatement") {
      statement(node);
    } else if (node.type === "SwitchCase") {
      const [first] = node.consequent as Node[];
      if (first) opening.push({ at: first.start, text: count(false) });
      children(node);
    } else if (!node.type.startsWith("Import")) {
      children(node);
    }
  };
  walk(parseAst(source) as unknown as Node);
  return insert(source, opening, closing);
}

/** At one place what closes comes before what opens; openings came outermost first, closings innermost first. */
function insert(
  source: string,
  opening: readonly { at: number; text: string }[],
  closing: readonly { at: number; text: string }[],
): string {
  const all = [
    ...closing.map((each) => ({ ...each, rank: 0 })),
    ...opening.map((each) => ({ ...each, rank: 1 })),
  ];
  all.sort((a, b) => a.at - b.at || a.rank - b.rank);
  let text = "";
  let from = 0;
  for (const { at, text: inserted } of all) {
    text += source.slice(from, at) + inserted;
    from = at;
  }
  return text + source.slice(from);
}

function takeLiteral(node: Node, counters: Counters): void {
  const { value } = node;
  if (typeof value === "string" && value.length > 0 && value.length <= 24) counters.literals.add(value);
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff) {
    counters.literals.add(
      value < 256 ? String.fromCharCode(value) : String.fromCharCode(value >> 8, value & 255),
    );
  }
}

/** From now on modules below `folder` are counted as they are loaded. */
export function instrumentFolder(folder: URL): Counters {
  const counters = new Counters();
  Object.assign(globalThis, {
    energsysFuzz: {
      hits: counters.hits,
      endless: () => {
        throw new EndlessLoop(`a loop ran ${loopHitsMax} times`);
      },
    },
  });
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith(folder.href)) return nextLoad(url, context);
      const { source } = nextLoad(url, { ...context, format: "module-typescript" });
      const text = typeof source === "string" ? source : new TextDecoder().decode(source as Uint8Array);
      const plain = fileURLToPath(url).endsWith(".ts") ? stripTypeScriptTypes(text) : text;
      return { format: "module", source: prologue + instrument(plain, counters), shortCircuit: true };
    },
  });
  return counters;
}
