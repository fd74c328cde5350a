// What will become of a request, as far as it is known before anybody decides: by the same rules by which the operator judges it, of the
// objects that the read model has. Advice for who asks; what is given is decided by the operator.

import { sql } from 'kysely';
import { approvesItself, isSimple } from '../../../../operator/access/automatic-approval.ts';
import { decideShare } from '../../../../operator/access/consent.ts';
import { checkRequest } from '../../../../operator/access/item-check.ts';
import type { SharePrincipal } from '../../../../operator/access/parties.ts';
import { standingDecisions } from '../../../../operator/features/confidentiality.ts';
import type { ConsumptionRole } from '../../../../operator/resources/consumption-role.ts';
import type { DatasetTable } from '../../../../operator/resources/dataset-table.ts';
import type { Dataset } from '../../../../operator/resources/dataset.ts';
import type { Environment } from '../../../../operator/resources/environment.ts';
import type { Organization } from '../../../../operator/resources/organization.ts';
import type { ShareRequest } from '../../../../operator/resources/share-request.ts';
import type { Team } from '../../../../operator/resources/team.ts';
import type { AccessProblem } from '../../../graphql/schema-types.ts';
import { itemId } from '../../../read-model/item-id.ts';
import type { GatewayContext } from '../../../server/context.ts';
import type { Parties } from '../asked-share.ts';
import type { ShareRow } from '../queries.ts';

export interface Prospect {
  readonly isAutomatic: boolean;
  readonly problems: AccessProblem[];
}

/** No problem of the request: somebody is to decide about it. */
const UNDECIDED: ReadonlySet<string> = new Set(['PendingApproval', 'Approved', 'Binding']);

/** @param now RFC 3339 */
export async function prospectOf(
  context: GatewayContext,
  parties: Parties,
  { request }: ShareRow,
  now: string,
): Promise<Prospect> {
  const { dataset: known, tables, producer, consumer, principal, ...organizations } = await around(context, request);
  const dataset = known ?? undefined;
  const decision = decideShare({
    request,
    approval: undefined,
    dataset,
    tables,
    producer: producer ?? undefined,
    consumer: consumer ?? undefined,
    producerOrganization: organizations.producer_organization ?? undefined,
    consumerOrganization: organizations.consumer_organization ?? undefined,
    principal: principalOf(request, principal),
    // What the installation allows the operator knows; where it does not allow it, it says so on the share.
    allowWrite: true,
    allowSelfApproval: true,
    pause: undefined,
    now: Date.parse(now),
  });
  const { items, permissions } = checkRequest(request, {
    dataset,
    tables,
    consumer: consumer ?? undefined,
    allowWrite: true,
  });
  return {
    isAutomatic:
      dataset !== undefined && approvesItself(dataset, standingDecisions(context.features)) && isSimple(request),
    problems: [
      ...(UNDECIDED.has(decision.state) ? [] : [{ reason: decision.state, message: decision.message }]),
      ...(permissions === undefined ? [] : [{ reason: 'PermissionNotAllowed', message: permissions }]),
      ...items.map(({ kind, name, reason, message }) => ({
        itemUri: itemId(parties.dataset.uri, kind, name),
        reason,
        message: `${name}: ${message}`,
      })),
    ],
  };
}

interface Around {
  readonly dataset: Dataset | null;
  readonly tables: readonly DatasetTable[];
  readonly producer: Environment | null;
  readonly consumer: Environment | null;
  readonly producer_organization: Organization | null;
  readonly consumer_organization: Organization | null;
  readonly principal: Team | ConsumptionRole | null;
}

/** The objects that a request speaks of, and of tables those that it names. */
async function around({ database }: GatewayContext, { metadata, spec }: ShareRequest): Promise<Around> {
  const { namespace, name } = spec.datasetRef;
  const names = spec.items.flatMap((item) => (item.kind === 'Table' ? [item.name] : []));
  const principals = sql.ref(spec.principal.kind === 'Team' ? 'team' : 'consumption_role');
  const { rows } = await sql<Around>`
    select
      (select object from dataset where namespace = ${namespace} and name = ${name}) as dataset,
      coalesce((select json_agg(object) from dataset_table where namespace = ${namespace} and dataset = ${name}
        and table_name = any(${names}::text[])), '[]'::json) as tables,
      producer.object as producer,
      consumer.object as consumer,
      (select object from organization where organization.name = producer.organization) as producer_organization,
      (select object from organization where organization.name = consumer.organization) as consumer_organization,
      (select object from ${principals} where namespace = ${metadata.namespace} and name = ${spec.principal.name}) as principal
    from (select 1) as one
    left join environment as producer on producer.name = ${namespace}
    left join environment as consumer on consumer.name = ${metadata.namespace}`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Error('a statement without conditions answered no row');
  return row;
}

function principalOf({ spec }: ShareRequest, object: Around['principal']): SharePrincipal | undefined {
  if (object === null) return undefined;
  return spec.principal.kind === 'Team'
    ? { kind: 'Team', team: object as Team }
    : { kind: 'ConsumptionRole', role: object as ConsumptionRole };
}
