// Argo CD's health of our objects: its own test layout, and agreement with kstatus over every reason of every kind.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mergeConditions, readyConditions, type Outcome } from '../../operator/kernel/conditions.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { conditions } from '../../operator/resources/conditions.ts';
import { isTerminal, reasons } from '../../operator/resources/reasons.ts';
import { ArgoHealthScript, HEALTH_SCRIPT, type ArgoHealth } from '../support/argocd.ts';
import { kstatus, type KStatus } from '../support/kstatus.ts';

let argo: ArgoHealthScript;

beforeAll(async () => {
  argo = await ArgoHealthScript.load();
});
afterAll(() => argo.close());

/** In the layout of Argo CD's own repository. */
const TESTS = join(import.meta.dirname, 'argocd');
const read = (path: string): string => readFileSync(join(TESTS, path), 'utf8');

interface HealthTest {
  readonly healthStatus: ArgoHealth;
  readonly inputPath: string;
}
const { tests } = parse(read('health_test.yaml')) as { readonly tests: readonly HealthTest[] };

describe('health_test.yaml', () => {
  it.each(tests)('$inputPath is $healthStatus.status', ({ inputPath, healthStatus }) => {
    expect(argo.healthOf(parse(read(inputPath)) as KubeObject)).toEqual(healthStatus);
  });

  it('uses every file of testdata, and each kind has one', () => {
    const used = tests.map(({ inputPath }) => inputPath.replace('testdata/', ''));
    expect(used.toSorted()).toEqual(readdirSync(join(TESTS, 'testdata')).toSorted());
    const kinds = tests.map(({ inputPath }) => (parse(read(inputPath)) as KubeObject).kind);
    expect(new Set(kinds)).toEqual(new Set(Object.keys(conditions)));
  });
});

describe('the health script', () => {
  const waitsForPeople = [...readFileSync(HEALTH_SCRIPT, 'utf8').matchAll(/^ {2}(\w+) = true,$/gm)].map(
    ([, reason]) => reason,
  );

  it('knows only reasons that there are, of those that pass by themselves or by people', () => {
    expect(waitsForPeople.length).toBeGreaterThan(0);
    const terminal = waitsForPeople.filter((reason) => isTerminal(reason as keyof typeof reasons));
    expect(waitsForPeople.filter((reason) => !Object.hasOwn(reasons, reason ?? ''))).toEqual([]);
    expect(terminal).toEqual([]);
  });

  const said: Record<Exclude<KStatus, 'Terminating'>, ArgoHealth['status']> = {
    Current: 'Healthy',
    InProgress: 'Progressing',
    Failed: 'Degraded',
  };
  it.each(Object.entries(conditions))(
    'says of %s what kstatus says, unless people are waited for',
    (kind, { Ready }) => {
      for (const reason of Ready.reasons) {
        for (const type of outcomesOf(reason)) {
          const object = standing(kind, { type, reason });
          const status = type === 'Waiting' ? waiting(reason) : said[kstatus(object) as keyof typeof said];
          expect(argo.healthOf(object), `${type}, ${reason}`).toEqual({ status, message: reason });
        }
      }
    },
  );

  const waiting = (reason: string): ArgoHealth['status'] =>
    waitsForPeople.includes(reason) ? 'Suspended' : reason === 'Drifted' ? 'Degraded' : 'Progressing';

  it('waits for what the operator has not seen, and for what is being deleted', () => {
    const seen = standing('Dataset', { type: 'Ready', reason: 'Succeeded' });
    expect(argo.healthOf(seen).status).toBe('Healthy');
    const deleted = { ...seen, metadata: { ...seen.metadata, deletionTimestamp: '2026-11-02T09:00:00Z' } };
    for (const object of [{ ...seen, metadata: { ...seen.metadata, generation: 2 } }, deleted]) {
      expect(argo.healthOf(object).status).toBe('Progressing');
      expect(kstatus(object)).not.toBe('Current');
    }
    const { status: _none, ...fresh } = seen;
    expect(argo.healthOf(fresh).status).toBe('Progressing');
  });
});

/** How an object may stand while Ready gives this reason. */
function outcomesOf(reason: string): readonly Outcome['type'][] {
  if (['Succeeded', 'Granted'].includes(reason)) return ['Ready'];
  return isTerminal(reason as keyof typeof reasons) ? ['Stalled'] : ['Reconciling', 'Waiting'];
}

function standing(kind: string, outcome: Outcome): KubeObject & { status: object } {
  return {
    apiVersion: 'dataall.io/v1alpha1',
    kind,
    metadata: { name: 'one', generation: 1 },
    status: { observedGeneration: 1, conditions: mergeConditions(undefined, readyConditions(outcome), 1, 0) },
  };
}
