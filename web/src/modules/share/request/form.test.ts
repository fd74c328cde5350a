// A request is sent when all of it is there, and says no end but where one must be said.

import { describe, expect, it } from 'vitest';
import { EMPTY, inputOf, problemsOf, type RequestForm } from './form.ts';

const filled: RequestForm = {
  ...EMPTY,
  environmentUri: 'env1',
  group: 'marketing',
  principal: { id: 'role1', type: 'ConsumptionRole' },
  items: [{ itemUri: 'table1', itemType: 'Table' }],
  purpose: 'Campaign',
};

describe('the request form', () => {
  it('names every field that is missing, and sends nothing', () => {
    const missing = ['environmentUri', 'group', 'principal', 'items'];
    expect(Object.keys(problemsOf(EMPTY, undefined))).toEqual(missing);
    expect(Object.keys(problemsOf({ ...filled, permissions: [] }, undefined))).toEqual(['permissions']);
    expect(inputOf({ ...filled, items: [] }, undefined)).toBeUndefined();
  });

  it('asks for reading, without an end, where nothing else is said', () => {
    expect(inputOf(filled, undefined)).toEqual({
      environmentUri: 'env1',
      groupUri: 'marketing',
      principalId: 'role1',
      principalType: 'ConsumptionRole',
      permissions: ['Read'],
      requestPurpose: 'Campaign',
    });
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
    const input = inputOf({ ...filled, period }, { min: 1, max: 6 });
    expect(input?.shareExpirationPeriod).toBe(isTaken ? Number(period) : undefined);
  });

  it('can ask for access without an end where shares end', () => {
    expect(inputOf({ ...filled, noEnd: true }, { min: 1, max: 6 })).toMatchObject({ nonExpirable: true });
  });
});
