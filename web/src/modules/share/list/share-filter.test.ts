// What a list of shares is narrowed down by survives in its address, and is what the gateway is asked.

import { describe, expect, it } from 'vitest';
import { filterOf, tokensOf, withTokens } from './share-filter.ts';
import { soon } from './soon.ts';

const NOW = Date.parse('2026-11-30T19:00:00Z');
const address = 'tab=sent&status=Submitted&status=Rejected&dataset=ordersds&attention=ending&term=eu&page=3';

describe('the filters of the list of shares', () => {
  it('are told by the address, and tell it', () => {
    const search = new URLSearchParams(address);
    const tokens = tokensOf(search);
    expect(tokens).toContainEqual({ propertyKey: 'status', operator: '=', value: 'Rejected' });
    expect(withTokens(new URLSearchParams('tab=sent'), tokens).toString()).toBe(address.replace('&page=3', ''));
  });

  it('ask the gateway for that and no more', () => {
    expect(filterOf(new URLSearchParams(address), NOW)).toEqual({
      term: 'eu',
      status: ['Submitted', 'Rejected'],
      datasets_uris: ['ordersds'],
      dataset_owners: [],
      share_requesters: [],
      share_iam_principals: [],
      endsBefore: '2026-12-31T00:00:00.000Z',
    });
    expect(filterOf(new URLSearchParams('attention=broken'), NOW)).toMatchObject({ isBroken: true });
  });

  it('ask the same all day', () => {
    expect(soon(NOW)).toBe(soon(NOW + 3_600_000));
  });
});
