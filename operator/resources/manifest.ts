// An object as somebody would keep it in Git: what people decide about it, and nothing that the cluster adds. Applied, it is the same object.

import { group } from './kind.ts';
import { labels as ourLabels } from './annotations.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: unknown;
}

/** As the API server gives it. */
interface Stored {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec: unknown;
}

/** Domains whose labels and annotations programs write: ours, kubectl, and the tools that apply from Git. */
const WRITTEN_BY_PROGRAMS = [
  group,
  'kubectl.kubernetes.io',
  'argocd.argoproj.io',
  'kustomize.toolkit.fluxcd.io',
  'helm.toolkit.fluxcd.io',
];

export function manifestOf({ apiVersion, kind, metadata, spec }: Stored): Manifest {
  const { name, namespace, labels, annotations } = metadata;
  const kept = { labels: ofPeople(labels), annotations: ofPeople(annotations) };
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(kept.labels && { labels: kept.labels }),
      ...(kept.annotations && { annotations: kept.annotations }),
    },
    spec: kind === 'ShareApproval' ? withoutUid(spec) : spec,
  };
}

function ofPeople(words: Readonly<Record<string, string>> = {}): Record<string, string> | undefined {
  const entries = Object.entries(words).filter(
    ([key]) =>
      key !== ourLabels.managedBy && !WRITTEN_BY_PROGRAMS.some((domain) => key.slice(0, key.indexOf('/')) === domain),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The uid of the request that was decided about is not another cluster's, and the decision binds to it by itself. */
function withoutUid(spec: unknown): unknown {
  const { requestRef, ...rest } = spec as { readonly requestRef: { readonly uid?: string } };
  const { uid: _, ...named } = requestRef;
  return { ...rest, requestRef: named };
}
