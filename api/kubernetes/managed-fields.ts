// Who keeps a field of an object, read from metadata.managedFields.
//
// @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management

/** One entry of metadata.managedFields, as far as it is read. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** Managers that write what a repository says by `Update` and come back: clients that apply on their own side. */
const DEPLOYMENT_TOOLS = [/^kubectl-client-side-apply$/, /^argocd-/, /^kustomize-controller$/, /^helm(-controller)?$/];

/** Whether the entry is somebody's standing will, which would be written again over what a person changes in between. */
function isStanding({ manager = '', operation }: ManagedFieldsEntry): boolean {
  return operation === 'Apply' || DEPLOYMENT_TOOLS.some((tool) => tool.test(manager));
}

/** Managers other than `own` that will write `spec.<field>` again, each once. */
export function keepersOf(entries: readonly ManagedFieldsEntry[], field: string, own: string): string[] {
  const keepers = entries
    .filter((entry) => entry.subresource === undefined && entry.manager !== own && isStanding(entry))
    .filter(({ fieldsV1 }) => {
      const spec = fieldsV1?.['f:spec'];
      return typeof spec === 'object' && spec !== null && `f:${field}` in spec;
    });
  return [...new Set(keepers.map(({ manager = 'unknown' }) => manager))];
}
