// A cart has each dataset once, with the items of it that somebody has chosen.

import { describe, expect, it } from 'vitest';
import { isIn, MOST_DATASETS, withItem, withoutItem, type CartEntry } from './cart.ts';

describe('the cart', () => {
  it('takes items of a dataset together, and each once', () => {
    const cart = withItem(withItem(withItem([], 'orders', 'raw'), 'orders', 'table'), 'orders', 'raw');
    expect(cart).toEqual([{ datasetUri: 'orders', items: ['raw', 'table'] }]);
    expect([isIn(cart, 'orders', 'raw'), isIn(cart, 'orders', 'other'), isIn(cart, 'products', undefined)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('takes a dataset of which nothing is chosen yet', () => {
    const cart = withItem([], 'products', undefined);
    expect(cart).toEqual([{ datasetUri: 'products', items: [] }]);
    expect(isIn(cart, 'products', undefined)).toBe(true);
  });

  it('loses a dataset with its last item, and no other', () => {
    const cart = withItem(withItem(withItem([], 'orders', 'raw'), 'orders', 'table'), 'products', 'all');
    expect(withoutItem(cart, 'orders', 'raw')).toEqual([
      { datasetUri: 'orders', items: ['table'] },
      { datasetUri: 'products', items: ['all'] },
    ]);
    expect(withoutItem(withoutItem(cart, 'orders', 'raw'), 'orders', 'table')).toEqual([
      { datasetUri: 'products', items: ['all'] },
    ]);
    expect(withoutItem(cart, 'orders', undefined)).toEqual([{ datasetUri: 'products', items: ['all'] }]);
  });

  it('has a bound, and forgets what has been in it longest', () => {
    let cart: readonly CartEntry[] = [];
    for (let at = 0; at <= MOST_DATASETS; at++) cart = withItem(cart, `d${at}`, undefined);
    expect([cart.length, isIn(cart, 'd0', undefined), isIn(cart, 'd1', undefined)]).toEqual([
      MOST_DATASETS,
      false,
      true,
    ]);
  });
});
