// Lists of shares are narrowed down on the server: by what ends, by what is broken, and by values that they have.

import { describe, expect, it } from 'vitest';
import { databaseServer } from '../../../../test/support/database.ts';
import { ask, givenShare, shareScene } from '../testing/share-scene.ts';

const postgres = databaseServer();

const mine = `query ($filter: ShareObjectFilter) { getShareRequestsFromMe(filter: $filter) { nodes { shareUri } } }`;
const values = `query ($direction: ShareDirection!, $field: ShareFilterField!, $term: String) {
  listShareFilterValues(direction: $direction, field: $field, term: $term) { value label count } }`;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const table = { kind: 'Table', name: 'orders', state: 'Granted' };

describe('A list of shares', () => {
  it('can hold those alone that end soon', async () => {
    const { mary, share, say } = await givenShare(postgres);
    await say({ observedGeneration: 9, granted: 1, items: [table], expiresAt: inDays(10) });
    const ending = async (days: number) => ask(mary, mine, { filter: { endsBefore: inDays(days) } });
    expect([await ending(30), await ending(5)]).toEqual([{ nodes: [{ shareUri: share }] }, { nodes: [] }]);
    await say({ observedGeneration: 9, granted: 1, items: [table], expiresAt: inDays(-1) });
    expect(await ending(30)).toEqual({ nodes: [] });
    expect(await mary.refused(mine, { filter: { endsBefore: 'soon' } })).toMatchObject({ code: 'InvalidInput' });
  });

  it.each([
    ['healthy', { items: [{ ...table, health: 'Healthy' }] }, false],
    ['not as agreed', { items: [{ ...table, health: 'Unhealthy' }] }, true],
    ['refused by AWS', { items: [{ ...table, state: 'Failed', reason: 'AccessDenied' }] }, true],
    ['being taken back', { items: [{ ...table, state: 'Revoking' }] }, false],
    ['kept from being taken back', { items: [{ ...table, state: 'Revoking', reason: 'AccessDenied' }] }, true],
    [
      'for a principal that is taken',
      { conditions: [{ type: 'Ready', status: 'False', reason: 'PrincipalTaken', message: '' }] },
      true,
    ],
  ])('that are broken tells of one that is %s as it is', async (_, status, isBroken) => {
    const { mary, share, say } = await givenShare(postgres);
    await say({ observedGeneration: 9, ...status });
    expect(await ask(mary, mine, { filter: { isBroken: true } })).toEqual({
      nodes: isBroken ? [{ shareUri: share }] : [],
    });
  });

  it('tells by which values it can be narrowed down, to each side of its own', async () => {
    const { mary, sally, zoe, submitted } = await shareScene(postgres);
    await submitted();
    const of = (field: string, direction: string, term = '') => ({ field, direction, term });
    expect(await ask(mary, values, of('principal', 'FromMe'))).toEqual([
      { value: 'analysts', label: 'Analysts', count: 1 },
    ]);
    expect(await ask(sally, values, of('dataset', 'ToMe', 'ORD'))).toEqual([
      { value: 'ordersds', label: 'Orders', count: 1 },
    ]);
    expect(await ask(sally, values, of('requester', 'ToMe'))).toMatchObject([{ value: 'marketing' }]);
    expect(await ask(mary, values, of('datasetOwner', 'FromMe'))).toMatchObject([{ value: 'sales' }]);
    expect(await ask(mary, values, of('status', 'FromMe'))).toMatchObject([{ value: 'Submitted', count: 1 }]);
    expect(await ask(sally, values, of('dataset', 'ToMe', 'nothing'))).toEqual([]);
    for (const direction of ['FromMe', 'ToMe']) expect(await ask(zoe, values, of('dataset', direction))).toEqual([]);
  });
});
