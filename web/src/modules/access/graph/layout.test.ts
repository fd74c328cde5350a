// A graph of access is laid out the same each time, readers near what they read, in no time.

import { describe, expect, it } from 'vitest';
import { layout, type Point } from './layout.ts';

const distance = (one: Point | undefined, other: Point | undefined): number =>
  one === undefined || other === undefined ? Number.NaN : Math.hypot(one.x - other.x, one.y - other.y);

describe('the layout of a graph of access', () => {
  it('puts who reads one dataset nearer to it than to any other', () => {
    const names = ['a/1', 'a/2', 'b/1', 'b/2'];
    const { principals, datasets } = layout(4, names, { principals: [0, 1, 2, 3], datasets: [3, 2, 1, 0] });
    principals.forEach((principal, index) => {
      const nearest = datasets.toSorted((one, other) => distance(principal, one) - distance(principal, other))[0];
      expect(nearest).toEqual(datasets[3 - index]);
    });
  });

  it('puts datasets of an environment side by side, whatever the order in which they come', () => {
    const { datasets } = layout(0, ['b/1', 'a/1', 'b/2', 'a/2'], { principals: [], datasets: [] });
    const [b1, a1, b2, a2] = datasets;
    expect(distance(a1, a2)).toBeLessThan(distance(a1, b2));
    expect(distance(b1, b2)).toBeLessThan(distance(a1, b2));
  });

  it('gives 20,000 edges the same places each time, no two nodes the same', () => {
    const edges = {
      principals: Array.from({ length: 20_000 }, (_, edge) => edge % 4_000),
      datasets: Array.from({ length: 20_000 }, (_, edge) => (edge * 7) % 1_000),
    };
    const names = Array.from({ length: 1_000 }, (_, index) => `environment-${index % 20}/${index}`);
    const laidOut = layout(4_000, names, edges);
    expect(layout(4_000, names, edges)).toEqual(laidOut);
    const places = [...laidOut.principals, ...laidOut.datasets].map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(5_000);
    expect(places.join(' ')).not.toContain('NaN');
  });
});
