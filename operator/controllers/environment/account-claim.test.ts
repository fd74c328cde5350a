import { describe, expect, it } from 'vitest';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import type { ReadStore } from '../../kernel/cache/store.ts';
import type { Environment } from '../../resources/environment.ts';
import { claimAccount, ownClaim, releaseAccount } from './account-claim.ts';

const environment = (name: string, uid: string): Environment =>
  ({ metadata: { name, uid }, spec: { account: { id: '222222222222', region: 'eu-west-1' } } }) as Environment;

const storeOf = (...environments: readonly Environment[]): ReadStore<Environment> =>
  ({
    get: (_: string | undefined, name: string) => environments.find(({ metadata }) => metadata.name === name),
  }) as ReadStore<Environment>;

const system = 'dataall-system';
const [sales, again] = [environment('sales', 'u1'), environment('again', 'u2')];

describe('an account and region', () => {
  it('belongs to who claimed it first, also when two do at once', async () => {
    const api = new MemoryKubeApi();
    const store = storeOf(sales, again);
    const claims = await Promise.all([sales, again].map((one) => claimAccount(api, system, store, one)));
    expect(new Set(claims.map(({ heldBy }) => heldBy)).size).toBe(1);
    expect(await claimAccount(api, system, store, again)).toEqual(claims[0]);
  });

  it("is nobody's by being asked about, and whose it is nobody learns by that", async () => {
    const api = new MemoryKubeApi();
    expect(await ownClaim(api, system, again)).toBeUndefined();
    expect((await claimAccount(api, system, storeOf(sales, again), sales)).heldBy).toBe('sales/u1');
    expect((await ownClaim(api, system, sales))?.heldBy).toBe('sales/u1');
    expect(await ownClaim(api, system, again)).toBeUndefined();
  });

  it('is free again once its holder lets go, and only then', async () => {
    const api = new MemoryKubeApi();
    const store = storeOf(sales, again);
    await claimAccount(api, system, store, sales);
    await releaseAccount(api, system, again);
    expect((await claimAccount(api, system, store, again)).heldBy).toBe('sales/u1');
    await releaseAccount(api, system, sales);
    expect((await claimAccount(api, system, store, again)).heldBy).toBe('again/u2');
  });

  it('is taken over from a holder that is no more, and from its namesake', async () => {
    const api = new MemoryKubeApi();
    await claimAccount(api, system, storeOf(sales), sales);
    const restored = environment('sales', 'u9');
    expect((await claimAccount(api, system, storeOf(restored), restored)).heldBy).toBe('sales/u9');
  });
});
