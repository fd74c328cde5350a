// A client of OpenSearch as the settings say, signed for AWS where it is Amazon's.

import { Client } from '@opensearch-project/opensearch';
import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3';
import { StartupError } from '../../../operator/kernel/process/start-up.ts';
import type { OpenSearchSettings } from './settings.ts';

/** Throws {@link StartupError} with the environment variable that is missing. */
export function openSearchClient(settings: OpenSearchSettings): Client {
  const { url, auth, timeoutMs } = settings;
  const common = { node: url, requestTimeout: timeoutMs, maxRetries: 1 };
  switch (auth.type) {
    case 'none':
      return new Client(common);
    case 'basic': {
      const password = process.env['OPENSEARCH_PASSWORD'];
      if (password === undefined)
        throw new StartupError(
          'search.opensearch.auth is basic: OPENSEARCH_PASSWORD is missing. Name the password in that environment variable',
        );
      return new Client({ ...common, auth: { username: auth.user, password } });
    }
    case 'aws':
      return new Client({ ...AwsSigv4Signer({ region: auth.region, service: auth.service }), ...common });
  }
}
