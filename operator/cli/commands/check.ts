// `dataall check`: whether the installation is whole.

import { isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import { MANAGED_BY } from '../../resources/annotations.ts';
import { tenantKind } from '../../resources/tenant.ts';
import {
  definitionsFinding,
  leaderFinding,
  objectsFinding,
  tenantFinding,
  type CheckFinding,
} from '../check/findings.ts';
import { leaseKind } from '../../kernel/lease.ts';
import { definitionKind, SYSTEM_NAMESPACE } from '../cluster-kinds.ts';
import { json, type End, type Root, type Surroundings } from '../command.ts';
import { anyKind, kindNames } from '../object-reference.ts';
import { table } from '../table.ts';

export const checkCommand = (root: Root, { connect, write, now }: Surroundings, end: End): void => {
  root
    .command('check')
    .description(
      'Whether the installation is whole: definitions of this version, policies in force, an operator that leads, and objects with which nothing more happens. What you may not see is told as hidden.',
    )
    .option('--system-namespace <namespace>', "the operator's", SYSTEM_NAMESPACE)
    .action(async (options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      await using cluster = await connect(rest);
      const findings = await findingsOf(cluster.api, options.systemNamespace, now());
      write(output === 'json' ? json({ findings }) : findingsText(findings));
      if (findings.some(({ verdict }) => verdict === 'wrong')) end('stuck');
      else if (findings.every(({ verdict }) => verdict === 'hidden')) end('forbidden');
    });
};

async function findingsOf(api: KubeApi, namespace: string, now: Date): Promise<readonly CheckFinding[]> {
  return await Promise.all([
    seen('custom resources', async () => definitionsFinding((await api.list(definitionKind)).items)),
    seen('policies and settings', async () =>
      tenantFinding((await api.list(tenantKind)).items.find(({ metadata }) => metadata.name === 'default')),
    ),
    seen('operator', async () => {
      const lease = (await api.list(leaseKind, { namespace })).items.find(
        ({ metadata }) => metadata.name === MANAGED_BY,
      );
      const { holderIdentity, renewTime, leaseDurationSeconds = 15 } = lease?.spec ?? {};
      const age = renewTime === undefined ? undefined : now.getTime() - Date.parse(renewTime);
      return leaderFinding(holderIdentity, age, leaseDurationSeconds * 1_000);
    }),
    ...kindNames.map(
      async (kind) => await seen(kind, async () => objectsFinding(kind, (await api.list(anyKind(kind))).items)),
    ),
  ]);
}

async function seen(check: string, find: () => Promise<CheckFinding>): Promise<CheckFinding> {
  try {
    return await find();
  } catch (error) {
    if (isKubeError(error, 'Forbidden')) return { check, verdict: 'hidden', evidence: 'you may not list them' };
    if (isKubeError(error, 'NotFound')) return { check, verdict: 'wrong', evidence: 'the cluster does not know them' };
    throw error;
  }
}

function findingsText(findings: readonly CheckFinding[]): string {
  const rows = findings.map(({ check, verdict, evidence }) => [verdict, check, evidence]);
  const fixes = findings.flatMap(({ fix }) => (fix === undefined ? [] : [`  ${fix}`]));
  return `${[...table(rows), ...(fixes.length > 0 ? ['', ...fixes] : [])].join('\n')}\n`;
}
