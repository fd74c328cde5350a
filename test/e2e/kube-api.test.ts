// HttpKubeApi against a real API server: the same contract as MemoryKubeApi, and what only a server can show.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../hack/control-plane/control-plane.ts';
import { kubeconfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import {
  installContractKind,
  describeKubeApiContract,
  note,
  noteKind,
} from '../../operator/kernel/testing/kube-api-contract.ts';
import { isKubeError } from '../../operator/kernel/client/kube-api.ts';

const namespace = 'kernel-contract';
let plane: ControlPlane;
let api: HttpKubeApi;

beforeAll(async () => {
  plane = await startControlPlane({ users: [{ name: 'ann', groups: ['team-a'] }] });
  api = new HttpKubeApi({ credentials: await kubeconfigCredentials(plane.kubeconfigPath) });
  await installContractKind(api, namespace);
});

afterAll(async () => {
  await api.close();
  await plane.stop();
});

describeKubeApiContract('HttpKubeApi', () => api, namespace);

describe('HttpKubeApi', () => {
  it('impersonates a user with several groups, each a header of its own, by names in any script', async () => {
    const identity = {
      user: 'zoë',
      groups: ['data-owners', 'team a/b@c', 'Größe/営業'],
      extra: { 'example.org/Reason': ['audit'] },
    };
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { status } = await api.as(identity).post<{ status: { userInfo: object } }>(path, review);
    expect(status.userInfo).toMatchObject({
      username: 'zoë',
      groups: ['data-owners', 'team a/b@c', 'Größe/営業', 'system:authenticated'],
      extra: { 'example.org/reason': ['audit'] },
    });
  });

  it('tells forbidden from missing', async () => {
    const eve = api.as({ user: 'eve' });
    await expect(eve.list(noteKind, { namespace })).rejects.toSatisfy((error) => isKubeError(error, 'Forbidden'));
    const unknown = { ...noteKind, plural: 'nothings' };
    await expect(api.list(unknown, { namespace })).rejects.toSatisfy((error) => isKubeError(error, 'NotFound'));
  });

  it('says Invalid for what the schema refuses', async () => {
    const wrong = note(namespace, 'wrong', { spec: { text: 7 as unknown as string } });
    await expect(api.create(noteKind, wrong)).rejects.toSatisfy((error) => isKubeError(error, 'Invalid'));
  });

  it('says TooLarge for what etcd refuses', async () => {
    const large = note(namespace, 'large', { spec: { text: 'x'.repeat(2_000_000) } });
    await expect(api.create(noteKind, large)).rejects.toSatisfy((error) => isKubeError(error, 'TooLarge'));
  });

  it('says Unavailable while there is no server, and works again afterwards', async () => {
    await plane.stopApiServer('crash');
    await expect(api.raw('/version')).rejects.toSatisfy((error) => isKubeError(error, 'Unavailable'));
    await plane.startApiServer();
    expect(JSON.parse(await api.raw('/version'))).toHaveProperty('gitVersion');
  });
});
