// Which of the operator's requests a real API server puts before the others: it names the FlowSchema of each in its answer.
import { Agent, request } from 'undici';
import { expect, it } from 'vitest';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import { LEADER_FLOW } from '../../operator/resources/authority/leader-flow.ts';
import { startHarness } from '../support/harness.ts';

const { namespace } = defaultInstallation;
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

it('renewals of the Lease do not queue behind what the operator, or anybody else, asks for', async () => {
  const harness = await startHarness();
  try {
    await harness.apply(installManifests());
    const { controlPlane } = harness;
    const root = new HttpKubeApi({ credentials: kubeConfigCredentials(controlPlane.kubeconfig()) });
    const flows = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
    const { metadata } = JSON.parse(await root.raw(`${flows}/${LEADER_FLOW}`)) as { metadata: { uid: string } };
    await root.close();
    const isFirst = async (name: string, path: string): Promise<boolean> => {
      const config = await controlPlane.serviceAccount(namespace, name);
      const { server, tls, authorization = '' } = await kubeConfigCredentials(config).current();
      const dispatcher = new Agent({ connect: tls });
      const { headers, body } = await request(server + path, { dispatcher, headers: { authorization } });
      await body.dump();
      await dispatcher.close();
      return headers['x-kubernetes-pf-flowschema-uid'] === metadata.uid;
    };
    await expect.poll(async () => isFirst(SERVICE_ACCOUNT, `${LEASES}/dataall-operator`)).toBe(true);
    expect(await isFirst(SERVICE_ACCOUNT, '/apis/dataall.io/v1alpha1/datasets')).toBe(false);
    expect(await isFirst('default', `${LEASES}/dataall-operator`)).toBe(false);
  } finally {
    await harness.stop();
  }
});
