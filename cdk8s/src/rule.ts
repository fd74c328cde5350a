// Rules of a CustomResourceDefinition, evaluated without an API server.
import { Environment } from '@marcbachmann/cel-js';

/**
 * What of the API server's language the library does not have or reads otherwise, under names of our own.
 * https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library
 */
const environment = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true })
  .registerFunction('list.distinct(): list', (list: readonly unknown[]) => [...new Set(list)])
  .registerFunction('string.matchesCodePoints(string): bool', (text: string, pattern: string) =>
    new RegExp(pattern, 'u').test(text),
  )
  .registerFunction('instant(string): double', instant);

/** In CEL, `namespace` is a reserved word, for which Kubernetes has another spelling. */
const SPELLINGS = { '.__namespace__': '.namespace', '.matches(': '.matchesCodePoints(', 'timestamp(': 'instant(' };

/** Milliseconds since 1970. Throws where there is no such day, which JavaScript takes for one of the next month. */
function instant(text: string): number {
  const ms = Date.parse(text);
  const day = text.slice(0, 'YYYY-MM-DD'.length);
  if (new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) && !Number.isNaN(ms)) return ms;
  throw new RangeError(`${text} is no time`);
}

type Program = (variables: { readonly self: unknown }) => unknown;

const programs = new Map<string, Program>();

function programOf(rule: string): Program {
  let program = programs.get(rule);
  if (program === undefined) {
    const spelt = Object.entries(SPELLINGS).reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), rule);
    program = environment.parse(spelt);
    programs.set(rule, program);
  }
  return program;
}

/** Whether `self` is fine. Throws where the rule cannot be evaluated on it; the API server takes that for a breach. */
export const holds = (rule: string, self: unknown): boolean => programOf(rule)({ self }) === true;
