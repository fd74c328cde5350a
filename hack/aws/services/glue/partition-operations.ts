// Glue partition operations. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-partitions.html
import type {
  BatchCreatePartitionRequest,
  BatchCreatePartitionResponse,
  BatchDeletePartitionRequest,
  BatchDeletePartitionResponse,
  BatchGetPartitionRequest,
  BatchGetPartitionResponse,
  CreatePartitionRequest,
  CreatePartitionResponse,
  DeletePartitionRequest,
  DeletePartitionResponse,
  GetPartitionRequest,
  GetPartitionResponse,
  GetPartitionsRequest,
  GetPartitionsResponse,
  Partition,
  PartitionError,
  PartitionInput,
  UpdatePartitionRequest,
  UpdatePartitionResponse,
} from '@aws-sdk/client-glue';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { demandLocation, demandOnTable } from '../lakeformation/gate.ts';
import { tableNeeds, tableOf } from './catalog-needs.ts';
import type { FoundTable } from './link-following.ts';
import { behindLinks } from './link-following.ts';

interface TableName {
  readonly CatalogId?: string | undefined;
  readonly DatabaseName?: string | undefined;
  readonly TableName?: string | undefined;
}

/** MaxResults of GetPartitions is 1..1000. */
const LARGEST_PAGE = 1000;

const needsOn =
  (action: string) =>
  (input: TableName, call: Call): readonly Need[] =>
    tableNeeds(call, action, tableOf(call, input.CatalogId, input.DatabaseName, input.TableName));

/** The table whose partitions are meant, behind any link, with the Lake Formation permission the operation needs. */
const tableFor = (call: Call, action: string, input: TableName, permission: 'DESCRIBE' | 'ALTER'): FoundTable => {
  const named = tableOf(call, input.CatalogId, input.DatabaseName, input.TableName);
  const found = behindLinks(call, action, named);
  demandOnTable(call, found.ref, permission);
  return found;
};

const partitionKey = (values: readonly string[] | undefined): string => (values ?? []).join('/');

const add = (call: Call, found: FoundTable, input: PartitionInput | undefined): void => {
  const { ref, record } = found;
  const values = input?.Values ?? [];
  if (values.length !== (record.table.PartitionKeys ?? []).length)
    throw new AwsError(
      'InvalidInputException',
      'The number of partition keys do not match the number of partition values.',
    );
  const key = partitionKey(values);
  if (record.partitions.has(key)) throw new AwsError('AlreadyExistsException', 'Partition already exists.');
  demandLocation(call, ref, input?.StorageDescriptor?.Location, record.table.StorageDescriptor?.Location);
  record.partitions.set(key, {
    Values: values,
    DatabaseName: ref.database,
    TableName: ref.table,
    CatalogId: ref.catalogId,
    CreationTime: new Date(call.world.clock.now()),
    StorageDescriptor: input?.StorageDescriptor,
    Parameters: input?.Parameters ?? {},
  });
};

const take = (found: FoundTable, values: readonly string[] | undefined): void => {
  if (!found.record.partitions.delete(partitionKey(values)))
    throw new AwsError('EntityNotFoundException', 'Partition not found.');
};

const createPartition = operation<CreatePartitionRequest, CreatePartitionResponse>({
  needs: needsOn('glue:CreatePartition'),
  access: 'write',
  handle: (input, call) => {
    add(call, tableFor(call, 'glue:CreatePartition', input, 'ALTER'), input.PartitionInput);
    return {};
  },
});

const batchCreatePartition = operation<BatchCreatePartitionRequest, BatchCreatePartitionResponse>({
  needs: needsOn('glue:BatchCreatePartition'),
  access: 'write',
  handle: (input, call) => {
    const found = tableFor(call, 'glue:BatchCreatePartition', input, 'ALTER');
    const each = (input.PartitionInputList ?? []).map(
      (entry) => [entry.Values, () => add(call, found, entry)] as const,
    );
    return { Errors: failuresOf(each) };
  },
});

/** Runs each change alone and reports those that failed. */
const failuresOf = (changes: readonly (readonly [string[] | undefined, () => void])[]): PartitionError[] =>
  changes.flatMap(([values, change]) => {
    try {
      change();
      return [];
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return [{ PartitionValues: values, ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message } }];
    }
  });

const getPartition = operation<GetPartitionRequest, GetPartitionResponse>({
  needs: needsOn('glue:GetPartition'),
  access: 'read',
  handle: (input, call) => {
    const { record } = tableFor(call, 'glue:GetPartition', input, 'DESCRIBE');
    const partition = record.partitions.get(partitionKey(input.PartitionValues));
    if (!partition) throw new AwsError('EntityNotFoundException', 'Partition not found.');
    return { Partition: structuredClone(partition) };
  },
});

const getPartitions = operation<GetPartitionsRequest, GetPartitionsResponse>({
  needs: needsOn('glue:GetPartitions'),
  access: 'read',
  handle: (input, call) => {
    if (input.Expression) throw notImplemented('Expression in glue:GetPartitions');
    const { record } = tableFor(call, 'glue:GetPartitions', input, 'DESCRIBE');
    const all = [...record.partitions.values()];
    const { items, next } = page(all, input.NextToken, input.MaxResults ?? LARGEST_PAGE, 'InvalidInputException');
    return { Partitions: structuredClone(items), NextToken: next };
  },
});

const batchGetPartition = operation<BatchGetPartitionRequest, BatchGetPartitionResponse>({
  needs: needsOn('glue:BatchGetPartition'),
  access: 'read',
  handle: (input, call) => {
    const { record } = tableFor(call, 'glue:BatchGetPartition', input, 'DESCRIBE');
    const found = (input.PartitionsToGet ?? [])
      .map((entry) => record.partitions.get(partitionKey(entry.Values)))
      .filter((entry): entry is Partition => entry !== undefined);
    return { Partitions: structuredClone(found), UnprocessedKeys: [] };
  },
});

const updatePartition = operation<UpdatePartitionRequest, UpdatePartitionResponse>({
  needs: needsOn('glue:UpdatePartition'),
  access: 'write',
  handle: (input, call) => {
    const found = tableFor(call, 'glue:UpdatePartition', input, 'ALTER');
    take(found, input.PartitionValueList);
    add(call, found, input.PartitionInput);
    return {};
  },
});

const deletePartition = operation<DeletePartitionRequest, DeletePartitionResponse>({
  needs: needsOn('glue:DeletePartition'),
  access: 'write',
  handle: (input, call) => {
    take(tableFor(call, 'glue:DeletePartition', input, 'ALTER'), input.PartitionValues);
    return {};
  },
});

const batchDeletePartition = operation<BatchDeletePartitionRequest, BatchDeletePartitionResponse>({
  needs: needsOn('glue:BatchDeletePartition'),
  access: 'write',
  handle: (input, call) => {
    const found = tableFor(call, 'glue:BatchDeletePartition', input, 'ALTER');
    const each = (input.PartitionsToDelete ?? []).map(
      (entry) => [entry.Values, () => take(found, entry.Values)] as const,
    );
    return { Errors: failuresOf(each) };
  },
});

export const partitionOperations = {
  CreatePartition: createPartition,
  BatchCreatePartition: batchCreatePartition,
  GetPartition: getPartition,
  GetPartitions: getPartitions,
  BatchGetPartition: batchGetPartition,
  UpdatePartition: updatePartition,
  DeletePartition: deletePartition,
  BatchDeletePartition: batchDeletePartition,
};
