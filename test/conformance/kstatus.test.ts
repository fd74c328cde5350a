// What tools that wait make of our objects, as the real API server keeps them: never done too early, never waiting in vain.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConditions } from '../../operator/kernel/testing/condition-checks.ts';
import { mergeConditions, readyConditions, type Outcome } from '../../operator/kernel/conditions.ts';
import { FINALIZER } from '../../operator/resources/annotations.ts';
import { apiVersion } from '../../operator/resources/kind.ts';
import type { Organization } from '../../operator/resources/organization.ts';
import { isTerminal, reasons, type ReasonName } from '../../operator/resources/reasons.ts';
import { clusterWithKinds, type ClusterWithKinds } from '../support/cluster-with-kinds.ts';
import { kstatus } from '../support/kstatus.ts';
import type { Kubectl } from '../support/kubectl.ts';

let cluster: ClusterWithKinds;
let kubectl: Kubectl;

beforeAll(async () => {
  cluster = await clusterWithKinds();
  kubectl = cluster.kubectl;
});

afterAll(async () => {
  await cluster?.stop();
});

const manifest = (name: string, label = 'ACME') => ({
  apiVersion,
  kind: 'Organization',
  metadata: { name, finalizers: [FINALIZER] },
  spec: { label, owner: 'acme-owners' },
});

async function apply(name: string, label?: string): Promise<Organization> {
  await kubectl.succeed(['apply', '--server-side', '-f', '-'], manifest(name, label));
  return read(name);
}

async function read(name: string): Promise<Organization> {
  return JSON.parse(await kubectl.succeed(['get', 'organization', name, '-o', 'json'])) as Organization;
}

/** Writes status as a controller does after a run with this outcome. */
async function report({ metadata, status }: Organization, outcome: Outcome): Promise<Organization> {
  const conditions = mergeConditions(undefined, readyConditions(outcome), metadata.generation, Date.now());
  await kubectl.succeed(
    ['apply', '--server-side', '--force-conflicts', '--subresource=status', '--field-manager=operator', '-f', '-'],
    {
      apiVersion,
      kind: 'Organization',
      metadata: { name: metadata.name },
      status: { ...status, observedGeneration: metadata.generation, conditions },
    },
  );
  return read(metadata.name);
}

/** Reasons that come with Ready=True or that only other conditions give. */
const good: readonly ReasonName[] = ['Succeeded', 'Approved', 'Granted', 'Healthy', 'Bound'];

function outcomeOf(reason: ReasonName): Outcome {
  const message = reasons[reason].meaning;
  if (good.includes(reason)) return { type: 'Ready', reason, message };
  return { type: isTerminal(reason) ? 'Stalled' : 'Waiting', reason, message };
}

describe('kstatus', () => {
  it('waits for an object that nobody has looked at', async () => {
    expect(kstatus(await apply('untouched'))).toBe('InProgress');
  });

  it('would call it done without the default of status', async () => {
    const { metadata } = await apply('untouched');
    expect(kstatus({ metadata })).toBe('Current');
  });

  it.each([
    ['Ready', 'Current'],
    ['Waiting', 'InProgress'],
    ['Reconciling', 'InProgress'],
    ['Stalled', 'Failed'],
  ] as const)('after a run that ends as %s says %s', async (type, expected) => {
    const name = `outcome-${type.toLowerCase()}`;
    const object = await report(await apply(name), { type, reason: 'Progressing', message: 'x' });
    expect(kstatus(object)).toBe(expected);
    expect(checkConditions(object as Parameters<typeof checkConditions>[0])).toEqual([]);
  });

  it('waits again when the spec changes, until the change is processed', async () => {
    const done = await report(await apply('changed'), { type: 'Ready', reason: 'Succeeded' });
    expect(kstatus(done)).toBe('Current');
    const changed = await apply('changed', 'ACME Corp.');
    expect(kstatus(changed)).toBe('InProgress');
    expect(kstatus(await report(changed, { type: 'Ready', reason: 'Succeeded' }))).toBe('Current');
  });

  it('sees an object that is being deleted, whatever its conditions', async () => {
    await report(await apply('deleted'), { type: 'Ready', reason: 'Succeeded' });
    await kubectl.succeed(['delete', 'organization', 'deleted', '--wait=false']);
    expect(kstatus(await read('deleted'))).toBe('Terminating');
  });

  it.each(Object.keys(reasons) as ReasonName[])('of reason %s is what its meaning says', (reason) => {
    const conditions = mergeConditions(undefined, readyConditions(outcomeOf(reason)), 1, 0);
    const object = {
      apiVersion,
      kind: 'Organization',
      metadata: { name: 'x', generation: 1 },
      status: { observedGeneration: 1, conditions },
    };
    expect(kstatus(object)).toBe(good.includes(reason) ? 'Current' : isTerminal(reason) ? 'Failed' : 'InProgress');
    expect(checkConditions(object)).toEqual([]);
  });
});

describe('kubectl wait', () => {
  it('returns when Ready comes', async () => {
    const object = await apply('awaited');
    const waiting = kubectl.succeed(['wait', '--for=condition=Ready', '--timeout=30s', 'organization/awaited']);
    await report(object, { type: 'Ready', reason: 'Succeeded' });
    expect(await waiting).toContain('condition met');
  });
});
