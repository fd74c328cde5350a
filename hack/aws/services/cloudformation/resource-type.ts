// What the engine must know to make, change and remove one type of resource.
import type { JsonObject } from './template.ts';

/** Where a resource is made, and by whom: calls are authorized as the execution role or the caller. */
export interface ResourceContext {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly logicalId: string;
  invoke<O = unknown>(service: string, operation: string, input: object): Promise<O>;
  /** `<stack>-<logical id>-<random>`, cut to fit: the physical name where the template gives none. */
  generatedName(maximum: number): string;
}

/** A resource that exists. */
export interface Made {
  readonly physicalId: string;
  /** Value of Ref; default the physical id. */
  readonly ref?: string;
  readonly attributes?: JsonObject;
}

/**
 * The handlers of one type. Properties arrive with functions resolved and stack tags merged.
 * Errors of the services are passed on: they become the reason of the failed resource.
 */
export interface ResourceType {
  /** Every property that is understood, and what its change means ("Update requires" in the type's reference page). Others fail the stack. */
  readonly properties: Readonly<Record<string, 'update' | 'replace'>>;
  readonly required?: readonly string[];
  /** The name inside a nested property: another name is another resource. */
  identity?(properties: JsonObject): string | undefined;
  /** How the type takes tags; types without do not get the stack's tags. */
  readonly tags?: 'list' | 'map';
  /** The property that holds the custom name of an IAM resource: it demands CAPABILITY_NAMED_IAM. */
  readonly iamName?: string;
  create(properties: JsonObject, context: ResourceContext): Promise<Made>;
  /** In place, from `previous` to `properties`. Also called to take a failed update back. */
  update(physicalId: string, properties: JsonObject, previous: JsonObject, context: ResourceContext): Promise<Made>;
  /** A resource that is gone already counts as removed: throw the service's not-found error or return. */
  remove(physicalId: string, properties: JsonObject, context: ResourceContext): Promise<void>;
  /** The live properties that can be compared with the template's, undefined when the resource is gone; types without are not checked for drift. */
  read?(physicalId: string, properties: JsonObject, context: ResourceContext): Promise<JsonObject | undefined>;
}
