// Types that make nothing: analytics of CDK, and the handle that stands in an otherwise empty stack.
import type { ResourceType } from '../resource-type.ts';

const nothing = (properties: ResourceType['properties']): ResourceType => ({
  properties,
  create: (_, context) => Promise.resolve({ physicalId: context.generatedName(128) }),
  update: (physicalId) => Promise.resolve({ physicalId }),
  remove: () => Promise.resolve(),
});

export const cdkMetadata = nothing({ Analytics: 'update' });
export const waitConditionHandle = nothing({});
