// Made from operator/resources by `npm run generate`. Do not edit.
export * from './tenant.ts';
export * from './organization.ts';
export * from './environment.ts';
export * from './team.ts';
export * from './dataset.ts';
export * from './dataset-table.ts';
export * from './consumption-role.ts';
export * from './share-request.ts';
export * from './share-approval.ts';
