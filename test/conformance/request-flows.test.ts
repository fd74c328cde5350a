// Which requests a real API server puts before which: it names the FlowSchema and the level of each in its answer.
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import { LEADER_FLOW, OPERATOR_FLOW } from '../../operator/resources/authority/request-flows.ts';
import { startHarness, type Harness } from '../support/harness.ts';

const { namespace } = defaultInstallation;
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const OURS = '/apis/dataall.io/v1alpha1/organizations';

let harness: Harness;
let operator: KubeConfig;
let person: KubeConfig;
/** By uid. */
let flows: ReadonlyMap<string, string>;

/** @returns the name of the flow that the API server put it into */
const flowOf = async (config: KubeConfig, path: string, method: 'GET' | 'POST' = 'GET'): Promise<string> => {
  const { server, tls, authorization } = await kubeConfigCredentials(config).current();
  const dispatcher = new Agent({ connect: tls });
  const sent = { dispatcher, method, headers: authorization === undefined ? {} : { authorization } };
  const { headers, body } = await request(server + path, sent);
  await body.dump();
  await dispatcher.close();
  return flows.get(String(headers['x-kubernetes-pf-flowschema-uid'])) ?? 'unknown';
};

beforeAll(async () => {
  harness = await startHarness();
  await harness.apply(installManifests());
  const { controlPlane } = harness;
  operator = await controlPlane.serviceAccount(namespace, SERVICE_ACCOUNT);
  person = await controlPlane.addUser({ name: 'somebody', groups: ['analysts'] });
  const root = new HttpKubeApi({ credentials: kubeConfigCredentials(controlPlane.kubeconfig()) });
  const listed = await root.raw('/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas');
  await root.close();
  const { items } = JSON.parse(listed) as { items: { metadata: { uid: string; name: string } }[] };
  flows = new Map(items.map(({ metadata }) => [metadata.uid, metadata.name]));
  await vi.waitFor(async () => expect(await flowOf(operator, OURS)).toBe(OPERATOR_FLOW), { timeout: 20_000 });
});

afterAll(async () => await harness.stop());

it('renewals of the Lease do not queue behind what the operator, or anybody else, asks for', async () => {
  expect(await flowOf(operator, `${LEASES}/dataall-operator`)).toBe(LEADER_FLOW);
  const other = await harness.controlPlane.serviceAccount(namespace, 'default');
  expect(await flowOf(other, `${LEASES}/dataall-operator`)).not.toBe(LEADER_FLOW);
});

it('what the operator reads and writes does not queue behind what people write', async () => {
  expect(await flowOf(operator, OURS)).toBe(OPERATOR_FLOW);
  expect(await flowOf(operator, OURS, 'POST')).toBe(OPERATOR_FLOW);
  expect(await flowOf(person, OURS, 'POST')).not.toBe(OPERATOR_FLOW);
});
