// Packing, for all sets of rights and all limits.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Statement } from './document.ts';
import { packPolicies, type PackItem } from './pack-policies.ts';
import { policySize } from './size.ts';

const runs = (numRuns: number) => ({ numRuns });

describe('packing policies', () => {
  const item = fc.record({
    id: fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 1, maxLength: 4 }),
    kinds: fc.uniqueArray(fc.constantFrom('s3', 'kms', 'glue'), { minLength: 1, maxLength: 3 }),
    length: fc.integer({ min: 1, max: 300 }),
  });
  const items = fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 25 }).map((drafts) => drafts.map(itemOf));
  const options = fc.record({
    maxPolicies: fc.integer({ min: 0, max: 5 }),
    limit: fc.integer({ min: 150, max: 1500 }),
  });

  function itemOf({ id, kinds, length }: { id: string; kinds: string[]; length: number }): PackItem {
    return {
      id,
      statements: kinds.map((kind) => ({
        ...(kind === 'glue' ? {} : { Sid: `Right${kind}` }),
        Effect: 'Allow',
        Action: `${kind}:Get*`,
        Resource: [
          `arn:aws:${kind}:::${id}`,
          `arn:aws:${kind}:::${id}/${'x'.repeat(length)}`,
          `arn:aws:${kind}:::shared`,
        ],
      })),
    };
  }

  it('keeps limits, loses nothing, adds nothing', () => {
    fc.assert(
      fc.property(items, options, (items, { maxPolicies, limit }) => {
        const { policies, assignment, unplaced } = packPolicies(items, { previous: new Map(), maxPolicies, limit });
        for (const [index, policy] of policies) {
          expect(index).toBeLessThan(maxPolicies);
          expect(policySize('managed', policy).size).toBeLessThanOrEqual(limit);
          const here = items.filter(({ id }) => assignment.get(id) === index).flatMap(({ statements }) => statements);
          expect(rights(policy.Statement)).toEqual(rights(here));
          expect(new Set(policy.Statement.map(({ Action }) => Action)).size).toBe(policy.Statement.length);
        }
        expect(new Set(assignment.values())).toEqual(new Set(policies.keys()));
        expect([...assignment.keys(), ...unplaced.map(({ id }) => id)].toSorted()).toEqual(
          items.map(({ id }) => id).toSorted(),
        );
        for (const { reason, size, room } of unplaced) {
          expect(reason === 'too-large' ? size > limit : room < limit || maxPolicies === 0).toBe(true);
        }
      }),
      runs(300),
    );
  });

  it('moves nothing when items come and go, and repeats itself', () => {
    fc.assert(
      fc.property(items, items, options, (before, after, { maxPolicies, limit }) => {
        const first = packPolicies(before, { previous: new Map(), maxPolicies, limit });
        const known = new Map(before.map((item) => [item.id, item]));
        const kept = after.map((item) => known.get(item.id) ?? item);
        const second = packPolicies(kept, { previous: first.assignment, maxPolicies, limit });
        for (const { id } of kept) {
          if (first.assignment.has(id)) expect(second.assignment.get(id)).toBe(first.assignment.get(id));
        }
        const third = packPolicies(kept.toReversed(), { previous: second.assignment, maxPolicies, limit });
        expect(JSON.stringify([...third.policies])).toBe(JSON.stringify([...second.policies]));
      }),
      runs(300),
    );
  });

  /** Every single right, as `action resource`. */
  const rights = (statements: readonly Statement[]) =>
    [
      ...new Set(
        statements.flatMap(({ Action, Resource }) =>
          [Resource ?? []].flat().map((resource) => `${String(Action)} ${resource}`),
        ),
      ),
    ].toSorted();
});
