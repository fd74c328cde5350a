// Teams as rows: groups in environments. The environment is the one of the namespace's name.

import { teamKind, type Team } from '../../../operator/resources/team.ts';
import { commonColumns, type ObjectColumns } from '../object-columns.ts';
import { defineProjection } from '../projection.ts';

export interface TeamTable extends ObjectColumns<Team> {
  /** The group, as the identity provider spells it. */
  group_name: string;
  permissions: string[];
  role_arn: string | null;
  /** Athena workgroup. */
  workgroup: string | null;
  /** How many objects use it. */
  in_use: number;
}

export const teamProjection = defineProjection({
  kind: teamKind,
  table: 'team',
  row: (team) => {
    const { spec, status } = team;
    return {
      ...commonColumns(team),
      group_name: spec.group,
      permissions: spec.permissions,
      role_arn: status.roleArn ?? spec.roleArn ?? null,
      workgroup: status.workgroup ?? null,
      in_use: status.inUse ?? 0,
    };
  },
});
