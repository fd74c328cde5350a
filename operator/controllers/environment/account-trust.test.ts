// Whether an account consents: tried on a simulated account whose administrator made other roles, too.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  externalId,
  pivotRoleName,
  region,
  startAccounts,
  type SimulatedAccounts,
} from '../../aws/testing/simulated-accounts.ts';
import { readConfig } from '../../config.ts';
import type { Features } from '../../features/features.ts';
import { shippedFeatures } from '../../features/shipped.ts';
import { featuresWith } from '../../features/testing/features-with.ts';
import type { EnvironmentOutcome, PhaseInput } from './phases.ts';
import { consent, untrusted } from './account-trust.ts';
import type { Platform } from '../reconcile/platform.ts';

let scene: SimulatedAccounts;
beforeAll(async () => {
  scene = await startAccounts();
});
afterAll(() => scene.stop());

const account = '222222222222';

const asked = async (name: string, id = externalId): Promise<EnvironmentOutcome | undefined> => {
  const config = readConfig({ aws: { hub: { accountId: '111111111111', region } } });
  const environment = {
    metadata: { name: 'sales', uid: 'u' },
    spec: { account: { id: account, region }, pivotRole: { mode: 'Existing', name } },
    status: {},
  };
  const input = { environment, context: { now: Date.now }, externalId: id, status: { linkCommand: 'aws ...' } };
  return await consent({ aws: scene.accounts, config } as Platform, input as unknown as PhaseInput);
};

const trust = (Condition: object | undefined): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action: 'sts:AssumeRole', Condition },
    ],
  });

describe('a pivot role that cannot be assumed', () => {
  const config = readConfig({ aws: { hub: { accountId: '111111111111', region } } });
  const now = Date.parse('2026-06-01T12:00:00Z');
  const told = (mode: 'Managed' | 'Existing', updatedAt: string) => {
    const environment = { spec: { account: { id: account, region }, pivotRole: { mode } }, status: {} };
    const status = { linkCommand: 'aws ...', stack: { name: 'dataall-sales', status: 'CREATE_COMPLETE', updatedAt } };
    const input = { environment, context: { now: () => now }, externalId, status } as unknown as PhaseInput;
    return untrusted({ config } as Platform, input, 'Trusted', 'AssumeRole was refused');
  };

  it('is waited for while it is new', () => {
    expect(told('Managed', '2026-06-01T11:59:45Z')).toMatchObject({ type: 'Reconciling', reason: 'Progressing' });
  });

  it('is mended where it was made: by its stack, or by the account', () => {
    const [ofStack, ofAccount] = [told('Managed', '2026-06-01T11:00:00Z'), told('Existing', '2026-06-01T11:00:00Z')];
    expect([ofStack, ofAccount].map(({ reason }) => reason)).toEqual(['PivotRoleUnreachable', 'PivotRoleUnreachable']);
    expect(ofStack.message).toContain('Stack dataall-sales made that role');
    expect(ofStack.message).not.toContain('run: aws');
    expect(ofAccount.message).toContain('run: aws ...');
  });
});

describe('a pivot role that the stack makes', () => {
  it('tells nobody without consent whether others have it, and warns that the command would end their link', async () => {
    const config = readConfig({ aws: { hub: { accountId: '111111111111', region } } });
    const told = async (parameter: { value: string } | undefined) => {
      const aws = { forBootstrap: () => ({ ssm: { parameter: async () => Promise.resolve(parameter) } }) };
      const spec = { organization: 'acme', owner: 'sales', account: { id: account, region } };
      const environment = { metadata: {}, spec: { ...spec, pivotRole: { mode: 'Managed' } }, status: {} };
      const input = { environment, context: { now: () => 0 }, externalId, status: { linkCommand: 'aws ...' } };
      return await consent({ aws, config } as unknown as Platform, input as unknown as PhaseInput);
    };
    const unlinked = await told(undefined);
    expect(unlinked).toMatchObject({ reason: 'ConsentMissing' });
    expect(unlinked?.message).toMatch(/the command replaces it, and ends the link of their Environment.*run: aws/);
    expect(await told({ value: 'of-another-organization' })).toEqual(unlinked);
  });

  it('serves one region: a younger environment in another is told to name one of its own', async () => {
    const inRegion = (name: string, place: string, creationTimestamp: string) => ({
      metadata: { name, uid: name, creationTimestamp },
      spec: { organization: 'acme', account: { id: account, region: place }, pivotRole: { mode: 'Managed' } },
      status: { accountClaim: { heldBy: `${name}/${name}` } },
    });
    const older = inRegion('ireland', 'eu-west-1', '2026-01-01T00:00:00Z');
    const younger = inRegion('frankfurt', 'eu-central-1', '2026-02-01T00:00:00Z');
    const environments = { list: () => [older, younger], byIndex: () => [older, younger] };
    const platform = (features: Features) => ({
      config: readConfig({ aws: { hub: { accountId: '111111111111', region } } }, features),
      stores: { get: () => environments },
      aws: { forBootstrap: () => ({ ssm: { parameter: async () => Promise.resolve({ value: externalId }) } }) },
    });
    const asks = async (environment: object, features = shippedFeatures()) => {
      const input = { environment, context: { now: Date.now }, externalId, status: { linkCommand: 'aws ...' } };
      return await consent(platform(features) as unknown as Platform, input as unknown as PhaseInput);
    };
    expect(await asks(younger)).toMatchObject({ type: 'Stalled', reason: 'OneRegionOnly' });
    expect(await asks(older)).toBeUndefined();
    // With the region in the name, each has a role of its own.
    const regional = { cdk_pivot_role_multiple_environments_same_account: true };
    expect(await asks(younger, featuresWith({ core: { features: regional } }))).toBeUndefined();
  });
});

describe('a pivot role that the account made', () => {
  it('consents by demanding the external id of this organization', async () => {
    expect(await asked(pivotRoleName)).toBeUndefined();
    await expect(asked(pivotRoleName, 'of-another-organization')).rejects.toMatchObject({ kind: 'NoTrust' });
  });

  it.each([
    ['none', undefined],
    ['any', { StringLike: { 'sts:ExternalId': '*' } }],
  ])('consents to nothing by demanding %s, until it is mended', async (kind, condition) => {
    const RoleName = `LegacyOps-${kind}`;
    const role = { RoleName, AssumeRolePolicyDocument: trust(condition) };
    await scene.administer('producer', 'iam', 'CreateRole', role);
    const refused = await asked(RoleName);
    expect(refused).toMatchObject({ stoppedAt: 'Trusted', reason: 'ExternalIdNotDemanded' });
    expect(refused?.message).toContain(`have its trust policy demand sts:ExternalId = ${externalId}`);
    const PolicyDocument = trust({ StringEquals: { 'sts:ExternalId': externalId } });
    await scene.administer('producer', 'iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
    expect(await asked(RoleName)).toBeUndefined();
  });
});
