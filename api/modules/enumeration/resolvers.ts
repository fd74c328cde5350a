// Enumerations in GraphQL: what the schema has, with the values by which data.all's clients show them.

import { isEnumType } from 'graphql';
import type { Resolvers } from '../../graphql/schema-types.ts';

/** Where data.all's value is not the name. */
const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ShareableType: { Table: 'DatasetTable', StorageLocation: 'DatasetStorageLocation' },
  EnvironmentPermission: {
    Owner: '999',
    Admin: '900',
    DatasetCreator: '800',
    Invited: '200',
    ProjectAccess: '100',
    NotInvited: '000',
  },
  DatasetRole: {
    BusinessOwner: '999',
    DataSteward: '998',
    Creator: '950',
    Admin: '900',
    Shared: '300',
    NoPermission: '000',
  },
  Expiration: { Quartely: 'Quarterly' },
  PolicyManagementOptions: {
    FULLY_MANAGED: 'Fully-Managed',
    PARTIALLY_MANAGED: 'Partially-Managed',
    EXTERNALLY_MANAGED: 'Externally-Managed',
  },
};

export const enumerationResolvers: Resolvers = {
  Query: {
    queryEnums: (_, { enums_names: names }, __, { schema }) =>
      [...new Set(names ?? [])].flatMap((name) => {
        const type = name ? schema.getType(name) : undefined;
        if (!name || !isEnumType(type) || name.startsWith('__')) return [];
        const items = type
          .getValues()
          .map((item) => ({ name: item.name, value: values[name]?.[item.name] ?? item.name }));
        return [{ name, items }];
      }),
  },
};
