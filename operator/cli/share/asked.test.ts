// What the dataset tells those who decide of a request that they may not read.

import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../resources/dataset.ts';
import { toldToDeciders } from './asked.ts';

const REQUEST = { namespace: 'marketing-prod', name: 'ours' };

const telling = (more: object): Dataset[] => [
  {
    metadata: { namespace: 'sales-prod', name: 'orders' },
    status: {
      requests: {
        items: [
          {
            ...REQUEST,
            uid: 'u-1',
            requester: 'marketing',
            principal: 'ConsumptionRole/analysts',
            principalArn: 'arn:aws:iam::222222222222:role/analysts',
            permissions: ['Read'],
            items: 2,
            asks: ['Table orders: eu, slim', 'Folder raw'],
            ...more,
          },
        ],
      },
    },
  } as unknown as Dataset,
];

describe('a request that who decides may not read', () => {
  it('is known by what the dataset says of it', () => {
    expect(toldToDeciders(telling({}), REQUEST, 'sales-prod')).toEqual({
      request: { ...REQUEST, uid: 'u-1' },
      dataset: { namespace: 'sales-prod', name: 'orders' },
      requester: 'marketing',
      principal: { kind: 'ConsumptionRole', name: 'analysts', arn: 'arn:aws:iam::222222222222:role/analysts' },
      permissions: ['Read'],
      items: [
        { kind: 'Table', name: 'orders', filters: ['eu', 'slim'] },
        { kind: 'Folder', name: 'raw' },
      ],
      expiresAt: undefined,
    });
  });

  it('is approved by nobody who does not see all of it', () => {
    expect(() => toldToDeciders(telling({ items: 30 }), REQUEST, 'sales-prod')).toThrow('shows 2 of the 30 items');
    const cut = `Table ${'x'.repeat(122)}`;
    expect(() => toldToDeciders(telling({ asks: [cut, 'Folder raw'] }), REQUEST, 'sales-prod')).toThrow('in full');
    expect(() => toldToDeciders([], REQUEST, 'sales-prod')).toThrow("name the dataset's namespace with -n");
  });
});
