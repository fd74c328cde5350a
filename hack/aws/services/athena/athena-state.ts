// What Athena remembers: workgroups and named queries; and apart from them, because it grows with use, the history of executions.
import type { ColumnInfo, NamedQuery, QueryExecution, WorkGroup } from '@aws-sdk/client-athena';
import type { World } from '../../core/world.ts';

export interface WorkGroupRecord {
  workGroup: WorkGroup;
  readonly tags: Map<string, string>;
}

export interface AthenaState {
  /** By name. `primary` always exists and is stored once it is changed. */
  readonly workGroups: Map<string, WorkGroupRecord>;
  readonly namedQueries: Map<string, NamedQuery>;
}

export interface ExecutionRecord {
  readonly execution: QueryExecution;
  /** Of a query that succeeded. Its rows are in the result file. */
  readonly columns: readonly ColumnInfo[];
  readonly clientRequestToken: string | undefined;
}

export interface AthenaHistory {
  /** By id, oldest first. */
  readonly executions: Map<string, ExecutionRecord>;
}

export const athenaState = (world: World, account: string, region: string): AthenaState =>
  world.state<AthenaState>('athena', account, region, () => ({ workGroups: new Map(), namedQueries: new Map() }));

/** A state of its own, so that snapshots can be compared without what people asked. */
export const athenaHistory = (world: World, account: string, region: string): AthenaHistory =>
  world.state<AthenaHistory>('athena-history', account, region, () => ({ executions: new Map() }));

export const workGroupArn = (account: string, region: string, name: string): string =>
  `arn:aws:athena:${region}:${account}:workgroup/${name}`;

/** Every account has it: https://docs.aws.amazon.com/athena/latest/ug/creating-workgroups.html */
export const primaryWorkGroup = (): WorkGroup => ({
  Name: 'primary',
  State: 'ENABLED',
  Configuration: { ResultConfiguration: {}, EnforceWorkGroupConfiguration: false, EngineVersion: engineVersion() },
});

export const engineVersion = () => ({
  SelectedEngineVersion: 'AUTO',
  EffectiveEngineVersion: 'Athena engine version 3',
});
