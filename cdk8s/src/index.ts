// What users of the package import.
export { CustomResource, type ClusterMetadata, type NamespacedMetadata } from './custom-resource.ts';
export * from './generated/index.ts';
