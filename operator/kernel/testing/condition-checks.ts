// Flux's rules for conditions (fluxcd/pkg runtime/conditions/check, FAIL0001 to FAIL0009 and FAIL0011): tests run them after every
// status write. FAIL0010 is left out: we set observedGeneration whenever the spec was processed, even to failure.

import { type Condition, findCondition, isTrue } from '../conditions.ts';
import type { KubeObject } from '../kind.ts';

export interface CheckedStatus {
  observedGeneration?: number;
  conditions?: readonly Condition[];
}

/**
 * The rules an object breaks, each with its number; empty when all is well.
 * @param negative condition types that are bad news when True
 */
export function checkConditions(
  object: KubeObject & { status?: CheckedStatus },
  negative: readonly string[] = ['Reconciling', 'Stalled'],
): string[] {
  const conditions = object.status?.conditions ?? [];
  const observed = object.status?.observedGeneration ?? -1;
  const generation = object.metadata.generation ?? 0;
  const ready = findCondition(conditions, 'Ready');
  const isReady = ready?.status === 'True';
  const types = (failing: (condition: Condition) => boolean) =>
    conditions
      .filter(failing)
      .map(({ type }) => type)
      .join(', ');

  const bad = types(({ type, status }) => negative.includes(type) && status === 'True');
  const behind = types(({ observedGeneration }) => observedGeneration < generation);
  const apart = types(({ observedGeneration }) => observedGeneration !== observed);
  const broken: [rule: string, isBroken: boolean, what: string][] = [
    ['FAIL0001', isReady && bad !== '', `Ready must not be True while ${bad} is True`],
    ['FAIL0002', ready === undefined, 'Ready must always be present'],
    ['FAIL0004', isTrue(conditions, 'Stalled') && ready?.status !== 'False', 'Ready must be False while Stalled'],
    ['FAIL0005', isBoth(conditions, 'Reconciling', 'Stalled'), 'Reconciling and Stalled must not be present at once'],
    ['FAIL0006', observed > generation, `observedGeneration ${observed} is ahead of generation ${generation}`],
    [
      'FAIL0007',
      isReady && observed < generation,
      `Ready must not be True while observedGeneration is behind ${generation}`,
    ],
    ['FAIL0008', isReady && behind !== '', `Ready must not be True while ${behind} is of an older generation`],
    ['FAIL0009', isReady && apart !== '', `the generation of ${apart} must be observedGeneration ${observed}`],
    ['FAIL0011', isReady && isTrue(conditions, 'Reconciling'), 'Ready must be False or Unknown while Reconciling'],
  ];
  return broken.filter(([, isBroken]) => isBroken).map(([rule, , what]) => `${rule}: ${what}`);
}

function isBoth(conditions: readonly Condition[], a: string, b: string): boolean {
  return findCondition(conditions, a) !== undefined && findCondition(conditions, b) !== undefined;
}
