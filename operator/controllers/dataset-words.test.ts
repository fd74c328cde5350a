import { describe, expect, it } from 'vitest';
import { dataset } from '../access/sharing-cast.ts';
import { readConfig } from '../config.ts';
import type { Dataset } from '../resources/dataset.ts';
import { unknownWords } from './dataset-words.ts';

const { catalog } = readConfig({ aws: { hub: { accountId: '999999999999', region: 'eu-west-1' } } });
const groups = new Set(['sales', 'stewards']);
const told = (spec: Partial<Dataset['spec']>, topics: string[] = []): string | undefined =>
  unknownWords(dataset({ spec: { owner: 'sales', confidentiality: 'Official', ...spec } }), {
    groups,
    catalog: { ...catalog, topics },
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
