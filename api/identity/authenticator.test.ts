import { describe, expect, it } from 'vitest';
import { bearerToken } from './authenticator.ts';

describe('the Authorization header', () => {
  it.each([
    ['Bearer a.b.c', 'a.b.c'],
    ['bearer  a.b.c ', 'a.b.c'],
    // As data.all's front end writes it, and leaves it where it has none.
    ['a.b.c', 'a.b.c'],
    ['', undefined],
    [undefined, undefined],
  ])('%j bears the token %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each(['Basic dXNlcjpwYXNzd29yZA==', 'Bearer a b', 'Bearer a, b'])('%j is refused', (header) => {
    expect(() => bearerToken(header)).toThrow('the Authorization header is not `Bearer <token>`');
  });
});
