import { describe, expect, it } from 'vitest';
import { installationOf, readConfig, type InstallationConfigInput } from './config.ts';
import { shippedInstallation } from './resources/authority/installation.ts';

const aws = { hub: { accountId: '000000000000', region: 'eu-west-1' } };
const read = (changes: Partial<InstallationConfigInput> = {}) => readConfig({ aws, ...changes });

describe('the configuration', () => {
  it('needs nothing but the hub, and is then what the generated manifests are for', () => {
    expect(installationOf(read())).toEqual(shippedInstallation());
  });

  it('tells policies and rights what is different here', () => {
    const authority = { groupPrefix: 'oidc:', approvalDenyList: ['a'], reservedNames: ['b'] };
    const config = read({ namespace: 'elsewhere', authority, sharing: { allowSelfApproval: true } });
    const { confidentialities, switchedOff } = shippedInstallation();
    expect(installationOf(config)).toMatchObject({
      namespace: 'elsewhere',
      ...authority,
      allowSelfApproval: true,
      confidentialities,
      switchedOff,
    });
  });

  it.each(['system:', 'system:x', 's', 'syst', 'a\nb'])('refuses the group prefix %j', (groupPrefix) => {
    expect(() => read({ authority: { groupPrefix } })).toThrow('groupPrefix');
  });

  it('refuses two entries of a list in one', () => {
    expect(() => read({ authority: { approvalDenyList: ['a\nb'] } })).toThrow('approvalDenyList');
  });

  it.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('knows the partition of a hub in %s, and takes no other', (region, partition) => {
    const inRegion = (said?: string) => () =>
      readConfig({ aws: { hub: { ...aws.hub, region }, ...(said !== undefined && { partition: said }) } });
    expect(inRegion()).not.toThrow();
    expect(inRegion(partition)).not.toThrow();
    expect(inRegion('aws-iso')).toThrow(`is ${partition}, where hub.region ${region} lies`);
  });

  it('names a key it does not know', () => {
    expect(() => readConfig({ aws, shering: {} })).toThrow('shering');
  });
});
