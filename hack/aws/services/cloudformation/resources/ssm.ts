// AWS::SSM::Parameter: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ssm-parameter.html
import type { ResourceContext, ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template.ts';
import { object, text } from './values.ts';

export const parameter: ResourceType = {
  properties: {
    Name: 'replace',
    Type: 'update',
    Value: 'update',
    Description: 'update',
    AllowedPattern: 'update',
    DataType: 'update',
    Tier: 'update',
    Tags: 'update',
  },
  required: ['Type', 'Value'],
  tags: 'map',
  async create(properties, context) {
    const Name = text(properties, 'Name') ?? context.generatedName(512);
    await put(Name, properties, context, {
      Tags: Object.entries(object(properties, 'Tags')).map(([Key, Value]) => ({ Key, Value: String(Value) })),
    });
    return made(Name, properties);
  },
  async update(Name, properties, previous, context) {
    await put(Name, properties, context, { Overwrite: true });
    const resource = { ResourceType: 'Parameter', ResourceId: Name };
    const now = object(properties, 'Tags');
    const gone = Object.keys(object(previous, 'Tags')).filter((key) => now[key] === undefined);
    if (gone.length > 0) await context.invoke('ssm', 'RemoveTagsFromResource', { ...resource, TagKeys: gone });
    const Tags = Object.entries(now).map(([Key, Value]) => ({ Key, Value: String(Value) }));
    if (Tags.length > 0) await context.invoke('ssm', 'AddTagsToResource', { ...resource, Tags });
    return made(Name, properties);
  },
  async remove(Name, _, context) {
    await context.invoke('ssm', 'DeleteParameter', { Name });
  },
  async read(Name, properties, context) {
    const { Parameter } = await context.invoke<{ Parameter: { Type: string; Value: string } }>('ssm', 'GetParameter', {
      Name,
    });
    return { ...('Name' in properties ? { Name } : {}), Type: Parameter.Type, Value: Parameter.Value };
  },
};

async function put(Name: string, properties: JsonObject, context: ResourceContext, more: object): Promise<void> {
  await context.invoke('ssm', 'PutParameter', {
    Name,
    Type: text(properties, 'Type'),
    Value: text(properties, 'Value'),
    Description: text(properties, 'Description'),
    AllowedPattern: text(properties, 'AllowedPattern'),
    DataType: text(properties, 'DataType'),
    Tier: text(properties, 'Tier'),
    ...more,
  });
}

const made = (Name: string, properties: JsonObject) => ({
  physicalId: Name,
  attributes: { Type: text(properties, 'Type'), Value: text(properties, 'Value') },
});
