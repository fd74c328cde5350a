// What config.json switches off of the schema: each module and each feature, one by one, every operation of it, and no other.

import { graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Features } from '../../operator/features/features.ts';
import { shippedFeatures } from '../../operator/features/shipped.ts';
import { featuresWith } from '../../operator/features/testing/features-with.ts';
import { modules } from '../modules.ts';
import { gatewaySchema } from './schema.ts';
import { switchedOff } from './switches.ts';

const schema = gatewaySchema(modules, shippedFeatures());

/** Operations that are off, with what switches them. */
const off = (features: Features): Readonly<Record<string, string>> =>
  Object.fromEntries([...switchedOff(schema, features)].map(([{ name }, key]) => [name, key]));

/** All modules but some. */
const without = (...names: readonly string[]): Features =>
  featuresWith({ modules: Object.fromEntries(names.map((name) => [name, null])) });

const all = (key: string, ...operations: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(operations.map((name) => [name, key]));

describe('operations', () => {
  it('are all answered with the config.json of this repository', () => {
    expect(off(shippedFeatures())).toEqual({});
  });

  it('that are off stay in the schema, and say what switches them in data.all’s words', async () => {
    const query = gatewaySchema(modules, featuresWith({ core: { features: { env_aws_actions: false } } }));
    const source = '{ getEnvironmentAssumeRoleUrl(environmentUri: "a") }';
    expect(
      (await graphql({ schema: query, source })).errors?.map(({ message, extensions }) => [message, extensions]),
    ).toEqual([
      [
        'Disabled by config core.features.env_aws_actions: an administrator of the installation switches it on in config.json',
        { code: 'DisabledByConfig', key: 'core.features.env_aws_actions' },
      ],
    ]);
  });

  it('name modules and switches that there are', () => {
    const wrong = (directive: string) => () =>
      gatewaySchema(
        [...modules, { name: 'test', typeDefs: `extend type Query { test: Int ${directive} }`, resolvers: {} }],
        shippedFeatures(),
      );
    expect(wrong('@module(name: "datasets")')).toThrow('test: there is no module datasets');
    expect(wrong('@feature(key: "core.log_query_period_days")')).toThrow('is no key of config.json that is on or off');
  });
});

describe('a module that is not active', () => {
  it('has its operations say so, and no others', () => {
    const found = off(without('s3_datasets', 'worksheets'));
    expect(found).toMatchObject(
      all(
        'modules.s3_datasets',
        'createDataset',
        'importDataset',
        'getDataset',
        'createTableDataFilter',
        'createDatasetStorageLocation',
        'generateDatasetAccessToken',
      ),
    );
    expect(new Set(Object.values(found))).toEqual(new Set(['modules.s3_datasets']));
    expect(Object.keys(found)).not.toContain('listDatasets');
  });

  it('takes with it what needs it alone', () => {
    const found = off(
      without(
        's3_datasets',
        'worksheets',
        's3_datasets_shares',
        'shares_base',
        'redshift_datasets',
        'redshift_datasets_shares',
        'notifications',
        'datasets_base',
      ),
    );
    expect(found).toMatchObject({
      ...all('modules.shares_base', 'createShareObject', 'approveShareObject', 'getShareObject'),
      ...all('modules.s3_datasets_shares', 'getSharedDatasetTables'),
      ...all('modules.notifications', 'listNotifications', 'countUnreadNotifications'),
      ...all('modules.datasets_base', 'listDatasets', 'listOwnedDatasets'),
    });
    for (const core of ['listOrganizations', 'createEnvironment', 'queryEnums', 'getStack', 'listTenantGroups'])
      expect(Object.keys(found)).not.toContain(core);
  });
});

describe('a feature that is off', () => {
  it.each([
    [
      'modules.s3_datasets.features.aws_actions',
      featuresWith({ modules: { s3_datasets: { features: { aws_actions: false } } } }),
      ['getDatasetAssumeRoleUrl', 'generateDatasetAccessToken', 'getDatasetSharedAssumeRoleUrl'],
    ],
    [
      'modules.s3_datasets.features.file_actions',
      featuresWith({ modules: { s3_datasets: { features: { file_actions: false } } } }),
      [
        'getDatasetStorageLocation',
        'createDatasetStorageLocation',
        'updateDatasetStorageLocation',
        'deleteDatasetStorageLocation',
      ],
    ],
    [
      'modules.datasets_base.features.share_expiration.active',
      featuresWith({ modules: { datasets_base: { features: { share_expiration: { active: false } } } } }),
      [
        'submitShareExtension',
        'approveShareExtension',
        'cancelShareExtension',
        'updateShareExpirationPeriod',
        'updateShareExtensionReason',
      ],
    ],
    [
      'core.features.env_aws_actions',
      featuresWith({ core: { features: { env_aws_actions: false } } }),
      ['getEnvironmentAssumeRoleUrl', 'generateEnvironmentAccessToken'],
    ],
  ])('%s takes exactly the operations that it is about', (key, features, operations) => {
    expect(off(features)).toEqual(all(key, ...operations));
  });
});
