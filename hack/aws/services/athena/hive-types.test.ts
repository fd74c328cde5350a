import { describe, expect, it } from 'vitest';
import { duckType, resultText, resultType, UnknownTypeError } from './hive-types.ts';

describe('duckType', () => {
  it.each([
    ['string', 'VARCHAR'],
    ['varchar(20)', 'VARCHAR'],
    ['decimal(10,2)', 'DECIMAL(10,2)'],
    ['decimal', 'DECIMAL(10,0)'],
    ['array<bigint>', 'BIGINT[]'],
    ['map<string,array<int>>', 'MAP(VARCHAR, INTEGER[])'],
    ['struct<a:int,b:struct<c:decimal(4,1)>>', 'STRUCT("a" INTEGER, "b" STRUCT("c" DECIMAL(4,1)))'],
  ])('%s', (hive, duck) => {
    expect(duckType(hive)).toBe(duck);
  });

  it('refuses what it does not know', () => {
    expect(() => duckType('uniontype<int,string>')).toThrow(UnknownTypeError);
  });
});

describe('results', () => {
  it.each([
    ['DECIMAL(10,2)', 'decimal'],
    ['BIGINT', 'bigint'],
    ['STRUCT("a" INTEGER)', 'row'],
    ['VARCHAR[]', 'array'],
    ['TIMESTAMP WITH TIME ZONE', 'timestamp with time zone'],
  ])('names %s %s', (duck, athena) => {
    expect(resultType(duck)).toBe(athena);
  });

  it.each([
    ['2026-01-01 10:00:00', 'timestamp', '2026-01-01 10:00:00.000'],
    ['2026-01-01 10:00:00.5', 'timestamp', '2026-01-01 10:00:00.500'],
    [true, 'boolean', 'true'],
    [1.5, 'double', '1.5'],
    [['a', null], 'array', '[a, null]'],
    [{ a: 1, b: 'x' }, 'row', '{a=1, b=x}'],
    [[{ key: 'k', value: 1 }], 'map', '{k=1}'],
    [null, 'varchar', undefined],
  ])('prints %j as %s', (value, type, text) => {
    expect(resultText(value, type)).toBe(text);
  });
});
