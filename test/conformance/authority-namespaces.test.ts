// Who may make, mark and delete the namespaces that environments live in.

import { afterAll, beforeAll, describe, it } from 'vitest';
import { annotations, labels, MANAGED_BY } from '../../operator/resources/annotations.ts';
import { allowed, type Actor } from '../support/authority-actor.ts';
import { type Manifest } from '../support/authority-attempts.ts';
import { startScene, type Scene } from '../support/authority-scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene?.stop());

describe('namespaces of environments', () => {
  const namespace = (name: string, metadata = {}): Manifest => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...metadata },
  });
  const salesProd = () => namespace('sales-prod');
  const env = (name: string | null) => ({ metadata: { labels: { [labels.environment]: name } } });
  const account = (id: string | null) => ({ metadata: { annotations: { [annotations.account]: id } } });

  it.each([
    ['delete', (who: Actor) => who.delete(salesProd()), 'goes with it: delete the Environment instead'],
    ['unmark', (who: Actor) => who.change(salesProd(), env(null)), 'not once the operator has taken it over'],
    [
      'mark for another',
      (who: Actor) => who.change(salesProd(), env('other')),
      'only a platform administrator sets it',
    ],
    [
      'move to another account',
      (who: Actor) => who.change(salesProd(), account('222222222222')),
      'annotation dataall.io/account is written by the operator',
    ],
    [
      'give to another group',
      (who: Actor) => who.change(salesProd(), { metadata: { annotations: { [annotations.owner]: 'strangers' } } }),
      'annotation dataall.io/owner is written by the operator',
    ],
    [
      'take the account from',
      (who: Actor) => who.change(salesProd(), account(null)),
      'annotation dataall.io/account is written by the operator',
    ],
    [
      'unmark through a subresource',
      (who: Actor) => who.patch(salesProd(), { type: 'merge', body: env(null) }, 'status'),
      'not once the operator has taken it over',
    ],
  ] as const)('nobody can %s', async (_, act, message) => {
    for (const who of ['argo', 'root'] as const)
      await scene.refusedLeaving(salesProd(), () => act(scene.as[who]), message);
  });

  it('can be given an account by the operator only', async () => {
    const spoofed = namespace('spoofed', { annotations: { [annotations.account]: '111111111111' } });
    await scene.refusedLeaving(spoofed, () => scene.as.root.create(spoofed), 'is written by the operator');
  });

  it('are not made to look like the operator’s', async () => {
    const made = { [labels.managedBy]: MANAGED_BY };
    const offered = namespace('offered', { labels: { ...made, [labels.environment]: 'offered' } });
    await scene.refusedLeaving(offered, () => scene.as.root.create(offered), 'marks what the operator made');
    await scene.refusedLeaving(
      salesProd(),
      () => scene.as.root.change(salesProd(), { metadata: { labels: made } }),
      'marks what',
    );
  });

  it('are offered for adoption, and withdrawn, by a platform administrator', async () => {
    const ours = namespace('adopt-me');
    await allowed(scene.as.root.create(ours));
    await scene.refusedLeaving(
      ours,
      () => scene.as.root.change(ours, env('sales-prod')),
      "to the namespace's own name",
    );
    await allowed(scene.as.root.change(ours, env('adopt-me')));
    await allowed(scene.as.root.change(ours, env(null)));
    await allowed(scene.as.root.change(ours, env('adopt-me')));
    await allowed(scene.as.operator.change(ours, account('333333333333')));
    await scene.refusedLeaving(
      ours,
      () => scene.as.root.change(ours, env(null)),
      'not once the operator has taken it over',
    );
    await allowed(
      scene.as.operator.change(ours, {
        metadata: { labels: { [labels.environment]: null }, annotations: { [annotations.account]: null } },
      }),
    );
    await allowed(scene.as.root.delete(ours));
  });

  it('that are not those of environments are of no concern', async () => {
    const other = namespace('theirs');
    await allowed(scene.as.root.create(other));
    await allowed(scene.as.root.change(other, { metadata: { labels: { a: 'b' } } }));
    await allowed(scene.as.root.delete(other));
  });
});
