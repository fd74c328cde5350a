import { describe, expect, it } from 'vitest';
import { consumptionRole, dataset } from '../../access/testing/fixtures.ts';
import { BASE_LEVELS } from '../../features/keys.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Tenant } from '../../resources/tenant.ts';
import { unknownLimits, unknownOwner, unknownWords } from './unknown-words.ts';

const groups = new Set(['sales', 'stewards']);
const told = (spec: Partial<Dataset['spec']>, topics: string[] = []): string | undefined =>
  unknownWords(dataset({ spec: { owner: 'sales', confidentiality: 'Official', ...spec } }), {
    groups,
    topics,
    levels: BASE_LEVELS,
  })[0]?.message;

describe('words of a dataset', () => {
  it('are not spoken of where everybody knows them', () => {
    expect(told({ stewards: ['stewards'], topics: ['Anything'] })).toBeUndefined();
    expect(told({ topics: ['Finance'] }, ['Finance'])).toBeUndefined();
  });

  it.each<[Partial<Dataset['spec']>, string]>([
    [{ owner: 'slaes' }, 'spec.owner: no Team, Organization or Tenant knows a group slaes: is it a typo?'],
    [{ stewards: ['stewart'] }, 'spec.stewards: no Team, Organization or Tenant knows a group stewart: is it a typo?'],
    [
      { s3: { origin: 'Create', coOwners: ['hr'] } },
      'spec.s3.coOwners: no Team, Organization or Tenant knows a group hr: is it a typo?',
    ],
    [
      { confidentiality: 'Offical' },
      'spec.confidentiality: Offical is none of Unclassified, Official, Secret: is it a typo?',
    ],
    [{ topics: ['Fiance'] }, "spec.topics: Fiance is none of the installation's: is it a typo?"],
  ])('are told of where nobody does: %j', (spec, message) => {
    expect(told(spec, ['Finance'])).toBe(message);
  });
});

describe('the owner of a role', () => {
  it('is told of where nobody knows it', () => {
    expect(unknownOwner(consumptionRole({ spec: { owner: 'sales' } }), groups)).toEqual([]);
    expect(unknownOwner(consumptionRole({ spec: { owner: 'slaes' } }), groups)).toMatchObject([
      {
        type: 'WordsUnknown',
        message: 'spec.owner: no Team, Organization or Tenant knows a group slaes: is it a typo?',
      },
    ]);
  });
});

describe('groups that the Tenant limits', () => {
  const limiting = (...limited: readonly string[]): Tenant =>
    ({ spec: { permissions: limited.map((group) => ({ group, permissions: [] })) } }) as unknown as Tenant;

  it('are told of where nobody knows them, for one that is mistyped limits nobody, and of many the first', () => {
    expect(unknownLimits({ spec: {} } as Tenant, groups)).toEqual([]);
    expect(unknownLimits(limiting('sales', 'stewards'), groups)).toEqual([]);
    expect(unknownLimits(limiting('sales', 'guets'), groups)).toMatchObject([
      { message: 'spec.permissions: no Team, Organization or Tenant knows a group guets: is it a typo?' },
    ]);
    const [{ message = '' } = {}] = unknownLimits(limiting(...Array.from({ length: 500 }, (_, i) => `g${i}`)), groups);
    expect(message).toMatch(/ more, see spec: is it a typo\?$/);
    expect(message.length).toBeLessThan(4096);
  });
});
