// The operator trusts the admission policies only while they, and the settings they read, are as its own configuration makes them.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { FakeClock } from '../../kernel/testing/fake-clock.ts';
import type { Kind, KubeObject } from '../../kernel/kind.ts';
import { Manager } from '../../kernel/runtime/manager.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { admissionPolicies } from '../../resources/authority/policies.ts';
import { shippedInstallation, policySettings, type Installation } from '../../resources/authority/installation.ts';
import { policyKinds, watchPolicies } from './admission-policies.ts';

/** A cluster with everything installed for `installed`, watched by an operator that is configured by `configured`. */
const watched = async (installed: Installation, configured = installed) => {
  const clock = new FakeClock();
  const api = new MemoryKubeApi({ clock });
  const kindOf = ({ kind }: KubeObject): Kind => policyKinds.find((candidate) => candidate.kind === kind) as Kind;
  const settings = policySettings(installed);
  for (const object of [settings, ...admissionPolicies(installed)] as KubeObject[])
    await api.create(kindOf(object), object);
  // Others keep their own there.
  await api.create(kindOf(settings as KubeObject), {
    ...(settings as KubeObject),
    metadata: { namespace: installed.namespace, name: 'theirs' },
  });
  const log = pino({ level: 'silent' });
  const manager = new Manager({ api, clock, log, registry: new Registry(), name: 'test', identity: 'one' });
  const missing = watchPolicies(manager, configured);
  const stop = new AbortController();
  const ended = manager.run(stop.signal);
  await clock.advance(1_000);
  return {
    missing: async () => {
      await clock.advance(1_000);
      return missing();
    },
    change: async (data: object) =>
      await api.patch(kindOf(settings as KubeObject), settings.metadata, { type: 'merge', body: { data } }),
    remove: async () => await api.delete(kindOf(settings), settings.metadata),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await clock.advance(60_000);
      await ended;
    },
  };
};

it('finds nothing wrong as installed, whatever the settings are', async () => {
  await using usual = await watched(shippedInstallation());
  expect(await usual.missing()).toEqual([]);
  await using other = await watched({ ...shippedInstallation(), groupPrefix: 'oidc:', allowSelfApproval: true });
  expect(await other.missing()).toEqual([]);
});

it('sees that settings let more people decide than the configuration says, until that is put right', async () => {
  await using cluster = await watched(shippedInstallation());
  await cluster.change({ allowSelfApproval: 'true' });
  expect(await cluster.missing()).toEqual(['ConfigMap dataall-policy-settings is not as shipped']);
  await cluster.change({ allowSelfApproval: 'false', approvalDenyList: '' });
  expect(await cluster.missing()).toEqual(['ConfigMap dataall-policy-settings is not as shipped']);
  await cluster.change({ approvalDenyList: shippedInstallation().approvalDenyList.join('\n') });
  expect(await cluster.missing()).toEqual([]);
});

it('sees that settings are gone', async () => {
  await using cluster = await watched(shippedInstallation());
  await cluster.remove();
  expect(await cluster.missing()).toEqual(['ConfigMap dataall-policy-settings is missing']);
});

it('sees that policies know groups by another prefix than it writes into RBAC', async () => {
  await using cluster = await watched(shippedInstallation(), { ...shippedInstallation(), groupPrefix: 'oidc:' });
  expect(await cluster.missing()).toContain('ValidatingAdmissionPolicy dataall-owner is not as shipped');
});
