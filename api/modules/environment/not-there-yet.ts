// What data.all's clients may ask of an environment and this version does not have: said to them, unless they ask for it to be off.

import type { ModifyEnvironmentInput, NewEnvironmentInput } from '../../graphql/schema-types.ts';
import { failure } from '../../server/failure.ts';

type Asked = Pick<NewEnvironmentInput & ModifyEnvironmentInput, 'parameters' | 'vpcId' | 'subnetIds' | 'type'>;

/** @throws GraphQLError InvalidInput naming the first thing that would be dropped */
export function demandNothingMore(action: string, { parameters, vpcId, subnetIds, type }: Asked): void {
  const refuse = (name: string, value: string, mend: string): never => {
    const text = `${name} value ${JSON.stringify(value)} asks for what is not in this version: ${mend}`;
    throw failure({ class: 'InvalidInput', action, text });
  };
  for (const { key, value } of (parameters ?? []).flatMap((one) => one ?? []))
    if (value && value.toLowerCase() !== 'false')
      refuse(`parameters.${key ?? ''}`, value, 'leave it out, or say false');
  if (vpcId) refuse('vpcId', vpcId, 'leave it out; ML Studio comes later');
  const subnets = (subnetIds ?? []).flatMap((id) => id || []);
  if (subnets.length > 0) refuse('subnetIds', subnets.join(), 'leave them out; ML Studio comes later');
  if (type && type !== 'Data') refuse('type', type, 'leave it out, or say Data');
}
