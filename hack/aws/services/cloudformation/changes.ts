// What an update would do to each resource, without doing it: change sets and "No updates are to be performed".
import type { Change, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { isDeepStrictEqual } from 'node:util';
import type { Call } from '../../core/operation.ts';
import { creationOrder } from './dependencies.ts';
import { KNOWN_AFTER_APPLY } from './intrinsics.ts';
import { changedProperties, isReplacing, needsReplacement, resolveProperties } from './properties.ts';
import { resourceTypes } from './resource-types.ts';
import type { Stack } from './stack.ts';
import { scopeOf, type Target } from './target.ts';
import type { JsonObject } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html */
export function changesTo(call: Call, stack: Stack, target: Target): Change[] {
  const unsettled = new Set<string>();
  const scope = scopeOf(call, stack, target, (logicalId) =>
    unsettled.has(logicalId) ? undefined : stack.resources.get(logicalId),
  );
  const changes: Change[] = [];
  for (const logicalId of creationOrder(target.dependencies)) {
    const definition = target.template.Resources[logicalId];
    const type = resourceTypes[definition?.Type ?? ''];
    if (definition === undefined || type === undefined) continue;
    const existing = stack.resources.get(logicalId);
    const ResourceChange = { LogicalResourceId: logicalId, ResourceType: definition.Type };
    if (existing === undefined) {
      unsettled.add(logicalId);
      changes.push({ Type: 'Resource', ResourceChange: { ...ResourceChange, Action: 'Add', Scope: [], Details: [] } });
      continue;
    }
    const properties = resolveProperties(definition, type, scope, target.design.tags);
    const changed = changedProperties(existing.declared, properties);
    const hasNewMetadata = !isDeepStrictEqual(existing.metadata, definition.Metadata);
    if (changed.length === 0 && !hasNewMetadata) continue;
    const details = changed.map((name) =>
      detailOf(name, properties, isReplacing(name, existing.declared, properties, type)),
    );
    const replacement = !needsReplacement(existing.declared, properties, type)
      ? 'False'
      : details.some(isCertainReplacement)
        ? 'True'
        : 'Conditional';
    if (replacement !== 'False') unsettled.add(logicalId);
    changes.push({
      Type: 'Resource',
      ResourceChange: {
        ...ResourceChange,
        Action: 'Modify',
        PhysicalResourceId: existing.physicalId,
        Replacement: replacement,
        Scope: [
          ...(changed.some((name) => name !== 'Tags') ? (['Properties'] as const) : []),
          ...(changed.includes('Tags') ? (['Tags'] as const) : []),
          ...(hasNewMetadata ? (['Metadata'] as const) : []),
        ],
        Details: details,
      },
    });
  }
  return [...changes, ...removals(stack, target)];
}

function detailOf(name: string, properties: JsonObject, isRecreating: boolean): ResourceChangeDetail {
  const isUnknown = JSON.stringify(properties[name] ?? '').includes(KNOWN_AFTER_APPLY);
  return {
    Target: {
      Attribute: name === 'Tags' ? 'Tags' : 'Properties',
      ...(name === 'Tags' ? {} : { Name: name }),
      RequiresRecreation: isRecreating ? 'Always' : 'Never',
    },
    Evaluation: isUnknown ? 'Dynamic' : 'Static',
    ChangeSource: isUnknown ? 'ResourceReference' : 'DirectModification',
  };
}

const isCertainReplacement = ({ Target, Evaluation }: ResourceChangeDetail): boolean =>
  Target?.RequiresRecreation === 'Always' && Evaluation === 'Static';

function removals(stack: Stack, target: Target): Change[] {
  return [...stack.resources.values()]
    .filter(({ logicalId }) => !target.dependencies.has(logicalId))
    .map(({ logicalId, type, physicalId, deletionPolicy }) => ({
      Type: 'Resource',
      ResourceChange: {
        Action: 'Remove',
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        PolicyAction: deletionPolicy === 'Retain' ? 'Retain' : 'Delete',
        Scope: [],
        Details: [],
      },
    }));
}

/** Outputs may change without any resource: that is an update too. */
export const hasOutputChanges = (stack: Stack, before: Target['template'], target: Target): boolean =>
  !isDeepStrictEqual(before.Outputs, target.template.Outputs) ||
  !isDeepStrictEqual(before.Conditions, target.template.Conditions) ||
  parametersChanged(stack, target);

const parametersChanged = (stack: Stack, target: Target): boolean =>
  Object.keys(target.template.Outputs).length > 0 &&
  !isDeepStrictEqual(new Map(stack.design.parameters), new Map(target.design.parameters));
