// What a status counts of one team's hundreds of requests keeps nobody else's work waiting.
import { expect, it } from 'vitest';
import type { Specs } from '../../access/specs.ts';
import { shareRequest } from '../../access/testing/fixtures.ts';
import { TurnCounter } from '../../kernel/testing/turn-counter.ts';
import { givenShares } from './share-decisions.ts';

const REQUESTS = 300;
const ITEMS = 500;

it('hundreds of requests of hundreds of items are decided in turns of the event loop', async () => {
  using turns = new TurnCounter();
  const items = Array.from({ length: ITEMS }, (_, index) => ({ kind: 'Table' as const, name: `t${index}` }));
  const requests = Array.from({ length: REQUESTS }, () => shareRequest({ spec: { items } }));
  const nothing = () => undefined;
  const specs = {
    organization: nothing,
    environment: nothing,
    team: nothing,
    consumptionRole: nothing,
    dataset: nothing,
    datasetTables: () => [],
    installation: { allowWrite: false, allowSelfApproval: false, pause: undefined },
    approvalFor: () => {
      turns.count();
      return undefined;
    },
  } as Partial<Specs> as Specs;
  expect(await givenShares(specs, requests, 0)).toEqual([]);
  expect(turns.total).toBe(REQUESTS);
  expect(turns.most).toBeLessThanOrEqual(4);
});
