// AWS::Athena::WorkGroup: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-athena-workgroup.html
import type { ResourceType } from '../resource-type.ts';
import type { JsonObject } from '../template.ts';
import { boolean, object, removedTagKeys, tags, text, typed } from './values.ts';

const NOT_TEXT = new Set([
  'BytesScannedCutoffPerQuery',
  'EnforceWorkGroupConfiguration',
  'PublishCloudWatchMetricsEnabled',
  'RequesterPaysEnabled',
]);

const configuration = (properties: JsonObject): JsonObject =>
  typed(object(properties, 'WorkGroupConfiguration'), NOT_TEXT) as JsonObject;

export const workGroup: ResourceType = {
  properties: {
    Name: 'replace',
    Description: 'update',
    State: 'update',
    WorkGroupConfiguration: 'update',
    RecursiveDeleteOption: 'update',
    Tags: 'update',
  },
  required: ['Name'],
  tags: 'list',
  async create(properties, context) {
    const Name = text(properties, 'Name') ?? '';
    await context.invoke('athena', 'CreateWorkGroup', {
      Name,
      Description: text(properties, 'Description'),
      Configuration: configuration(properties),
      Tags: tags(properties),
    });
    if (text(properties, 'State') === 'DISABLED')
      await context.invoke('athena', 'UpdateWorkGroup', { WorkGroup: Name, State: 'DISABLED' });
    return { physicalId: Name };
  },
  async update(WorkGroup, properties, previous, context) {
    const { ResultConfiguration, ...rest } = configuration(properties);
    await context.invoke('athena', 'UpdateWorkGroup', {
      WorkGroup,
      Description: text(properties, 'Description'),
      State: text(properties, 'State') ?? 'ENABLED',
      ConfigurationUpdates: {
        ...rest,
        ...(ResultConfiguration === undefined ? {} : { ResultConfigurationUpdates: ResultConfiguration }),
      },
    });
    const ResourceARN = `arn:aws:athena:${context.region}:${context.account}:workgroup/${WorkGroup}`;
    const gone = removedTagKeys(previous, properties);
    if (gone.length > 0) await context.invoke('athena', 'UntagResource', { ResourceARN, TagKeys: gone });
    if (JSON.stringify(properties['Tags']) !== JSON.stringify(previous['Tags']) && tags(properties).length > 0) {
      await context.invoke('athena', 'TagResource', { ResourceARN, Tags: tags(properties) });
    }
    return { physicalId: WorkGroup };
  },
  async remove(WorkGroup, properties, context) {
    await context.invoke('athena', 'DeleteWorkGroup', {
      WorkGroup,
      RecursiveDeleteOption: boolean(properties, 'RecursiveDeleteOption'),
    });
  },
};
