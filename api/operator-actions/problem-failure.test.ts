// What the operator alone has switched off is told as what is off in the gateway.

import { expect, it } from 'vitest';
import { disabledMessage } from '../../operator/features/features.ts';
import { disabledByConfig } from '../server/failure.ts';
import { problemFailure } from './problem-failure.ts';

it('a problem of the operator about a feature that is off is the answer of an operation that is off', () => {
  const key = 'core.features.env_aws_actions';
  const attempt = { action: 'GET', permission: 'CREDENTIALS_ENVIRONMENT', what: 'Environment', uri: 'a' };
  const told = problemFailure('switched-off', disabledMessage(key), 'ann', attempt);
  expect(told.toJSON()).toEqual(disabledByConfig(key).toJSON());
  expect(told.extensions).toEqual({ code: 'DisabledByConfig', key });
});
