// What a stack holds, which the gateway answers as JSON in data.all's form.

interface Known {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string | null;
  readonly ResourceType: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason: string | null;
  /** RFC 3339. */
  readonly Timestamp: string;
}

export type StackResource = Known;

export interface StackEvent extends Known {
  readonly EventId: string;
}

export const readResources = (json: string | null | undefined): readonly StackResource[] =>
  (parsed(json) as { readonly resources?: readonly StackResource[] }).resources ?? [];

export const readEvents = (json: string | null | undefined): readonly StackEvent[] =>
  (parsed(json) as { readonly events?: readonly StackEvent[] }).events ?? [];

const parsed = (json: string | null | undefined): unknown => JSON.parse(json || '{}');
