// What can be asked of the benchmark.
import { parseArgs } from 'node:util';

export const scenarioNames = [
  'convergence',
  'restart',
  'steady',
  'latency',
  'revocation',
  'backlog',
  'flood',
  'flood-floor',
  'live',
  'web',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface BenchOptions {
  /** Shares, a multiple of 50. */
  readonly n: number;
  /** Milliseconds that the simulated AWS takes for each call. */
  readonly latency: number;
  /** Whether the simulated AWS throttles as hack/aws/limits.json says. */
  readonly limits: boolean;
  readonly scenarios: ReadonlySet<ScenarioName>;
  /** Samples of each latency. */
  readonly samples: number;
  /** Names of floods; all when empty. */
  readonly floods: ReadonlySet<string>;
}

export const USAGE = `usage: npm run bench -- [--n 1000] [--latency 50] [--limits on|off] [--samples 100]
                       [--scenario all|${scenarioNames.join('|')}]...

Prints one JSON document; what it does meanwhile goes to standard error.
  --n         shares, a multiple of 50 (100, 1000, 10000)
  --latency   milliseconds each call to the simulated AWS takes
  --limits    throttle as hack/aws/limits.json says
  --samples   how often each latency is measured
  --flood     only these of scenarios flood and flood-floor: 'hostile events', 'huge groups', tables, requests
  --scenario  only these; each one that needs converged shares converges first
`;

export class UsageError extends Error {}

export const readOptions = (args: string[]): BenchOptions | 'help' => {
  const { values } = parseArgs({
    args,
    options: {
      n: { type: 'string', default: '1000' },
      latency: { type: 'string', default: '50' },
      limits: { type: 'string', default: 'on' },
      samples: { type: 'string', default: '100' },
      scenario: { type: 'string', multiple: true, default: ['all'] },
      flood: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.limits !== 'on' && values.limits !== 'off') throw new UsageError('--limits is on or off');
  return {
    n: wholeNumber('n', values.n),
    latency: wholeNumber('latency', values.latency),
    limits: values.limits === 'on',
    samples: wholeNumber('samples', values.samples),
    floods: new Set(values.flood),
    scenarios: new Set(values.scenario.flatMap(scenariosOf)),
  };
};

const scenariosOf = (name: string): readonly ScenarioName[] => {
  if (name === 'all') return scenarioNames;
  const known = scenarioNames.find((candidate) => candidate === name);
  if (known === undefined) throw new UsageError(`--scenario is all or one of ${scenarioNames.join(', ')}, not ${name}`);
  return [known];
};

const wholeNumber = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} wants a whole number, not ${text}`);
  return Number(text);
};
