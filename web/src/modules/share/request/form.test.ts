// A request is sent when all of it is there, and says no end but where one must be said.

import { describe, expect, it } from 'vitest';
import { EMPTY, EMPTY_PART, inputOf, partProblemsOf, problemsOf, type Part, type RequestForm } from './form.ts';

const table = { itemUri: 'table1', itemType: 'Table', filters: [] } as const;
const part: Part = { ...EMPTY_PART, items: [table] };
const filled: RequestForm = {
  ...EMPTY,
  environmentUri: 'env1',
  group: 'marketing',
  principal: { id: 'role1', type: 'ConsumptionRole' },
  purpose: 'Campaign',
  parts: new Map([['orders', part]]),
};
const withPart = (changes: Partial<Part>): RequestForm => ({
  ...filled,
  parts: new Map([['orders', { ...part, ...changes }]]),
});

describe('the request form', () => {
  it('names every field that is missing, and sends nothing', () => {
    expect(Object.keys(problemsOf(EMPTY))).toEqual(['environmentUri', 'group', 'principal']);
    expect(Object.keys(problemsOf({ ...filled, permissions: [] }))).toEqual(['permissions']);
    expect(Object.keys(partProblemsOf(EMPTY_PART, undefined))).toEqual(['items']);
    expect(inputOf(withPart({ items: [] }), 'orders', undefined)).toBeUndefined();
    expect(inputOf(filled, 'products', undefined)).toBeUndefined();
  });

  it('asks for reading, without an end, where nothing else is said', () => {
    expect(inputOf(filled, 'orders', undefined)).toEqual({
      datasetUri: 'orders',
      environmentUri: 'env1',
      groupUri: 'marketing',
      principalId: 'role1',
      principalType: 'ConsumptionRole',
      items: [{ itemUri: 'table1', itemType: 'Table' }],
      permissions: ['Read'],
      purpose: 'Campaign',
    });
  });

  it('asks for a table by the filters that are named', () => {
    const filtered = withPart({ items: [{ ...table, filters: ['eu_only'] }] });
    expect(inputOf(filtered, 'orders', undefined)?.items).toEqual([
      { itemUri: 'table1', itemType: 'Table', filters: ['eu_only'] },
    ]);
  });

  it.each([
    ['', false],
    ['0', false],
    ['1.5', false],
    ['7', false],
    ['six', false],
    ['1', true],
    ['6', true],
  ])('takes %j months of 1 to 6: %s', (period, isTaken) => {
    const input = inputOf(withPart({ period }), 'orders', { min: 1, max: 6 });
    expect(input?.shareExpirationPeriod).toBe(isTaken ? Number(period) : undefined);
  });

  it('can ask for access without an end where shares end', () => {
    expect(inputOf(withPart({ noEnd: true }), 'orders', { min: 1, max: 6 })).toMatchObject({ nonExpirable: true });
  });
});
