// The namespace of an Environment, as its controller makes it.

import { annotations, labels } from '../../operator/resources/annotations.ts';
import { allowed, type Actor } from './authority-actor.ts';
import type { Manifest } from './authority-attempts.ts';

/** Marked as the operator marks it. */
export const environmentNamespace = (name: string, account: string, owner: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    labels: { [labels.environment]: name },
    annotations: { [annotations.account]: account, [annotations.owner]: owner },
  },
});

/** As the Environment controller does: makes the namespace, marks it, and says so. */
export async function takeNamespace(operator: Actor, name: string, account: string, owner: string): Promise<void> {
  const namespace = await allowed(operator.create(environmentNamespace(name, account, owner)));
  const environment = { apiVersion: 'dataall.io/v1alpha1', kind: 'Environment', metadata: { name } };
  await allowed(
    operator.status(environment, {
      observedGeneration: 1,
      namespace: { origin: 'Created', uid: namespace.metadata.uid },
    }),
  );
}
