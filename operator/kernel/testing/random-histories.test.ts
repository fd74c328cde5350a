import { expect, it } from 'vitest';
import { checkHistories } from './random-histories.ts';

it('whatever happens, the world ends as the specs say', async () => {
  await expect(checkHistories(40)).resolves.toBeUndefined();
});
