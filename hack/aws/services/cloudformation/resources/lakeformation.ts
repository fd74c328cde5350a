// AWS::LakeFormation::DataLakeSettings, Resource and PrincipalPermissions.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_LakeFormation.html
import type { ResourceContext, ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template.ts';
import { boolean, objects, text, texts } from './values.ts';

interface Settings {
  readonly DataLakeAdmins?: readonly { readonly DataLakePrincipalIdentifier?: string }[];
}

const SETTINGS_PROPERTIES = [
  'AllowExternalDataFiltering',
  'AllowFullTableExternalDataAccess',
  'AuthorizedSessionTagValueList',
  'CreateDatabaseDefaultPermissions',
  'CreateTableDefaultPermissions',
  'ExternalDataFilteringAllowList',
  'Parameters',
  'TrustedResourceOwners',
] as const;

export const dataLakeSettings: ResourceType = {
  properties: {
    Admins: 'update',
    MutationType: 'update',
    ...Object.fromEntries(SETTINGS_PROPERTIES.map((name) => [name, 'update' as const])),
  },
  async create(properties, context) {
    await putSettings(properties, [], context);
    return { physicalId: context.generatedName(128) };
  },
  async update(physicalId, properties, previous, context) {
    await putSettings(properties, admins(previous), context);
    return { physicalId };
  },
  remove: (_, properties, context) => putSettings({ MutationType: 'APPEND' }, admins(properties), context),
};

const admins = (properties: JsonObject): string[] =>
  objects(properties, 'Admins').map(({ DataLakePrincipalIdentifier }) => String(DataLakePrincipalIdentifier));

/** MutationType APPEND keeps administrators that others made; the default REPLACE does not. */
async function putSettings(properties: JsonObject, ours: readonly string[], context: ResourceContext): Promise<void> {
  const { DataLakeSettings } = await context.invoke<{ DataLakeSettings: Settings }>(
    'lakeformation',
    'GetDataLakeSettings',
    {},
  );
  const existing = (DataLakeSettings.DataLakeAdmins ?? []).map(
    ({ DataLakePrincipalIdentifier = '' }) => DataLakePrincipalIdentifier,
  );
  const foreign = properties['MutationType'] === 'APPEND' ? existing.filter((admin) => !ours.includes(admin)) : [];
  const given = Object.fromEntries(
    SETTINGS_PROPERTIES.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  );
  const DataLakeAdmins = [...new Set([...foreign, ...admins(properties)])].map((DataLakePrincipalIdentifier) => ({
    DataLakePrincipalIdentifier,
  }));
  await context.invoke('lakeformation', 'PutDataLakeSettings', {
    DataLakeSettings: { ...DataLakeSettings, ...given, DataLakeAdmins },
  });
}

export const location: ResourceType = {
  properties: {
    ResourceArn: 'replace',
    RoleArn: 'update',
    UseServiceLinkedRole: 'update',
    WithFederation: 'update',
    HybridAccessEnabled: 'update',
  },
  required: ['ResourceArn', 'UseServiceLinkedRole'],
  async create(properties, context) {
    const ResourceArn = text(properties, 'ResourceArn') ?? '';
    await context.invoke('lakeformation', 'RegisterResource', {
      ResourceArn,
      ...registration(properties),
      UseServiceLinkedRole: boolean(properties, 'UseServiceLinkedRole'),
    });
    return { physicalId: ResourceArn };
  },
  async update(ResourceArn, properties, _, context) {
    await context.invoke('lakeformation', 'UpdateResource', { ResourceArn, ...registration(properties) });
    return { physicalId: ResourceArn };
  },
  async remove(ResourceArn, _, context) {
    await context.invoke('lakeformation', 'DeregisterResource', { ResourceArn });
  },
};

const registration = (properties: JsonObject) => ({
  RoleArn: text(properties, 'RoleArn'),
  WithFederation: boolean(properties, 'WithFederation'),
  HybridAccessEnabled: boolean(properties, 'HybridAccessEnabled'),
});

export const principalPermissions: ResourceType = {
  properties: {
    Catalog: 'replace',
    Principal: 'replace',
    Resource: 'replace',
    Permissions: 'replace',
    PermissionsWithGrantOption: 'replace',
  },
  required: ['Principal', 'Resource', 'Permissions', 'PermissionsWithGrantOption'],
  async create(properties, context) {
    await context.invoke('lakeformation', 'GrantPermissions', grant(properties));
    const identifiers = {
      PrincipalIdentifier: JSON.stringify(properties['Principal']),
      ResourceIdentifier: JSON.stringify(properties['Resource']),
    };
    return { physicalId: context.generatedName(128), attributes: identifiers };
  },
  update: (physicalId) => Promise.resolve({ physicalId }),
  async remove(_, properties, context) {
    await context.invoke('lakeformation', 'RevokePermissions', grant(properties));
  },
};

const grant = (properties: JsonObject) => ({
  CatalogId: text(properties, 'Catalog'),
  Principal: properties['Principal'],
  Resource: properties['Resource'],
  Permissions: texts(properties, 'Permissions'),
  PermissionsWithGrantOption: texts(properties, 'PermissionsWithGrantOption'),
});
