// LF-Tags: what a grant on a tag policy opens follows the tags that databases and tables carry.
import { CreateTableCommand, DeleteTableCommand, GetTablesCommand } from '@aws-sdk/client-glue';
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { database, openReaderScene, READER, table } from './reader-scene.ts';
import type { Clients, Scene } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER, TABLE } = stage;
const open = (values = ['public']): lake.Resource => ({
  LFTagPolicy: { ResourceType: 'TABLE', Expression: [{ TagKey: 'level', TagValues: values }] },
});

let scene: Scene;
let admin: Clients;

beforeEach(async () => {
  ({ scene, admin } = await openReaderScene());
  await admin.glue.send(new CreateTableCommand({ DatabaseName: DATABASE, TableInput: { Name: 'salaries' } }));
  await admin.lake.send(new lake.CreateLFTagCommand({ TagKey: 'Level', TagValues: ['public', 'secret'] }));
});

const tag = async (resource: lake.Resource, level: string) =>
  admin.lake.send(
    new lake.AddLFTagsToResourceCommand({
      Resource: resource,
      LFTags: [{ TagKey: 'level', TagValues: [level] }],
    }),
  );

const untag = async (resource: lake.Resource) =>
  admin.lake.send(
    new lake.RemoveLFTagsFromResourceCommand({ Resource: resource, LFTags: [{ TagKey: 'level', TagValues: [] }] }),
  );

/** Tables that the reader sees. */
const seen = async (): Promise<readonly (string | undefined)[]> => {
  const { glue } = await scene.assume(READER);
  try {
    const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName: DATABASE }));
    return TableList?.map(({ Name }) => Name) ?? [];
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException') return [];
    throw error;
  }
};

describe('a grant on a tag policy', () => {
  it('opens the tables that carry the tag, as long as they do', async () => {
    await stage.grant(admin, READER, open(), ['SELECT']);
    expect(await seen()).toEqual([]);
    await tag(table, 'public');
    expect(await seen()).toEqual([TABLE]);
    await tag(table, 'secret');
    expect(await seen()).toEqual([]);
    await tag(table, 'public');
    await untag(table);
    expect(await seen()).toEqual([]);
  });

  it('opens what inherits the tag of its database and has no other value itself', async () => {
    await stage.grant(admin, READER, open(), ['SELECT']);
    await tag(database, 'public');
    expect(await seen()).toEqual([TABLE, 'salaries']);
    await tag({ Table: { DatabaseName: DATABASE, Name: 'salaries' } }, 'secret');
    expect(await seen()).toEqual([TABLE]);
    await stage.revoke(admin, READER, open(), ['SELECT']);
    expect(await seen()).toEqual([]);
  });

  it('ends with a value or a tag that is taken away, and with the table', async () => {
    await stage.grant(admin, READER, open(), ['SELECT']);
    await tag(table, 'public');
    await admin.glue.send(new DeleteTableCommand({ DatabaseName: DATABASE, Name: TABLE }));
    await stage.makeTable(admin);
    expect(await seen()).toEqual([]);
    await tag(table, 'public');
    await admin.lake.send(new lake.UpdateLFTagCommand({ TagKey: 'level', TagValuesToDelete: ['public'] }));
    expect(await seen()).toEqual([]);
    await admin.lake.send(new lake.DeleteLFTagCommand({ TagKey: 'level' }));
    await expect(admin.lake.send(new lake.GetLFTagCommand({ TagKey: 'level' }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });

  it('is listed as itself, by its kind, and not among what is granted on a table by name', async () => {
    await stage.grant(admin, READER, open(), ['DESCRIBE', 'SELECT'], ['SELECT']);
    await tag(table, 'public');
    const list = async (query: Partial<lake.ListPermissionsCommandInput>) => {
      const { PrincipalResourcePermissions: found } = await admin.lake.send(new lake.ListPermissionsCommand(query));
      return found?.filter(({ Principal }) => Principal?.DataLakePrincipalIdentifier === READER) ?? [];
    };
    const row = {
      Resource: {
        LFTagPolicy: {
          CatalogId: PRODUCER,
          ResourceType: 'TABLE',
          Expression: [{ TagKey: 'level', TagValues: ['public'] }],
        },
      },
      Permissions: ['DESCRIBE', 'SELECT'],
      PermissionsWithGrantOption: ['SELECT'],
    };
    for (const query of [{}, { ResourceType: 'LF_TAG_POLICY' }, { ResourceType: 'LF_TAG_POLICY_TABLE' }] as const)
      expect(await list(query)).toMatchObject([row]);
    expect(await list({ ResourceType: 'LF_TAG_POLICY_DATABASE' })).toEqual([]);
    expect(await list({ Resource: table })).toEqual([]);
  });

  it('is refused for tags that do not exist, permissions that do not fit, and other accounts', async () => {
    await expect(stage.grant(admin, READER, open(['internal']), ['SELECT'])).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
    await expect(stage.grant(admin, READER, open(), ['CREATE_TABLE'])).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    await expect(stage.grant(admin, stage.ANALYST, open(), ['SELECT'])).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });
});

describe('tags', () => {
  it('are shown with what a table inherits, or without', async () => {
    await admin.lake.send(new lake.CreateLFTagCommand({ TagKey: 'team', TagValues: ['sales'] }));
    await tag(database, 'public');
    await admin.lake.send(
      new lake.AddLFTagsToResourceCommand({ Resource: table, LFTags: [{ TagKey: 'team', TagValues: ['sales'] }] }),
    );
    const keys = async (ShowAssignedLFTags: boolean) => {
      const shown = await admin.lake.send(new lake.GetResourceLFTagsCommand({ Resource: table, ShowAssignedLFTags }));
      return shown.LFTagsOnTable?.map(({ TagKey }) => TagKey);
    };
    expect(await keys(false)).toEqual(['level', 'team']);
    expect(await keys(true)).toEqual(['team']);
  });

  it('are made, given and seen by administrators only, with values they have', async () => {
    const { lake: stranger } = await scene.assume(READER);
    const denied = expect.objectContaining({ name: 'AccessDeniedException' }) as unknown;
    await expect(stranger.send(new lake.CreateLFTagCommand({ TagKey: 'mine', TagValues: ['a'] }))).rejects.toEqual(
      denied,
    );
    await expect(
      stranger.send(
        new lake.AddLFTagsToResourceCommand({ Resource: table, LFTags: [{ TagKey: 'level', TagValues: ['public'] }] }),
      ),
    ).rejects.toEqual(denied);
    await expect(stranger.send(new lake.ListLFTagsCommand({}))).rejects.toEqual(denied);
    await expect(tag(table, 'internal')).rejects.toMatchObject({ name: 'InvalidInputException' });
  });
});
